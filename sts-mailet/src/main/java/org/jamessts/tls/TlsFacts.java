package org.jamessts.tls;

import org.jamessts.dns.DomainName;
import org.jamessts.x509.CertificateFacts;

/**
 * What a completed handshake showed. Facts are kept with a connection and judged for every mail.
 *
 * @param protocol for example {@code TLSv1.3}
 * @param cipherSuite the JSSE name
 * @param serverName what was sent as SNI
 * @param certificate what the server presented
 */
public record TlsFacts(
    String protocol, String cipherSuite, DomainName serverName, CertificateFacts certificate) {}
