package org.jamessts.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * What a store has, for who only wants to know: whatever is put or removed changes nothing. A
 * policy service on it looks policies up and keeps none.
 *
 * @param store what is kept
 */
public record UnwrittenPolicies(PolicyStore store) implements PolicyStore {

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
    return true;
  }

  @Override
  public boolean remove(KnownPolicy policy) {
    return true;
  }

  @Override
  public Optional<Long> removeAll(Instant fetchedUntil) {
    return Optional.of(0L);
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
