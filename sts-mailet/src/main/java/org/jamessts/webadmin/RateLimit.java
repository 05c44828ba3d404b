package org.jamessts.webadmin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Lets so many pass at once, and then one after each interval (a token bucket). Safe for use by
 * many threads.
 */
final class RateLimit {

  private final int burst;
  private final Duration interval;
  private final Clock clock;

  /** When the bucket is full again; each who passes makes that later. */
  private Instant full = Instant.MIN;

  RateLimit(int burst, Duration interval, Clock clock) {
    this.burst = burst;
    this.interval = interval;
    this.clock = clock;
  }

  /**
   * Asks to pass.
   *
   * @return for how long to wait first; zero for who passes
   */
  synchronized Duration pass() {
    Instant now = clock.instant();
    Instant last = now.plus(interval.multipliedBy(burst));
    if (full.isAfter(last)) {
      // The clock was set back.
      full = last;
    }
    Instant from = full.isAfter(now) ? full : now;
    Instant then = from.plus(interval);
    Duration wait = Duration.between(last, then);
    if (wait.isNegative() || wait.isZero()) {
      full = then;
      return Duration.ZERO;
    }
    return wait;
  }
}
