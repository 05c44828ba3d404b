/** Reports on their way to real places. */
@NullMarked
package org.jamessts.tlsrpt.send;

import org.jspecify.annotations.NullMarked;
