package org.jamessts.policy;

import java.util.Optional;

/** What is known of a domain's policy at a moment. */
public sealed interface PolicyLookup {

  /** What went wrong on the way, if anything did: to be reported even where mail goes on. */
  Optional<PolicyFailure> failure();

  /**
   * An authenticated policy that has not expired.
   *
   * @param policy the policy
   * @param failure why a newer one could not be had; the kept one holds on (RFC 8461 §3.3)
   */
  record Known(KnownPolicy policy, Optional<PolicyFailure> failure) implements PolicyLookup {}

  /**
   * No policy applies: the domain has none, or none can be had and none is kept.
   *
   * @param reason for a person to read
   * @param failure what went wrong, when the domain seems to have a policy
   */
  record None(String reason, Optional<PolicyFailure> failure) implements PolicyLookup {}
}
