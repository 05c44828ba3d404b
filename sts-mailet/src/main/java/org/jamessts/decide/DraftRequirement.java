package org.jamessts.decide;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.override.FailureKind;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.sts2016.Constraint;
import org.jamessts.x509.CertificateFacts.Names;

/**
 * What a policy of the draft of 2016 asks for: an MX host that it names, and TLS with a certificate
 * that satisfies its constraint (-00 §3.4). Only a confirmed policy with {@code to=true} holds mail
 * back. Where an authenticated successor waits for its first success, a host that meets the
 * successor's demands may have the mail too: that is how the domain changes its mind.
 *
 * @param lookup the policy in force, and its successor
 * @param exempt what the operator lets pass
 * @param tlsa the host's TLSA records, for a policy that asks for them
 */
public record DraftRequirement(PolicyLookup.Draft lookup, Set<FailureKind> exempt, TlsaCheck tlsa)
    implements TlsRequirement, Grounds {

  public DraftRequirement {
    exempt = Set.copyOf(exempt);
  }

  @Override
  public Verdict admit(DomainName mxHost) {
    boolean succeeds = lookup.successor().filter(next -> name(next, mxHost).isEmpty()).isPresent();
    return Checks.verdict(succeeds ? List.of() : name(lookup.policy(), mxHost), this, exempt);
  }

  @Override
  public Verdict judge(DomainName mxHost, Channel channel, Instant now) {
    Optional<KnownDraftPolicy> proven =
        candidate().filter(next -> findings(next, mxHost, channel, now).isEmpty());
    return proven.isPresent()
        ? new Verdict.Proceed(Optional.empty(), proven)
        : Checks.verdict(findings(lookup.policy(), mxHost, channel, now), this, exempt);
  }

  private Optional<KnownDraftPolicy> candidate() {
    return lookup
        .successor()
        .or(
            () ->
                Optional.of(lookup.policy())
                    .filter(first -> first.standing() == Standing.CANDIDATE));
  }

  private List<Flaw> findings(
      KnownDraftPolicy policy, DomainName mxHost, Channel channel, Instant now) {
    return Checks.both(name(policy, mxHost), constraint(policy, mxHost, channel, now));
  }

  private static List<Flaw> name(KnownDraftPolicy policy, DomainName mxHost) {
    return Checks.name(mxHost, policy.record().covers(mxHost), policy.mx());
  }

  private List<Flaw> constraint(
      KnownDraftPolicy policy, DomainName mxHost, Channel channel, Instant now) {
    Optional<Constraint> constraint = policy.record().constraint();
    if (constraint.isEmpty()) {
      return Checks.encryption(mxHost, channel);
    }
    return switch (constraint.get()) {
      case WEBPKI -> Checks.certificate(mxHost, channel, now, Names.DNS_IDS_OR_COMMON_NAME);
      case TLSA -> tlsa(mxHost, channel, now);
    };
  }

  private List<Flaw> tlsa(DomainName mxHost, Channel channel, Instant now) {
    if (tlsa.host().lookup() instanceof DaneLookup.Usable usable) {
      return tlsa.certificate(usable.records(), channel, now);
    }
    // To be unable is to fail (-00 §3.4).
    Flaw flaw =
        tlsa.host().validated()
            ? new Flaw(
                FailureKind.TLSA_INVALID,
                mxHost + ": the policy wants TLSA, and no usable records are proven")
            : new Flaw(
                FailureKind.VALIDATION_METHOD_NOT_SUPPORTED,
                mxHost + ": the policy wants TLSA, which this server does not validate");
    return Checks.both(Checks.encryption(mxHost, channel), List.of(flaw));
  }

  @Override
  public boolean enforced() {
    return lookup.isEnforced();
  }

  @Override
  public boolean verifies() {
    return lookup.policy().record().constraint().isPresent();
  }

  @Override
  public String rule(FailureKind kind) {
    return "draft-margolis-smtp-sts-00 section 3.4";
  }

  @Override
  public Freshness freshness() {
    return Freshness.of(lookup.policy());
  }

  @Override
  public String describe() {
    return lookup.policy().describe();
  }
}
