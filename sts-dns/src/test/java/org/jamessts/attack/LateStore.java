package org.jamessts.attack;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PastPolicy;
import org.jamessts.policy.PolicyPage;
import org.jamessts.policy.PolicyQuery;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.Slot;
import org.jamessts.policy.StoredPolicy;

/** The same store as another server reaches it, whose writes arrive late. */
final class LateStore implements PolicyStore {

  private final PolicyStore store;
  private volatile Optional<KnownPolicy> onTheWay = Optional.empty();

  LateStore(PolicyStore store) {
    this.store = store;
  }

  @Override
  public Optional<KnownPolicy> get(Slot slot, DomainName domain) {
    return store.get(slot, domain);
  }

  @Override
  public boolean canTell() {
    return store.canTell();
  }

  @Override
  public boolean put(KnownPolicy policy) {
    onTheWay = Optional.of(policy);
    return true;
  }

  /** What was written arrives. */
  void arrive() {
    onTheWay.ifPresent(store::put);
    onTheWay = Optional.empty();
  }

  @Override
  public boolean remove(KnownPolicy policy) {
    return store.remove(policy);
  }

  @Override
  public Optional<Long> removeAll(Instant fetchedUntil) {
    return store.removeAll(fetchedUntil);
  }

  @Override
  public PolicyPage find(PolicyQuery query) {
    return store.find(query);
  }

  @Override
  public List<StoredPolicy> of(DomainName domain) {
    return store.of(domain);
  }

  @Override
  public Optional<List<PastPolicy>> history(DomainName domain) {
    return store.history(domain);
  }

  @Override
  public boolean isFull() {
    return store.isFull();
  }
}
