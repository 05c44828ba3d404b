package org.jamessts.policy;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jamessts.dns.DomainName;

/**
 * What a store keeps, and what would be kept beside it: forgotten with this object, while the store
 * stays as it is. Safe for use by many threads.
 */
final class UnkeptPolicies implements PolicyStore {

  private record Key(Slot slot, DomainName domain) {}

  private final PolicyStore store;

  /** What was put or removed here; nothing of a key that was removed. */
  private final Map<Key, Optional<KnownPolicy>> changes = new ConcurrentHashMap<>();

  UnkeptPolicies(PolicyStore store) {
    this.store = store;
  }

  @Override
  public Optional<KnownPolicy> get(Slot slot, DomainName domain) {
    Optional<KnownPolicy> changed = changes.get(new Key(slot, domain));
    return changed == null ? store.get(slot, domain) : changed;
  }

  @Override
  public boolean canTell() {
    return store.canTell();
  }

  @Override
  public boolean put(KnownPolicy policy) {
    changes.put(new Key(policy.slot(), policy.domain()), Optional.of(policy));
    return true;
  }

  @Override
  public void remove(KnownPolicy policy) {
    changes.put(new Key(policy.slot(), policy.domain()), Optional.empty());
  }

  @Override
  public Collection<KnownPolicy> known() {
    return store.known();
  }

  @Override
  public boolean isFull() {
    return store.isFull();
  }
}
