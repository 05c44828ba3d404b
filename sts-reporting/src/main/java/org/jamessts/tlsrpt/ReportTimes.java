package org.jamessts.tlsrpt;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.random.RandomGenerator;

/**
 * When the reports of a UTC day go out: not all at midnight (RFC 8460 §4.1).
 *
 * @param settling after midnight, for the last sessions to reach the store
 * @param spread over which the reports are spread then
 */
public record ReportTimes(Duration settling, Duration spread) {

  /** When a report is tried first. */
  public Instant firstTry(LocalDate day, RandomGenerator random) {
    return day.plusDays(1)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant()
        .plus(settling)
        .plusMillis(random.nextLong(spread.toMillis() + 1));
  }
}
