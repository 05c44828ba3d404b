package org.jamessts.decide;

import java.time.Instant;
import java.util.List;
import org.jamessts.dane.DaneCertificates;
import org.jamessts.dane.TlsaSet;

/**
 * Holds what a host presents against its TLSA records.
 *
 * @param host what is known of it
 * @param certificates judges certificates by records
 */
public record TlsaCheck(DaneHost host, DaneCertificates certificates) {

  /** There is TLS, with a certificate that matches a record (RFC 7672 §2.2). */
  List<Flaw> certificate(TlsaSet records, Channel channel, Instant now) {
    if (!(channel instanceof Channel.Encrypted encrypted)) {
      return Checks.encryption(host.mxHost(), channel);
    }
    return Checks.findings(
        host.mxHost(),
        certificates.faults(records, encrypted.facts().certificate(), host.references(), now));
  }
}
