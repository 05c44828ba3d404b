package org.jamessts.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store as both kinds of policies use it: what holds now, and what takes its place. */
final class KeptPolicies {

  private static final Logger LOG = LoggerFactory.getLogger(KeptPolicies.class);

  private final PolicyStore store;
  private final Downgrades downgrades;
  private final PolicyChanges changes;
  private final Clock clock;
  private final Guards guards;

  KeptPolicies(
      PolicyStore store, Downgrades downgrades, PolicyChanges changes, Clock clock, Guards guards) {
    this.store = store;
    this.downgrades = downgrades;
    this.changes = changes;
    this.clock = clock;
    this.guards = guards;
  }

  Instant now() {
    return clock.instant();
  }

  /** What is kept, if it holds now. */
  Optional<KnownPolicy> holding(Slot slot, DomainName domain) {
    return stored(slot, domain).filter(this::holds);
  }

  /** Whether a kept policy holds now. */
  boolean holds(KnownPolicy kept) {
    return kept.holdsAt(now()) || !guards.stand(Guard.EXPIRY_ENDS);
  }

  /** What is kept, whether or not it holds. */
  Optional<KnownPolicy> stored(Slot slot, DomainName domain) {
    return store.get(slot, domain);
  }

  /** Whether what is not found is not there; see {@link PolicyStore#canTell}. */
  boolean canTell() {
    return store.canTell();
  }

  /**
   * Keeps a policy in place of the one before.
   *
   * @return whether there was room for it
   */
  boolean adopt(KnownPolicy policy) {
    Optional<KnownPolicy> before = holding(policy.slot(), policy.domain());
    boolean kept = store.put(policy);
    if (!kept) {
      // The answer does not depend on it: the next lookup finds it again.
      LOG.warn("policy of {} is not kept: there is no room for another domain", policy.domain());
    }
    before
        // A later one stays where it is.
        .filter(old -> !policy.fetchedAt().isBefore(old.fetchedAt()))
        .ifPresent(old -> replaced(old, policy));
    return kept;
  }

  private void replaced(KnownPolicy old, KnownPolicy policy) {
    downgrades.replaced(old, policy);
    if (!old.text().equals(policy.text())) {
      changes.changed(policy.domain());
    }
  }

  void giveUp(KnownPolicy policy) {
    store.remove(policy);
  }

  /** The domain no longer announces what is kept. */
  void vanished(KnownPolicy kept, String reason) {
    downgrades.vanished(kept, reason);
  }
}
