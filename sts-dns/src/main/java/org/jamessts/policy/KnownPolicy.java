package org.jamessts.policy;

import java.time.Instant;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicy;

/**
 * A policy that was fetched from its authenticated place, and since when it is known. Only this
 * package builds one, after the fetch: to hold it is the proof.
 *
 * @param domain the policy domain
 * @param id the {@code id} of the TXT record that led to the fetch (RFC 8461 §3.1)
 * @param policy text and value
 * @param fetchedAt the moment of the fetch, from which {@code max_age} counts
 */
public record KnownPolicy(DomainName domain, String id, StsPolicy policy, Instant fetchedAt) {

  /** From when on the policy no longer holds. */
  public Instant expiresAt() {
    return fetchedAt.plus(policy.maxAge());
  }

  /** Whether the policy holds at a moment; one with {@code max_age: 0} holds at none. */
  public boolean holdsAt(Instant now) {
    return now.isBefore(expiresAt());
  }
}
