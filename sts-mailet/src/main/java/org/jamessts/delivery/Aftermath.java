package org.jamessts.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.metrics.api.Metric;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.delivery.RecipientOutcome.Deferred;
import org.jamessts.delivery.RecipientOutcome.Delivered;
import org.jamessts.smtp.PrintableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After an attempt: sees to it that every recipient is delivered, bounced or queued again, and says
 * so in the log and in the mail's attributes. The attributes are those that James's matchers and
 * webadmin know from {@code RemoteDelivery}.
 */
final class Aftermath {

  private static final Logger LOGGER = LoggerFactory.getLogger(Aftermath.class);

  static final AttributeName ERROR = AttributeName.of("delivery-error");
  static final AttributeName ERROR_CODE = AttributeName.of("delivery-error-code");
  static final AttributeName PERMANENT = AttributeName.of("is-delivery-permanent-error");
  static final AttributeName EXPLANATION = AttributeName.of("sts.explanation");

  private final DeliveryParameters parameters;
  private final MailQueue queue;
  private final MailetContext james;
  private final Metric delivered;
  private final Clock clock;

  Aftermath(
      DeliveryParameters parameters,
      MailQueue queue,
      MailetContext james,
      Metric delivered,
      Clock clock) {
    this.parameters = parameters;
    this.queue = queue;
    this.james = james;
    this.delivered = delivered;
    this.clock = clock;
  }

  /**
   * Brings every recipient of the mail to where its outcome belongs.
   *
   * @throws MessagingException when the mail could not be queued again for those recipients that
   *     are left on it: it must go back as it is
   */
  void settle(Mail mail, DeliveryReport report) throws MessagingException {
    int retries = DeliveryRetriesHelper.retrieveRetries(mail);
    succeed(mail, report.delivered());
    Map<Reason, List<String>> bounces = new LinkedHashMap<>();
    List<Deferred> again = new ArrayList<>();
    for (Bounced outcome : report.bounced()) {
      if (outcome.reason().kind() == Reason.Kind.NO_SUCH_DOMAIN
          && retries < parameters.retries().maxNoSuchDomain()) {
        again.add(new Deferred(outcome.recipient(), outcome.reason()));
      } else {
        addTo(bounces, outcome);
      }
    }
    for (Deferred outcome : report.deferred()) {
      if (retries < parameters.retries().max()) {
        again.add(outcome);
      } else {
        addTo(bounces, new Bounced(outcome.recipient(), outcome.reason()));
      }
    }
    bounces.forEach((reason, recipients) -> again.addAll(bounce(mail, recipients, reason)));
    if (!again.isEmpty()) {
      defer(mail, again, retries);
    }
  }

  private static void addTo(Map<Reason, List<String>> bounces, Bounced outcome) {
    bounces.computeIfAbsent(outcome.reason(), any -> new ArrayList<>()).add(outcome.recipient());
  }

  private void succeed(Mail mail, List<Delivered> outcomes) {
    if (outcomes.isEmpty()) {
      return;
    }
    List<String> recipients = outcomes.stream().map(Delivered::recipient).toList();
    LOGGER.info(
        "{} outcome=delivered recipients={} {}",
        mail.getName(),
        shown(recipients),
        outcomes.get(0).how());
    delivered.increment();
    try {
      parameters.processors().success().ifPresent(processor -> passOn(mail, recipients, processor));
    } finally {
      // Whatever fails must not bring the mail to them again.
      remove(mail, recipients);
    }
  }

  private void passOn(Mail mail, List<String> recipients, String processor) {
    try {
      Mail copy = copyFor(mail, recipients);
      try {
        // Of earlier attempts: a report of success must not quote them.
        List.of(ERROR, ERROR_CODE, PERMANENT, EXPLANATION)
            .forEach(name -> copy.removeAttribute(name));
        james.sendMail(copy, processor);
      } finally {
        LifecycleUtil.dispose(copy);
      }
    } catch (MessagingException | RuntimeException e) {
      LOGGER.error(
          "{} was delivered to {}, but processor {} did not get it",
          mail.getName(),
          shown(recipients),
          processor,
          e);
    }
  }

  private void defer(Mail mail, List<Deferred> outcomes, int retries) throws MessagingException {
    Reason reason = outcomes.get(0).reason();
    Duration delay = parameters.retries().before(retries + 1);
    keep(mail, outcomes.stream().map(Deferred::recipient).toList());
    mail.setState(Mail.ERROR);
    describe(mail, reason, reason.queued(), false);
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

  /** Tells the sender, or whoever should know. Those for whom that fails are to be tried again. */
  private List<Deferred> bounce(Mail mail, List<String> recipients, Reason reason) {
    LOGGER.info(
        "{} outcome=bounced recipients={} code=\"{}\" reason=\"{}\"",
        mail.getName(),
        shown(recipients),
        reason.ultimate(),
        reason.explanation());
    try {
      giveUp(mail, recipients, reason);
      remove(mail, recipients);
      return List.of();
    } catch (MessagingException | RuntimeException e) {
      LOGGER.error("{} could not be bounced and is kept", mail.getName(), e);
      return recipients.stream().map(recipient -> new Deferred(recipient, reason)).toList();
    }
  }

  private void giveUp(Mail mail, List<String> recipients, Reason reason) throws MessagingException {
    Mail failed = copyFor(mail, recipients);
    try {
      describe(failed, reason, reason.ultimate(), true);
      if (parameters.processors().bounce().isPresent()) {
        james.sendMail(failed, parameters.processors().bounce().get());
      } else if (mail.hasSender()) {
        james.bounce(failed, BounceText.of(recipients, reason));
      } else {
        LOGGER.warn(
            "{} has no sender to tell and no bounceProcessor is set: it ends here", mail.getName());
      }
    } finally {
      LifecycleUtil.dispose(failed);
    }
  }

  private static void describe(Mail mail, Reason reason, String code, boolean permanent) {
    String text = code + " " + reason.explanation();
    mail.setAttribute(new Attribute(ERROR, AttributeValue.of(text)));
    mail.setAttribute(
        new Attribute(ERROR_CODE, AttributeValue.of(Integer.parseInt(code.substring(0, 3)))));
    mail.setAttribute(new Attribute(PERMANENT, AttributeValue.of(permanent)));
    mail.setAttribute(new Attribute(EXPLANATION, AttributeValue.of(text)));
  }

  private static List<String> shown(List<String> recipients) {
    return recipients.stream().map(PrintableText::ofAddress).toList();
  }

  private static Mail copyFor(Mail mail, List<String> recipients) throws MessagingException {
    Mail copy = mail.duplicate();
    keep(copy, recipients);
    return copy;
  }

  private static void keep(Mail mail, List<String> recipients) {
    retain(mail, Set.copyOf(recipients)::contains);
  }

  private static void remove(Mail mail, List<String> recipients) {
    retain(mail, Predicate.not(Set.copyOf(recipients)::contains));
  }

  private static void retain(Mail mail, Predicate<String> wanted) {
    mail.setRecipients(
        mail.getRecipients().stream().filter(address -> wanted.test(address.asString())).toList());
  }
}
