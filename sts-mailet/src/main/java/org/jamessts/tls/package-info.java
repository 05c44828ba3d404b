/**
 * TLS to MX hosts: the handshake, and what it showed ({@link org.jamessts.tls.TlsFacts}). Nothing
 * here decides anything; the package {@code decide} does.
 */
@NullMarked
package org.jamessts.tls;

import org.jspecify.annotations.NullMarked;
