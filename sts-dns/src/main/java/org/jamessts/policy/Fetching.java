package org.jamessts.policy;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jamessts.dns.DomainName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches, unless the same was tried in vain a short while ago: RFC 8461 §3.3 asks for five
 * minutes, counted for each {@code id}. Safe for use by many threads.
 */
final class Fetching {

  private static final Logger LOG = LoggerFactory.getLogger(Fetching.class);
  private static final Duration BACK_OFF = Duration.ofMinutes(5);
  private static final int REMEMBERED = 10_000;

  private final FetchFailures failures;

  Fetching(Clock clock) {
    this.failures = new FetchFailures(clock, BACK_OFF, REMEMBERED);
  }

  /** What an attempt gives. */
  sealed interface Outcome<T> {}

  /** What was wanted. */
  record Success<T>(T value) implements Outcome<T> {}

  /** Why there is nothing. */
  record Failure<T>(PolicyFailure cause) implements Outcome<T> {}

  /**
   * Makes an attempt, or repeats the answer of one that failed.
   *
   * @param domain the policy domain
   * @param id which version of its policy is wanted
   */
  <T> Outcome<T> attempt(DomainName domain, String id, Supplier<Outcome<T>> attempt) {
    Optional<PolicyFailure> recent = failures.recent(domain, id);
    if (recent.isPresent()) {
      return new Failure<>(recent.get());
    }
    Outcome<T> outcome = attempt.get();
    if (outcome instanceof Failure<T> failure) {
      LOG.info("policy of {}, id {}: {}", domain, id, failure.cause().detail());
      failures.add(domain, id, failure.cause());
    } else {
      failures.forget(domain, id);
    }
    return outcome;
  }
}
