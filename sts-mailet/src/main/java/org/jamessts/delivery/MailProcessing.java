package org.jamessts.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jamessts.delivery.Patience.Turn;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.delivery.RecipientOutcome.Deferred;
import org.jamessts.delivery.Routing.Route;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.reports.ReportMark;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.InvalidMailboxException;
import org.jamessts.smtp.MailContent;
import org.jamessts.smtp.MailOptions;
import org.jamessts.smtp.MailboxPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn of one mail: translates it from James's terms, has it delivered, and hands the outcomes
 * to the {@link Aftermath}. What breaks on our side defers the mail, as if a host had broken.
 * Before a failure under a policy becomes final the domain is asked for a newer policy, and if
 * there is one the mail gets another attempt (RFC 8461 §5.1).
 */
final class MailProcessing {

  private static final Logger LOGGER = LoggerFactory.getLogger(MailProcessing.class);

  /** Set by James for mail that came with REQUIRETLS (RFC 8689). */
  static final AttributeName REQUIRETLS = AttributeName.of("REQUIRETLS");

  private final MailDelivery delivery;
  private final DeliveryParameters parameters;
  private final Patience patience;
  private final Aftermath aftermath;

  MailProcessing(
      MailDelivery delivery,
      DeliveryParameters parameters,
      Patience patience,
      Aftermath aftermath) {
    this.delivery = delivery;
    this.parameters = parameters;
    this.patience = patience;
    this.aftermath = aftermath;
  }

  /**
   * Takes the turn.
   *
   * @throws MessagingException as {@link Aftermath#settle}
   */
  void process(Mail mail) throws MessagingException {
    Turn turn = patience.turn(mail);
    aftermath.settle(mail, attempt(mail, turn.isLast()), turn);
  }

  /** For what the mail is bound, and what it has in common with others that go there. */
  String destination(Mail mail) {
    return Routing.destination(mail, parameters);
  }

  /**
   * Has a mail wait that cannot be worked now: no attempt, which would count. One whose time is
   * over is given up.
   *
   * @param expected in what time it might be worked
   * @throws MessagingException as {@link Aftermath#settle}
   */
  void postpone(Mail mail, Duration expected) throws MessagingException {
    Turn turn = patience.turn(mail);
    Reason reason =
        Reason.busy(
            "as many mails as may be are under way to "
                + destination(mail)
                + ", and none gets through soon");
    if (turn.isExpired()) {
      aftermath.settle(mail, all(mail, recipient -> new Deferred(recipient, reason)), turn);
    } else {
      aftermath.postpone(mail, reason, expected, turn);
    }
  }

  int keptSessions() {
    return delivery.keptSessions();
  }

  int unreachableHosts() {
    return delivery.unreachableHosts();
  }

  /** Ends what is kept open for further mails. */
  void close() {
    delivery.close();
  }

  private DeliveryReport attempt(Mail mail, boolean lastTry) {
    if (AttributeUtils.getValueAndCastFromMail(mail, REQUIRETLS, Boolean.class).orElse(false)) {
      Reason reason =
          Reason.ruledOut("550 5.7.30", "the mail demands REQUIRETLS, which is not supported yet");
      return all(mail, recipient -> new Bounced(recipient, reason));
    }
    Optional<MailboxPath> reversePath;
    MailContent content;
    try {
      reversePath = reversePath(mail);
      content = MimeContent.of(mail.getMessage());
    } catch (InvalidMailboxException e) {
      Reason reason = Reason.ruledOut("553 5.1.7", "the sender is " + e.getMessage());
      return all(mail, recipient -> new Bounced(recipient, reason));
    } catch (InvalidDomainNameException e) {
      Reason reason = Reason.ruledOut("550 5.1.8", "the sender's domain " + e.getMessage());
      return all(mail, recipient -> new Bounced(recipient, reason));
    } catch (MessagingException | RuntimeException e) {
      LOGGER.error("{} cannot be read", mail.getName(), e);
      return all(mail, recipient -> new Deferred(recipient, Reason.ownTrouble(e)));
    }
    MailOptions options = SubmittersOptions.of(mail, !parameters.sendPartial());
    Routing routing = Routing.of(mail.getRecipients(), parameters);
    List<RecipientOutcome> outcomes = new ArrayList<>(routing.unroutable());
    for (Route route : routing.routes()) {
      Envelope envelope = new Envelope(reversePath, route.paths(), options);
      OutboundMail outbound =
          new OutboundMail(
              mail.getName(), route.nextHops(), envelope, content, ReportMark.isOn(mail), lastTry);
      outcomes.addAll(route.asGiven(attempt(outbound)));
    }
    return new DeliveryReport(outcomes);
  }

  private static Optional<MailboxPath> reversePath(Mail mail)
      throws InvalidMailboxException, InvalidDomainNameException {
    Optional<MailAddress> sender = mail.getMaybeSender().asOptional();
    return sender.isEmpty() ? Optional.empty() : Optional.of(Routing.path(sender.get()));
  }

  private DeliveryReport attempt(OutboundMail mail) {
    try {
      return mail.isLastTry() ? lastAttempt(mail) : delivery.deliver(mail);
    } catch (RuntimeException e) {
      // What became of the other recipients must be kept.
      LOGGER.error("{} could not be processed for {}", mail.name(), mail.nextHops(), e);
      Reason reason = Reason.ownTrouble(e);
      return new DeliveryReport(
          mail.envelope().recipients().stream()
              .<RecipientOutcome>map(recipient -> new Deferred(recipient.value(), reason))
              .toList());
    }
  }

  private DeliveryReport lastAttempt(OutboundMail mail) {
    // Asked before: what is found during the attempt may be newer than what it was judged by.
    List<List<String>> before = delivery.policies(mail.nextHops());
    DeliveryReport report = delivery.deliver(mail);
    Set<String> heldBack =
        report.deferred().stream()
            .filter(outcome -> outcome.reason().kind() == Reason.Kind.POLICY)
            .map(Deferred::recipient)
            .collect(Collectors.toSet());
    if (heldBack.isEmpty()) {
      return report;
    }
    try {
      return delivery.recheckedPolicies(mail.nextHops()).equals(before)
          ? report
          : again(mail, heldBack, report);
    } catch (RuntimeException e) {
      // What became of the other recipients must be kept.
      LOGGER.error("{} got no second attempt", mail.name(), e);
      return report;
    }
  }

  /** Another attempt for those whom the policy held back; not a third. */
  private DeliveryReport again(OutboundMail mail, Set<String> heldBack, DeliveryReport report) {
    DeliveryReport second =
        delivery.deliver(
            mail.withRecipients(
                mail.envelope().recipients().stream()
                    .filter(recipient -> heldBack.contains(recipient.value()))
                    .toList()));
    List<RecipientOutcome> outcomes = new ArrayList<>(second.outcomes());
    report.outcomes().stream()
        .filter(outcome -> !heldBack.contains(outcome.recipient()))
        .forEach(outcomes::add);
    return new DeliveryReport(outcomes);
  }

  private static DeliveryReport all(Mail mail, Function<String, RecipientOutcome> outcome) {
    return new DeliveryReport(
        mail.getRecipients().stream().map(MailAddress::asString).map(outcome).toList());
  }
}
