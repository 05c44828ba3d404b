package org.jamessts.decide;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dane.DaneCertificates;
import org.jamessts.dane.DaneLookup;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyLookup;

/**
 * Makes of everything that is known of a domain and of one of its hosts the requirement to which
 * mail is held there. Immutable.
 */
public final class HostRequirements {

  private final DaneCertificates certificates;
  private final boolean daneAlone;
  private final Guards guards;

  /**
   * A maker of requirements.
   *
   * @param certificates judges certificates by TLSA records
   * @param daneAlone whether, at a host that has usable TLSA records, the domain's STS policy is
   *     left out. Otherwise both hold
   * @param guards which guards stand
   */
  public HostRequirements(DaneCertificates certificates, boolean daneAlone, Guards guards) {
    this.certificates = certificates;
    this.daneAlone = daneAlone;
    this.guards = guards;
  }

  /**
   * The requirement that follows (RFC 7672 §2.2, RFC 8461 §5): what DNSSEC proves, what the domain
   * publishes, and beside it what the operator asks for. All of it holds together, so that no
   * policy saves a host that fails by DANE (RFC 8461 §2). A policy in mode {@code none} is as good
   * as no policy.
   *
   * @param policy the answer of the policy service
   * @param host what DNSSEC proves of the host
   */
  public TlsRequirement of(DomainPolicy policy, DaneHost host) {
    return of(policy, host, Enforcement.ENFORCE);
  }

  /**
   * The same, as far as it is enforced. What the operator asks for, the demand for DANE included,
   * holds in any case: the switch is about what domains publish.
   *
   * @param enforcement what becomes of what the domain publishes
   */
  public TlsRequirement of(DomainPolicy policy, DaneHost host, Enforcement enforcement) {
    Set<FailureKind> exempt = policy.exempt();
    List<TlsRequirement> all = new ArrayList<>();
    dane(policy, host)
        .flatMap(asked -> asked.mandatory() ? Optional.of(asked) : lowered(asked, enforcement))
        .ifPresent(all::add);
    published(policy.published(), host, exempt)
        .flatMap(asked -> lowered(asked, enforcement))
        .ifPresent(all::add);
    for (DomainOverride override : policy.overrides()) {
      override
          .staticPolicy()
          .map(said -> KnownMtaStsPolicy.ofOperator(policy.domain(), said))
          .ifPresent(known -> all.add(new StsRequirement(known, exempt)));
      override
          .minimum()
          .filter(minimum -> minimum != Minimum.DANE)
          .ifPresent(minimum -> all.add(new MinimumRequirement(policy.domain(), minimum, exempt)));
    }
    if (all.isEmpty()) {
      return new Opportunistic();
    }
    return all.size() == 1 ? all.get(0) : new AllOf(all);
  }

  private static Optional<TlsRequirement> lowered(TlsRequirement asked, Enforcement enforcement) {
    return switch (enforcement) {
      case ENFORCE -> Optional.of(asked);
      // Nothing changes where nothing is held back anyway.
      case REPORT_ONLY -> Optional.of(asked.enforced() ? new ReportOnly(asked) : asked);
      case OFF -> Optional.empty();
    };
  }

  /** What follows from TLSA records, or from the demand for them. */
  public Optional<DaneRequirement> dane(DomainPolicy policy, DaneHost host) {
    boolean mandatory = policy.demandsDane();
    return !mandatory && host.lookup() instanceof DaneLookup.None
        ? Optional.empty()
        : Optional.of(
            new DaneRequirement(
                new TlsaCheck(host, certificates), mandatory, guarded(policy.exempt())));
  }

  /** What follows from the STS policy that the domain publishes, whatever the operator says. */
  public Optional<TlsRequirement> published(PolicyLookup published, DaneHost host) {
    return published(published, host, Set.of());
  }

  private Optional<TlsRequirement> published(
      PolicyLookup published, DaneHost host, Set<FailureKind> exempt) {
    // Only STS protects the names of hosts to which DNSSEC does not prove the way.
    if (daneAlone && host.proven() && host.lookup() instanceof DaneLookup.Usable) {
      return Optional.empty();
    }
    if (published instanceof PolicyLookup.Known known && !known.policy().isNone()) {
      return Optional.of(new StsRequirement(known.policy(), exempt));
    }
    return published instanceof PolicyLookup.Draft draft
        ? Optional.of(new DraftRequirement(draft, exempt, new TlsaCheck(host, certificates)))
        : Optional.empty();
  }

  private Set<FailureKind> guarded(Set<FailureKind> exempt) {
    Set<FailureKind> all = EnumSet.noneOf(FailureKind.class);
    all.addAll(exempt);
    if (!guards.stand(Guard.DANE_FAILURE_SKIPS_HOST)) {
      all.add(FailureKind.DNSSEC_INVALID);
    }
    if (!guards.stand(Guard.DANE_ALLOWS_NO_CLEAR_TEXT)) {
      all.add(FailureKind.STARTTLS_NOT_SUPPORTED);
      all.add(FailureKind.TLS_HANDSHAKE_FAILED);
    }
    if (!guards.stand(Guard.MANDATORY_DANE_NEEDS_RECORDS)) {
      all.add(FailureKind.DANE_REQUIRED);
    }
    return all;
  }
}
