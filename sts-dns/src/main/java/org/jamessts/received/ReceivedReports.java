package org.jamessts.received;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * Keeps received reports for {@link #KEPT}. Several servers may share one store. Implementations
 * are safe for use by many threads and answer within a bounded time.
 */
public interface ReceivedReports {

  /** How long a report is kept after it arrived. */
  Duration KEPT = Duration.ofDays(90);

  /** What became of a report that was to be kept. */
  enum Outcome {
    /** It is kept; it outlives the death of the process. */
    ADDED,
    /** It was here before: the same submitter, id, period and domains. */
    KNOWN,
    /** What is kept is as much as may be; strangers decide how much arrives. */
    FULL,
    /** The store fails. */
    UNAVAILABLE
  }

  /**
   * Keeps a report, unless it is here already.
   *
   * @param report what it is
   * @param document as it arrived
   */
  Outcome add(KeptReport report, byte[] document);

  /**
   * The reports that arrived last, newest first.
   *
   * @param domain about this domain only
   * @param day only those of which the period touches this day, in UTC
   * @param offset how many to leave out of those of the day
   * @param limit at most so many
   * @return nothing while the store fails
   */
  Optional<ReceivedPage> latest(
      Optional<DomainName> domain, Optional<LocalDate> day, int offset, int limit);

  /**
   * The document of a report as it arrived.
   *
   * @param key of the report
   * @return no octets where there is no such report; nothing while the store fails
   */
  Optional<byte[]> document(String key);
}
