package org.jamessts.dane;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guards;
import org.jamessts.x509.CertificateFacts;

/**
 * Judges what a server presented by TLSA records (RFC 7671 §5). A pure function of its arguments;
 * safe for use by many threads.
 */
public final class DaneCertificates {

  private final boolean commonNames;
  private final Guards guards;

  /**
   * A judge.
   *
   * @param commonNames whether, in a certificate without alternative names, the common name counts
   *     (RFC 7672 §3.2.3; RFC 9525 has given it up)
   * @param guards which guards stand
   */
  public DaneCertificates(boolean commonNames, Guards guards) {
    this.commonNames = commonNames;
    this.guards = guards;
  }

  /**
   * Everything that is wrong, for the record that comes nearest to matching; nothing where one
   * matches.
   *
   * @param records at least one usable record
   * @param facts what was presented
   * @param references the names of which the certificate has to have one, where a DANE-TA record
   *     matches (RFC 7672 §3.2.2); of no account to DANE-EE
   * @param now the moment of judgement
   */
  public List<CertificateFacts.Finding> faults(
      TlsaSet records, CertificateFacts facts, Set<DomainName> references, Instant now) {
    if (commonNames || guards.equals(Guards.ALL)) {
      throw new UnsupportedOperationException();
    }
    return List.of();
  }
}
