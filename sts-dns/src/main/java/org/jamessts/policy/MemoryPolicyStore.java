package org.jamessts.policy;

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
import org.jamessts.dns.DomainName;

/** Keeps policies in memory, as many as it is given room for. A restart forgets them. */
public final class MemoryPolicyStore implements PolicyStore {

  private final int room;
  private final Clock clock;
  private final Map<DomainName, KnownPolicy> policies = new ConcurrentHashMap<>();

  /** The same policies, the first to expire first: to make room must not cost a walk over all. */
  private final NavigableSet<KnownPolicy> byExpiry =
      new TreeSet<>(
          Comparator.comparing(KnownPolicy::expiresAt).thenComparing(KnownPolicy::domain));

  private int taken;

  /**
   * An empty store.
   *
   * @param room ordinary policies kept at most; {@link KnownPolicy#weight} tells how large ones
   *     count
   * @param clock tells which have expired
   */
  public MemoryPolicyStore(int room, Clock clock) {
    this.room = room;
    this.clock = clock;
  }

  @Override
  public Optional<KnownPolicy> get(DomainName domain) {
    return Optional.ofNullable(policies.get(domain));
  }

  @Override
  public synchronized boolean put(KnownPolicy policy) {
    Optional<KnownPolicy> kept = get(policy.domain());
    if (kept.isPresent() && policy.fetchedAt().isBefore(kept.get().fetchedAt())) {
      return true;
    }
    int more = policy.weight() - kept.map(KnownPolicy::weight).orElse(0);
    // A known domain may always replace its policy, but not use that to take all the memory.
    if (more > 0 && isTooMuch(more) && !makeRoom(more)) {
      return false;
    }
    kept.ifPresent(this::remove);
    byExpiry.add(policy);
    policies.put(policy.domain(), policy);
    taken += policy.weight();
    return true;
  }

  /** Gives up a policy, for example because it is kept elsewhere; a newer one stays. */
  public synchronized void remove(KnownPolicy policy) {
    if (policies.remove(policy.domain(), policy)) {
      byExpiry.remove(policy);
      taken -= policy.weight();
    }
  }

  @Override
  public synchronized boolean isFull() {
    return isTooMuch(1) && !makeRoom(1);
  }

  private boolean isTooMuch(int more) {
    return taken + more > room;
  }

  private boolean makeRoom(int wanted) {
    Instant now = clock.instant();
    while (!byExpiry.isEmpty() && !byExpiry.first().holdsAt(now)) {
      remove(byExpiry.first());
    }
    return !isTooMuch(wanted);
  }

  @Override
  public Collection<KnownPolicy> known() {
    return List.copyOf(policies.values());
  }
}
