package org.jamessts.policy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicy;

/**
 * A policy that was fetched from its authenticated place, and since when it is known. Only this
 * package builds one, after the fetch, and a store, from what it was given: to hold it is the
 * proof.
 *
 * @param domain the policy domain
 * @param id the {@code id} of the TXT record that led to the fetch (RFC 8461 §3.1)
 * @param policy text and value
 * @param fetchedAt the moment of the fetch, from which {@code max_age} counts; in microseconds, as
 *     databases keep it
 */
public record KnownPolicy(DomainName domain, String id, StsPolicy policy, Instant fetchedAt) {

  private static final int ORDINARY_OCTETS = 800;
  private static final int PATTERN_OCTETS = 100;

  public KnownPolicy {
    fetchedAt = fetchedAt.truncatedTo(ChronoUnit.MICROS);
  }

  /** From when on the policy no longer holds. */
  public Instant expiresAt() {
    return fetchedAt.plus(policy.maxAge());
  }

  /** Whether the policy holds at a moment; one with {@code max_age: 0} holds at none. */
  public boolean holdsAt(Instant now) {
    return now.isBefore(expiresAt());
  }

  /**
   * How much memory it takes, where an ordinary policy is 1: text and patterns come from a
   * stranger, and may be long.
   */
  public int weight() {
    return 1 + (policy.text().length() + PATTERN_OCTETS * policy.mx().size()) / ORDINARY_OCTETS;
  }
}
