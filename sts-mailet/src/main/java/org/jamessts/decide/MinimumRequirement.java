package org.jamessts.decide;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;
import org.jamessts.x509.CertificateFacts.Names;

/**
 * What the operator demands of the way to a domain, whatever it publishes: TLS, or TLS with a
 * certificate that is valid for the MX host.
 *
 * @param domain the policy domain
 * @param minimum what is demanded
 * @param until when the demand ends, if it does
 * @param exempt what the operator lets pass
 */
public record MinimumRequirement(
    DomainName domain, Minimum minimum, Optional<Instant> until, Set<FailureKind> exempt)
    implements TlsRequirement, Grounds {

  /** Refuses DANE, which depends on what is known of a host: see {@link DaneRequirement}. */
  public MinimumRequirement {
    exempt = Set.copyOf(exempt);
    if (minimum == Minimum.DANE) {
      throw new IllegalArgumentException("DANE is demanded of a host, not of a domain");
    }
  }

  /** What is demanded until the operator changes his mind. */
  public MinimumRequirement(DomainName domain, Minimum minimum, Set<FailureKind> exempt) {
    this(domain, minimum, Optional.empty(), exempt);
  }

  @Override
  public Verdict admit(DomainName mxHost) {
    return new Verdict.Proceed(Optional.empty());
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    List<Flaw> flaws =
        verifies()
            ? Checks.certificate(mxHost, channel, now, Names.DNS_IDS)
            : Checks.encryption(mxHost, channel);
    return Checks.verdict(flaws, this, exempt);
  }

  @Override
  public boolean enforced() {
    return true;
  }

  @Override
  public boolean verifies() {
    return minimum == Minimum.VERIFIED;
  }

  @Override
  public boolean isOperators(FailureKind kind) {
    return true;
  }

  @Override
  public String rule(FailureKind kind) {
    return describe();
  }

  @Override
  public Freshness freshness() {
    return Freshness.ofOperator(until);
  }

  @Override
  public String describe() {
    return "operator's minimum (" + minimum.keyword() + ") " + domain;
  }
}
