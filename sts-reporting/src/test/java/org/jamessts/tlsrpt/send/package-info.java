/** Tests of when reports are sent. */
@NullMarked
package org.jamessts.tlsrpt.send;

import org.jspecify.annotations.NullMarked;
