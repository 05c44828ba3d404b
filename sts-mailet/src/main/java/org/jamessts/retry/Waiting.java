package org.jamessts.retry;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.james.queue.api.MailQueueName;
import org.apache.mailet.Mail;

/**
 * That a mail waits: for how long, for what, and where it goes then. It travels in the mail's
 * attributes from the attempt that failed to the store.
 *
 * @param queue to which the mail goes when it is due
 * @param domain for which it waits: that of its recipients, or a gateway
 * @param nextAttempt when it is due
 */
public record Waiting(MailQueueName queue, String domain, Instant nextAttempt) {

  /** What clocks and rounding may differ by. */
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  /** What a mail says; empty where it does not wait. */
  static Optional<Waiting> of(Mail mail) {
    Optional<String> queue = StsAttributes.get(mail, StsAttributes.QUEUE);
    Optional<String> domain = StsAttributes.get(mail, StsAttributes.DOMAIN);
    Optional<Instant> next = nextAttempt(mail);
    return queue.isPresent() && domain.isPresent() && next.isPresent()
        ? Optional.of(new Waiting(MailQueueName.of(queue.get()), domain.get(), next.get()))
        : Optional.empty();
  }

  /** Says so in a mail. */
  public void writeTo(Mail mail) {
    StsAttributes.set(mail, StsAttributes.QUEUE, Optional.of(queue.asString()));
    StsAttributes.set(mail, StsAttributes.DOMAIN, Optional.of(domain));
    StsAttributes.set(mail, StsAttributes.NEXT_ATTEMPT, Optional.of(nextAttempt.toString()));
  }

  /** Whether a mail is to wait for longer, whatever its queue makes of delays. */
  public static boolean isTooEarly(Mail mail, Instant now) {
    return nextAttempt(mail).filter(next -> next.isAfter(now.plus(TOLERANCE))).isPresent();
  }

  /** For how much longer a mail is to wait; zero where it is due, or does not say. */
  public static Duration left(Mail mail, Instant now) {
    return nextAttempt(mail)
        .filter(next -> next.isAfter(now))
        .map(next -> Duration.between(now, next))
        .orElse(Duration.ZERO);
  }

  static Optional<Instant> nextAttempt(Mail mail) {
    try {
      return StsAttributes.get(mail, StsAttributes.NEXT_ATTEMPT).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
