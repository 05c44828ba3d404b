package org.jamessts.store;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.policy.KnownPolicy;

/**
 * Policies that could not be written, in memory, as many as there is room for. What has not expired
 * is never given up for another domain: new ones are refused. Safe for use by many threads.
 */
final class UnsavedPolicies {

  private final int room;
  private final Clock clock;
  private final Guards guards;
  private final Map<PolicyKey, KnownPolicy> policies = new ConcurrentHashMap<>();

  /** The same policies, the first to expire first: to make room must not cost a walk over all. */
  private final NavigableSet<KnownPolicy> byExpiry =
      new TreeSet<>(
          Comparator.comparing(KnownPolicy::expiresAt)
              .thenComparing(KnownPolicy::domain)
              .thenComparing(KnownPolicy::slot));

  private int taken;

  /**
   * Nothing yet.
   *
   * @param room ordinary policies kept at most; {@link KnownPolicy#weight} tells how large ones
   *     count
   * @param clock tells which have expired
   */
  UnsavedPolicies(int room, Clock clock, Guards guards) {
    this.room = room;
    this.clock = clock;
    this.guards = guards;
  }

  Optional<KnownPolicy> get(PolicyKey key) {
    return Optional.ofNullable(policies.get(key));
  }

  /**
   * Keeps a policy in place of an older one.
   *
   * @param known whether anything was kept of the domain before, here or elsewhere: then a flood of
   *     new domains must not be in the way, and there is as much room again
   * @return false when there is no room
   */
  synchronized boolean put(KnownPolicy policy, boolean known) {
    PolicyKey key = PolicyKey.of(policy);
    Optional<KnownPolicy> kept = get(key);
    if (kept.isPresent()
        && policy.fetchedAt().isBefore(kept.get().fetchedAt())
        && guards.stand(Guard.NEWEST_FETCH_WINS)) {
      return true;
    }
    int more = policy.weight() - kept.map(KnownPolicy::weight).orElse(0);
    int limit = known ? 2 * room : room;
    // A known domain may always replace its policy, but not use that to take all the memory.
    if (more > 0 && isTooMuch(more, limit) && !makeRoom(more, limit)) {
      return false;
    }
    kept.ifPresent(this::remove);
    byExpiry.add(policy);
    policies.put(key, policy);
    taken += policy.weight();
    return true;
  }

  /** Gives up a policy, for example because it is kept elsewhere; a newer one stays. */
  synchronized void remove(KnownPolicy policy) {
    if (policies.remove(PolicyKey.of(policy), policy)) {
      byExpiry.remove(policy);
      taken -= policy.weight();
    }
  }

  /** Gives up all that were fetched up to a moment. */
  synchronized void removeAll(Instant fetchedUntil) {
    all().stream()
        .filter(policy -> !policy.fetchedAt().isAfter(fetchedUntil))
        .forEach(this::remove);
  }

  synchronized boolean isFull() {
    return isTooMuch(1, room) && !makeRoom(1, room);
  }

  private boolean isTooMuch(int more, int limit) {
    return taken + more > limit;
  }

  private boolean makeRoom(int wanted, int limit) {
    Instant now = clock.instant();
    while (!byExpiry.isEmpty()
        && (!byExpiry.first().holdsAt(now)
            || (isTooMuch(wanted, limit) && !guards.stand(Guard.NEVER_EVICT)))) {
      remove(byExpiry.first());
    }
    return !isTooMuch(wanted, limit);
  }

  Collection<KnownPolicy> all() {
    return List.copyOf(policies.values());
  }
}
