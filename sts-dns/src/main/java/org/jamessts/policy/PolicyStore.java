package org.jamessts.policy;

import java.util.Collection;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * Keeps policies between lookups. It is a cache with one promise: a policy that has not expired is
 * replaced by a newer one of its domain and kind, and by nothing else. To evict it for the sake of
 * another domain would let a flood of domains switch a protection off (RFC 8461 §10.2).
 *
 * <p>Implementations are safe for use by many threads and throw nothing: one that fails has nothing
 * and keeps nothing, and says so in its log.
 */
public interface PolicyStore {

  /** What is kept for a domain, as far as it is known; it may have expired. */
  Optional<KnownPolicy> get(Slot slot, DomainName domain);

  /**
   * Whether what {@link #get} does not find is not there. While the store fails, it may be there
   * all the same: nothing final may follow from its absence.
   */
  boolean canTell();

  /**
   * Keeps a policy in place of an older one of its domain and slot.
   *
   * @param policy the policy; one that was fetched earlier than the kept one changes nothing
   * @return false when the domain is new and there is no room, since none of the kept ones has
   *     expired
   */
  boolean put(KnownPolicy policy);

  /**
   * Gives up a policy, because another took its place or an operator wants it; a newer one stays.
   */
  void remove(KnownPolicy policy);

  /**
   * What is kept, in no order, as it is now; some may have expired. A store that keeps very many
   * returns only some of them, and says how many.
   */
  Collection<KnownPolicy> known();

  /** Whether a policy of a new domain would be refused now: what is kept leaves no room. */
  boolean isFull();

  /**
   * What does not work, in words for the operator, while policies may be forgotten because of it.
   */
  default Optional<String> trouble() {
    return Optional.empty();
  }
}
