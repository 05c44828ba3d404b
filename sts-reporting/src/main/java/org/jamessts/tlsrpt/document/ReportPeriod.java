package org.jamessts.tlsrpt.document;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The UTC day that a report covers (RFC 8460 §4.1).
 *
 * @param begin its first second
 * @param end its last second, as in the example of Appendix B
 */
record ReportPeriod(Instant begin, Instant end) {

  static ReportPeriod of(LocalDate day) {
    Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    return new ReportPeriod(begin, begin.plus(Duration.ofDays(1)).minusSeconds(1));
  }
}
