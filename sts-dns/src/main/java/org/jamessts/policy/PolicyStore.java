package org.jamessts.policy;

import java.time.Instant;
import java.util.List;
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
   *
   * @return false when the store fails, so that it may be there again
   */
  boolean remove(KnownPolicy policy);

  /**
   * Gives up all policies that were fetched up to a moment, because an operator wants it.
   *
   * @return how many; nothing when the store fails, so that some may still be there
   */
  Optional<Long> removeAll(Instant fetchedUntil);

  /** What is kept, for somebody to look at; some may have expired, and are kept for a day. */
  PolicyPage find(PolicyQuery query);

  /** What is kept of a domain, likewise. */
  List<StoredPolicy> of(DomainName domain);

  /**
   * What was kept of a domain before, the latest first: the last few.
   *
   * @return nothing while the store fails
   */
  Optional<List<PastPolicy>> history(DomainName domain);

  /** Whether a policy of a new domain would be refused now: what is kept leaves no room. */
  boolean isFull();

  /**
   * What does not work, in words for the operator, while policies may be forgotten because of it.
   */
  default Optional<String> trouble() {
    return Optional.empty();
  }
}
