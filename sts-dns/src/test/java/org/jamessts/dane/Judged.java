package org.jamessts.dane;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guards;
import org.jamessts.testing.PrivateCa;
import org.jamessts.x509.CertificateFacts;
import org.jamessts.x509.CertificateFacts.Finding;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/**
 * One judgement: what was presented, by which records. The operator trusts a root that has signed
 * nothing of it, so that nothing is right but by the records.
 */
final class Judged {

  private static final PrivateCa OPERATORS = PrivateCa.create("root");

  private final CertificateFacts facts;
  private final Instant now;
  private boolean commonNames;
  private Guards guards = Guards.ALL;
  private Set<DomainName> references = Set.of(Tlsa.BASE);

  private Judged(CertificateFacts facts, Instant now) {
    this.facts = facts;
    this.now = now;
  }

  static Judged at(Instant now, List<X509Certificate> chain) {
    return new Judged(
        new PathBuilder(
                TrustAnchors.of(List.of(OPERATORS.root())), Clock.fixed(now, ZoneOffset.UTC))
            .facts(chain),
        now);
  }

  Judged withCommonNames() {
    commonNames = true;
    return this;
  }

  Judged with(Guards chosen) {
    guards = chosen;
    return this;
  }

  Judged as(String... names) {
    references = Arrays.stream(names).map(DomainName::new).collect(Collectors.toSet());
    return this;
  }

  /** What is wrong, by what of these records can be used. */
  List<Finding> by(TlsaRecord... records) {
    return new DaneCertificates(commonNames, guards)
        .faults(Tlsa.usable(records), facts, references, now);
  }
}
