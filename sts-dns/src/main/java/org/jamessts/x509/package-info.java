/**
 * Certificates, judged by the strict rules of the mail standards. A handshake accepts whatever a
 * server presents; {@link org.jamessts.x509.CertificateFacts} then says what was presented and
 * whether a path leads to a trusted root, and {@link org.jamessts.x509.DnsId} compares names. Whom
 * to trust is up to the operator, or, for DANE, to the owner of the host, who names an {@link
 * org.jamessts.x509.Authority}. Both the policy hosts (RFC 8461 §3.3) and the MX hosts (§4.2) are
 * judged through this package, since the JDK's own check accepts names that the RFC forbids.
 */
@NullMarked
package org.jamessts.x509;

import org.jspecify.annotations.NullMarked;
