package org.jamessts.delivery;

import java.net.InetAddress;
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
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.retry.DeferredMails;
import org.jamessts.retry.Waiting;
import org.jamessts.smtp.PrintableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a mail wait for its next attempt: in the care of the {@code deferProcessor}, or in the queue.
 */
final class Deferral {

  private static final Logger LOGGER = LoggerFactory.getLogger(Deferral.class);

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
    Optional<String> processor = parameters.processors().defer();
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
    if (processor.isPresent()) {
      new Waiting(queue.getName(), domain(mail), clock.instant().plus(delay)).writeTo(mail);
      james.sendMail(mail, processor.get());
    } else {
      queue.enQueue(mail, delay);
    }
  }

  /** A mail has reached its destination, which others may wait for. */
  void delivered(Mail mail) {
    deferred.delivered(domain(mail));
  }

  /** For what a mail waits: mail by a gateway goes for all its recipients at once. */
  private String domain(Mail mail) {
    return parameters.gateways().stream()
        .findFirst()
        .map(gateway -> gateway.policyDomain().value())
        .or(() -> mail.getRecipients().stream().findFirst().map(Deferral::domain))
        .orElse("");
  }

  private static String domain(MailAddress recipient) {
    Optional<InetAddress> literal = AddressLiteral.of(recipient.getDomain());
    if (literal.isPresent()) {
      return DomainName.ofAddress(literal.get()).value();
    }
    String name = recipient.getDomain().name();
    try {
      return DomainName.parseInternational(name).value();
    } catch (InvalidDomainNameException e) {
      return PrintableText.of(name);
    }
  }
}
