package org.jamessts.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a domain is known to promise at a moment. */
public sealed interface PolicyLookup {

  /** What went wrong on the way, if anything did: to be reported even where mail goes on. */
  Optional<PolicyFailure> failure();

  /** The policies to which mail is held, the one in force first; empty where there is none. */
  List<KnownPolicy> policies();

  /**
   * An MTA-STS policy that has not expired.
   *
   * @param policy the policy
   * @param failure why a newer one could not be had; the kept one holds on (RFC 8461 §3.3)
   */
  record Known(KnownMtaStsPolicy policy, Optional<PolicyFailure> failure) implements PolicyLookup {
    @Override
    public List<KnownPolicy> policies() {
      return List.of(policy);
    }
  }

  /**
   * A policy by the draft of 2016, of a domain that has no MTA-STS policy.
   *
   * @param policy the one in force; it may be one that holds no mail back
   * @param successor one that is authenticated and takes its place with its first success
   * @param reportOnly whether the operator wants nothing held back for it
   * @param failure why a newer one could not be had, or why it is not trusted
   */
  record Draft(
      KnownDraftPolicy policy,
      Optional<KnownDraftPolicy> successor,
      boolean reportOnly,
      Optional<PolicyFailure> failure)
      implements PolicyLookup {

    /** Whether mail is held back for it. */
    public boolean isEnforced() {
      return !reportOnly
          && policy.standing() == KnownDraftPolicy.Standing.CONFIRMED
          && policy.strength() == Strength.ENFORCED;
    }

    @Override
    public List<KnownPolicy> policies() {
      return Stream.concat(Stream.of(policy), successor.stream())
          .<KnownPolicy>map(known -> known)
          .toList();
    }
  }

  /**
   * No policy applies: the domain has none, or none can be had and none is kept.
   *
   * @param reason for a person to read
   * @param failure what went wrong, when the domain seems to have a policy
   */
  record None(String reason, Optional<PolicyFailure> failure) implements PolicyLookup {
    @Override
    public List<KnownPolicy> policies() {
      return List.of();
    }
  }

  /**
   * Nobody can tell now, and the operator wants mail to wait rather than leave unprotected.
   *
   * @param cause what stood in the way
   */
  record Unclear(PolicyFailure cause) implements PolicyLookup {
    @Override
    public Optional<PolicyFailure> failure() {
      return Optional.of(cause);
    }

    @Override
    public List<KnownPolicy> policies() {
      return List.of();
    }
  }
}
