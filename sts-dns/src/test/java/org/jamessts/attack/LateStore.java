package org.jamessts.attack;

import java.util.Collection;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.Slot;

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
  public void remove(KnownPolicy policy) {
    store.remove(policy);
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
