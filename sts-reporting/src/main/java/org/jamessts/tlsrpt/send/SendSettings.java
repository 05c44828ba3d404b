package org.jamessts.tlsrpt.send;

import java.time.Duration;

/**
 * How reports are sent.
 *
 * @param atOnce how many are under way at a time
 * @param lease how long a report belongs to the server that claimed it; that server renews it, so
 *     this is how long the reports of a server that died wait for another
 * @param firstRetry after the first failure; each further wait is twice as long, up to four hours
 * @param giveUpAfter since a report was to be tried first (RFC 8460 §5.5)
 * @param stopGrace how long those under way may go on when this server stops
 * @param forensicDetails whether reports of the draft of 2016 tell what hosts showed
 */
public record SendSettings(
    int atOnce,
    Duration lease,
    Duration firstRetry,
    Duration giveUpAfter,
    Duration stopGrace,
    boolean forensicDetails) {

  /** What RFC 8460 recommends, and a number that annoys nobody. */
  public static final SendSettings DEFAULT =
      new SendSettings(
          32,
          Duration.ofMinutes(3),
          Duration.ofMinutes(15),
          Duration.ofHours(24),
          Duration.ofSeconds(10),
          false);

  private static final Duration LONGEST = Duration.ofHours(4);
  private static final int MAX_DOUBLINGS = 20;

  /**
   * How long to wait after a failure.
   *
   * @param before how many attempts have failed before
   */
  Duration wait(int before) {
    Duration wait = firstRetry.multipliedBy(1L << Math.min(before, MAX_DOUBLINGS));
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
