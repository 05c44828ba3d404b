package org.jamessts.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.metrics.api.Metric;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamessts.delivery.Patience.Turn;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.delivery.RecipientOutcome.Deferred;
import org.jamessts.delivery.RecipientOutcome.Delivered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * After an attempt: sees to it that every recipient is delivered, bounced or waits for another, and
 * says so in the log and in the mail's attributes.
 */
final class Aftermath {

  private static final Logger LOGGER = LoggerFactory.getLogger(Aftermath.class);

  private final DeliveryParameters parameters;
  private final MailetContext james;
  private final Metric delivered;
  private final DeliveryMeter meter;
  private final Bounces bounces;
  private final Notices notices;
  private final Deferral deferral;

  Aftermath(
      DeliveryParameters parameters,
      MailetContext james,
      Metric delivered,
      DeliveryMeter meter,
      Bounces bounces,
      Notices notices,
      Deferral deferral) {
    this.parameters = parameters;
    this.james = james;
    this.delivered = delivered;
    this.meter = meter;
    this.bounces = bounces;
    this.notices = notices;
    this.deferral = deferral;
  }

  /**
   * Brings every recipient of the mail to where its outcome belongs.
   *
   * @throws MessagingException when the mail could not be queued again for those recipients that
   *     are left on it: it must go back as it is
   */
  void settle(Mail mail, DeliveryReport report, Turn turn) throws MessagingException {
    succeed(mail, report.delivered());
    List<Bounced> givenUp = new ArrayList<>();
    List<Deferred> again = new ArrayList<>();
    for (Bounced outcome : report.bounced()) {
      if (outcome.reason().kind() == Reason.Kind.NO_SUCH_DOMAIN && !turn.isLastForMissingDomain()) {
        again.add(outcome.notYet());
      } else {
        givenUp.add(outcome);
      }
    }
    for (Deferred outcome : report.deferred()) {
      if (turn.isLast()) {
        givenUp.add(outcome.forGood());
      } else {
        again.add(outcome);
      }
    }
    givenUp.stream().map(outcome -> outcome.reason().kind()).distinct().forEach(meter::bounced);
    bounces.giveUp(mail, givenUp).forEach(kept -> again.add(kept.notYet()));
    if (!again.isEmpty()) {
      Recipients.keep(mail, again.stream().map(Deferred::recipient).toList());
      notices.tellIfLate(mail, again, turn);
      meter.deferred(again.get(0).reason());
      deferral.defer(mail, again.get(0).reason(), turn.retries());
    }
  }

  /**
   * Has the mail wait as it is, for all its recipients, without counting an attempt.
   *
   * @param delay for how long
   * @throws MessagingException as {@link #settle}
   */
  void postpone(Mail mail, Reason reason, Duration delay, Turn turn) throws MessagingException {
    List<Deferred> waiting =
        mail.getRecipients().stream()
            .map(recipient -> new Deferred(recipient.asString(), reason))
            .toList();
    notices.tellIfLate(mail, waiting, turn);
    deferral.postpone(mail, reason, delay);
  }

  private void succeed(Mail mail, List<Delivered> outcomes) {
    if (outcomes.isEmpty()) {
      return;
    }
    List<String> recipients = outcomes.stream().map(Delivered::recipient).toList();
    LogLine.of("mail", mail.getName())
        .with("outcome", "delivered")
        .with("recipients", recipients)
        .with(outcomes.get(0).way())
        .to(LOGGER, Level.INFO);
    delivered.increment();
    deferral.delivered(mail);
    try {
      parameters
          .processors()
          .success()
          .ifPresentOrElse(
              processor -> passOn(mail, recipients, processor),
              () -> notices.tellRelayed(mail, outcomes));
    } finally {
      // Whatever fails must not bring the mail to them again.
      Recipients.remove(mail, recipients);
    }
  }

  private void passOn(Mail mail, List<String> recipients, String processor) {
    try {
      Mail copy = Recipients.copyFor(mail, recipients);
      try {
        DeliveryAttributes.forget(copy);
        james.sendMail(copy, processor);
      } finally {
        LifecycleUtil.dispose(copy);
      }
    } catch (MessagingException | RuntimeException e) {
      LOGGER.error(
          "{} was delivered to {}, but processor {} did not get it",
          mail.getName(),
          Recipients.shown(recipients),
          processor,
          e);
    }
  }
}
