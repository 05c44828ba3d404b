/** Where reports are wanted. */
@NullMarked
package org.jamessts.tlsrpt.discover;

import org.jspecify.annotations.NullMarked;
