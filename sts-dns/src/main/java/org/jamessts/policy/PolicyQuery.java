package org.jamessts.policy;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;

/**
 * Which of the kept policies somebody wants to see.
 *
 * @param slots of these kinds; none stands for all
 * @param strength of this one only
 * @param expiringBefore only those that expire before this moment, or have expired
 * @param usedSince only those of domains to which mail went since; noted within an hour
 * @param after only those of domains that come after this one
 * @param domains of how many domains at most
 */
public record PolicyQuery(
    Set<Slot> slots,
    Optional<Strength> strength,
    Optional<Instant> expiringBefore,
    Optional<Instant> usedSince,
    Optional<DomainName> after,
    int domains) {

  /** Refuses a page without room. */
  public PolicyQuery {
    slots = Set.copyOf(slots.isEmpty() ? EnumSet.allOf(Slot.class) : slots);
    if (domains < 1) {
      throw new IllegalArgumentException("a page has room for at least one domain");
    }
  }

  /** The first of all. */
  public static PolicyQuery first(int domains) {
    return new PolicyQuery(
        Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), domains);
  }

  /** The same behind a domain. */
  public PolicyQuery after(DomainName domain) {
    return new PolicyQuery(
        slots, strength, expiringBefore, usedSince, Optional.of(domain), domains);
  }

  /** Whether a policy is one of them, wherever the page begins and ends. */
  public boolean wants(StoredPolicy stored) {
    KnownPolicy policy = stored.policy();
    return slots.contains(policy.slot())
        && strength.map(policy.strength()::equals).orElse(true)
        && expiringBefore.map(policy.expiresAt()::isBefore).orElse(true)
        // Of what the database has not, nobody knows when it was used.
        && usedSince
            .flatMap(since -> stored.usedAt().map(used -> !used.isBefore(since)))
            .orElse(true);
  }
}
