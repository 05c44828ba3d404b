/** Tests of TLS against real servers on loopback. */
@NullMarked
package org.jamessts.tls;

import org.jspecify.annotations.NullMarked;
