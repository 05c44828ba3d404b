package org.jamessts.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Mail;
import org.jamessts.delivery.DeliveryParameters.MailAge;
import org.jamessts.delivery.DeliveryParameters.Retries;

/**
 * How long a mail is tried: so often, or until it is so old, whichever comes first (RFC 5321
 * §4.5.4.1).
 */
final class Patience {

  private final Retries retries;
  private final MailAge age;
  private final Clock clock;

  /**
   * @param retries how often
   * @param age how long
   * @param clock tells how old a mail is
   */
  Patience(Retries retries, MailAge age, Clock clock) {
    this.retries = retries;
    this.age = age;
    this.clock = clock;
  }

  /**
   * Where a mail stands at the begin of an attempt. What follows from it is the same at the end: an
   * attempt during which the mail's time runs out is not the last one.
   *
   * @param retries how often it was tried again before
   * @param arrival when it came here
   * @param isLast whether it is given up after this attempt
   * @param isLastForMissingDomain the same when its domain does not exist
   * @param isLate whether its sender should know that it waits
   * @param until when it will be given up at the latest, if it is not now
   */
  record Turn(
      int retries,
      Instant arrival,
      boolean isLast,
      boolean isLastForMissingDomain,
      boolean isLate,
      Optional<Instant> until) {}

  /** Where the mail stands now. One that brings no moment of arrival has arrived now. */
  Turn turn(Mail mail) {
    Instant now = clock.instant();
    DeliveryAttributes.noteArrival(mail, now);
    Instant arrival = DeliveryAttributes.arrival(mail).orElse(now);
    int before = DeliveryRetriesHelper.retrieveRetries(mail);
    boolean expired = hasPassed(arrival, age.expireAfter(), now);
    return new Turn(
        before,
        arrival,
        expired || before >= retries.max(),
        expired || before >= retries.maxNoSuchDomain(),
        hasPassed(arrival, age.delayWarningAfter(), now),
        until(arrival, before, now));
  }

  private static boolean hasPassed(Instant from, Optional<Duration> time, Instant now) {
    return time.map(some -> !now.isBefore(from.plus(some))).orElse(false);
  }

  private Optional<Instant> until(Instant arrival, int before, Instant now) {
    Optional<Instant> byAge = age.expireAfter().map(arrival::plus);
    if (retries.max() == Retries.UNLIMITED) {
      return byAge;
    }
    Instant byCount =
        IntStream.rangeClosed(before + 1, retries.max())
            .mapToObj(retries::before)
            .reduce(now, Instant::plus, (a, b) -> b);
    return Optional.of(byAge.filter(byCount::isAfter).orElse(byCount));
  }
}
