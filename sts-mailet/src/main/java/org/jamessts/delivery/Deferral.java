package org.jamessts.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamessts.retry.DeferredMails;
import org.jamessts.retry.Waiting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Has a mail wait for its next attempt: in the care of the {@code deferProcessor}, or in the queue.
 */
final class Deferral {

  private static final Logger LOGGER = LoggerFactory.getLogger(Deferral.class);

  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private final DeliveryParameters parameters;
  private final MailQueue queue;
  private final MailetContext james;
  private final DeferredMails deferred;
  private final Clock clock;

  /**
   * @param queue where mails wait without a processor, and whence they came
   * @param james takes mails to the processor
   * @param deferred is told which domains take mail
   */
  Deferral(
      DeliveryParameters parameters,
      MailQueue queue,
      MailetContext james,
      DeferredMails deferred,
      Clock clock) {
    this.parameters = parameters;
    this.queue = queue;
    this.james = james;
    this.deferred = deferred;
    this.clock = clock;
  }

  /**
   * Puts the mail where it waits. It has only those recipients left that are to be tried again.
   *
   * @param retries how often the mail was tried again so far
   * @throws MessagingException when it could not be put there: it must go back as it is
   */
  void defer(Mail mail, Reason reason, int retries) throws MessagingException {
    Duration delay = parameters.retries().before(retries + 1);
    mail.setAttribute(DeliveryRetriesHelper.makeAttribute(retries + 1));
    LogLine.of("mail", mail.getName())
        .with("outcome", "deferred")
        .with("recipients", mail.getRecipients().stream().map(MailAddress::asString).toList())
        .with("retry", Integer.toString(retries + 1))
        .with("in", delay.toString())
        .with("code", reason.queued())
        .with(reason.forLog())
        .to(LOGGER, reason.level());
    keep(mail, reason, delay);
  }

  /**
   * The same for a mail with which nothing was tried.
   *
   * @param delay for how long, or a few seconds where that is longer
   * @throws MessagingException as {@link #defer}
   */
  void postpone(Mail mail, Reason reason, Duration delay) throws MessagingException {
    LogLine.of("mail", mail.getName())
        .with("outcome", "postponed")
        .with("in", delay.toString())
        .with(reason.forLog())
        .to(LOGGER, Level.DEBUG);
    keep(mail, reason, delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay);
  }

  private void keep(Mail mail, Reason reason, Duration delay) throws MessagingException {
    Optional<String> processor = parameters.processors().defer();
    mail.setState(Mail.ERROR);
    DeliveryAttributes.describeWaiting(mail, reason);
    mail.setLastUpdated(Date.from(clock.instant()));
    if (parameters.usePriority()) {
      mail.setAttribute(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE);
    }
    if (processor.isPresent() || OutgoingQueue.ignoresDelays(queue)) {
      new Waiting(
              queue.getName(), Routing.destination(mail, parameters), clock.instant().plus(delay))
          .writeTo(mail);
    }
    if (processor.isPresent()) {
      james.sendMail(mail, processor.get());
    } else {
      queue.enQueue(mail, delay);
    }
  }

  /** A mail has reached its destination, which others may wait for. */
  void delivered(Mail mail) {
    deferred.delivered(Routing.destination(mail, parameters));
  }
}
