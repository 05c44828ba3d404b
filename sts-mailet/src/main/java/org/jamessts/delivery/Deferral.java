package org.jamessts.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a mail wait for its next attempt. */
final class Deferral {

  private static final Logger LOGGER = LoggerFactory.getLogger(Deferral.class);

  private final DeliveryParameters parameters;
  private final MailQueue queue;
  private final Clock clock;

  Deferral(DeliveryParameters parameters, MailQueue queue, Clock clock) {
    this.parameters = parameters;
    this.queue = queue;
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
    mail.setState(Mail.ERROR);
    DeliveryAttributes.describeWaiting(mail, reason);
    mail.setAttribute(DeliveryRetriesHelper.makeAttribute(retries + 1));
    mail.setLastUpdated(Date.from(clock.instant()));
    if (parameters.usePriority()) {
      mail.setAttribute(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE);
    }
    LOGGER.info(
        "{} outcome=deferred recipients={} retry={} in={} code=\"{}\" reason=\"{}\"",
        mail.getName(),
        StsRemoteDelivery.texts(mail.getRecipients()),
        retries + 1,
        delay,
        reason.queued(),
        reason.explanation());
    queue.enQueue(mail, delay);
  }
}
