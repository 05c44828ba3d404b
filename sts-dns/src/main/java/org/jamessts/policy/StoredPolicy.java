package org.jamessts.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * A policy as a store keeps it.
 *
 * @param policy the policy
 * @param usedAt when mail last went to its domain, give or take an hour; unknown of a policy that
 *     the database has not yet
 * @param refreshAt when it is fetched again; unknown likewise, and empty where nobody mails the
 *     domain any more
 */
public record StoredPolicy(
    KnownPolicy policy, Optional<Instant> usedAt, Optional<Instant> refreshAt) {

  /** One that only memory has. */
  public static StoredPolicy inMemory(KnownPolicy policy) {
    return new StoredPolicy(policy, Optional.empty(), Optional.empty());
  }
}
