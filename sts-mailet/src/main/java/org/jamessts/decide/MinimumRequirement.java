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
 * @param exempt what the operator lets pass
 */
public record MinimumRequirement(DomainName domain, Minimum minimum, Set<FailureKind> exempt)
    implements TlsRequirement {

  public MinimumRequirement {
    exempt = Set.copyOf(exempt);
  }

  @Override
  public Verdict admit(DomainName mxHost) {
    return new Verdict.Proceed(Optional.empty());
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    List<Finding> findings =
        switch (minimum) {
          case REQUIRE_TLS -> Checks.encryption(mxHost, channel);
          case VERIFIED -> Checks.certificate(mxHost, channel, now, Names.DNS_IDS);
        };
    return Checks.verdict(findings, this, exempt);
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
  public String describe() {
    return "operator's minimum (" + minimum.keyword() + ") " + domain;
  }
}
