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
import org.jamessts.deferral.DeferralStoreException;
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
    describe(mail, reason, delay);
    bringAway(mail, delay);
  }

  /**
   * The same for a mail with which nothing was tried. It goes past the processor, which is for mail
   * that has failed: a tarpit can fill the lanes with more than the spooler could bring there.
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
    Duration atLeast = delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay;
    describe(mail, reason, atLeast);
    if (!isKeptAtOnce(mail)) {
      bringAway(mail, atLeast);
    }
  }

  /** False if the store does not take it; the processor says why then, and puts the mail back. */
  private boolean isKeptAtOnce(Mail mail) throws MessagingException {
    if (parameters.processors().defer().isEmpty() || !deferred.isStarted()) {
      return false;
    }
    try {
      deferred.keep(mail);
      return true;
    } catch (DeferralStoreException e) {
      LOGGER.debug("{} is not kept at once: {}", mail.getName(), e.getMessage());
      return false;
    }
  }

  private void describe(Mail mail, Reason reason, Duration delay) {
    mail.setState(Mail.ERROR);
    DeliveryAttributes.describeWaiting(mail, reason);
    mail.setLastUpdated(Date.from(clock.instant()));
    if (parameters.usePriority()) {
      mail.setAttribute(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE);
    }
    if (parameters.processors().defer().isPresent() || OutgoingQueue.ignoresDelays(queue)) {
      new Waiting(
              queue.getName(), Routing.destination(mail, parameters), clock.instant().plus(delay))
          .writeTo(mail);
    }
  }

  private void bringAway(Mail mail, Duration delay) throws MessagingException {
    Optional<String> processor = parameters.processors().defer();
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
