package org.jamessts.policy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * Remembers which fetches failed lately, so that they are not repeated at once: RFC 8461 §3.3 asks
 * for five minutes, counted for each {@code id}. Bounded: when it is full, the oldest failure is
 * forgotten, which costs one fetch too many and nothing else. Safe for use by many threads.
 */
final class FetchFailures {

  private record Attempt(DomainName domain, String id) {}

  private record Failure(PolicyFailure failure, Instant until) {}

  private final Clock clock;
  private final Duration backOff;
  private final Map<Attempt, Failure> failures;

  FetchFailures(Clock clock, Duration backOff, int maxEntries) {
    this.clock = clock;
    this.backOff = backOff;
    this.failures = new BoundedMap<>(maxEntries);
  }

  /** The failure that still forbids to fetch. */
  synchronized Optional<PolicyFailure> recent(DomainName domain, String id) {
    return Optional.ofNullable(failures.get(new Attempt(domain, id)))
        .filter(failure -> clock.instant().isBefore(failure.until()))
        .map(Failure::failure);
  }

  /** A fetch has just failed. */
  synchronized void add(DomainName domain, String id, PolicyFailure failure) {
    Attempt attempt = new Attempt(domain, id);
    // Removed first, since to replace a value would leave it at its old place in the order.
    failures.remove(attempt);
    failures.put(attempt, new Failure(failure, clock.instant().plus(backOff)));
  }

  /** A fetch has just succeeded. */
  synchronized void forget(DomainName domain, String id) {
    failures.remove(new Attempt(domain, id));
  }
}
