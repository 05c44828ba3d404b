/** Reports of others, good and bad. */
@NullMarked
package org.jamessts.tlsrpt.receive;

import org.jspecify.annotations.NullMarked;
