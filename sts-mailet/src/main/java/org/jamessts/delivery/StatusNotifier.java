package org.jamessts.delivery;

import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamessts.dsn.Action;
import org.jamessts.dsn.Diagnosis;
import org.jamessts.dsn.RecipientStatus;
import org.jamessts.dsn.StatusNotification;
import org.jamessts.dsn.StatusNotification.Parties;
import org.jamessts.dsn.StatusNotification.Subject;

/**
 * Tells senders what became of their mail (RFC 3464), about those recipients of whom they want to
 * hear it (RFC 3461 §4.1). Mail without a sender is never answered.
 */
final class StatusNotifier {

  private final MailetContext james;
  private final String reportingMta;
  private final Clock clock;

  /**
   * @param james takes the notifications
   * @param reportingMta the name of this server
   * @param clock dates them
   */
  StatusNotifier(MailetContext james, String reportingMta, Clock clock) {
    this.james = james;
    this.reportingMta = reportingMta;
    this.clock = clock;
  }

  /**
   * Tells that the mail has failed for all its recipients; why, its attributes say.
   *
   * @return whether anybody wanted to hear that
   */
  boolean tellFailure(Mail mail) throws MessagingException {
    return tell(
        Action.FAILED, mail, recipient -> Optional.of(failure(mail, recipient)), Optional.empty());
  }

  /**
   * Tells that the mail is late for all its recipients.
   *
   * @param reasons why, for each
   * @param retryUntil when it will be given up; empty when that is not known
   * @return whether anybody wanted to hear that
   */
  boolean tellDelay(Mail mail, Map<String, Reason> reasons, Optional<Instant> retryUntil)
      throws MessagingException {
    Optional<Instant> now = Optional.of(clock.instant());
    return tell(
        Action.DELAYED,
        mail,
        recipient ->
            Optional.ofNullable(reasons.get(recipient))
                .map(reason -> new Account(reason.whileQueued(), now)),
        retryUntil);
  }

  /**
   * Tells that servers which report no success have the mail.
   *
   * @param lastWords what they said, for each recipient whose server is one
   * @return whether anybody wanted to hear that
   */
  boolean tellRelayed(Mail mail, Map<String, Diagnosis> lastWords) throws MessagingException {
    Optional<Instant> now = Optional.of(clock.instant());
    return tell(
        Action.RELAYED,
        mail,
        recipient ->
            Optional.ofNullable(lastWords.get(recipient)).map(said -> new Account(said, now)),
        Optional.empty());
  }

  /** Why, and when it was tried last. */
  private record Account(Diagnosis diagnosis, Optional<Instant> lastAttempt) {}

  /** Mails that others have given up bring the attributes of {@code RemoteDelivery}, or nothing. */
  private static Account failure(Mail mail, String recipient) {
    return GivenUpAttribute.read(mail, recipient)
        .map(known -> new Account(known.diagnosis(), Optional.of(known.lastAttempt())))
        .orElseGet(
            () ->
                new Account(
                    Diagnosis.parse(
                        AttributeUtils.getValueAndCastFromMail(
                                mail, DeliveryAttributes.ERROR, String.class)
                            .or(() -> Optional.ofNullable(mail.getErrorMessage()))
                            .orElse("the mail could not be delivered")),
                    Optional.empty()));
  }

  private boolean tell(
      Action action,
      Mail mail,
      Function<String, Optional<Account>> account,
      Optional<Instant> retryUntil)
      throws MessagingException {
    Optional<MailAddress> sender = mail.getMaybeSender().asOptional();
    DsnRequest request = DsnRequest.of(mail);
    Predicate<MailAddress> wanted =
        switch (action) {
          case FAILED -> request::wantsFailure;
          case DELAYED -> request::wantsDelay;
          case RELAYED -> request::wantsSuccess;
        };
    List<RecipientStatus> statuses =
        mail.getRecipients().stream()
            .filter(wanted)
            .flatMap(
                recipient ->
                    account
                        .apply(recipient.asString())
                        .map(known -> status(recipient, request, known))
                        .stream())
            .toList();
    if (sender.isEmpty() || statuses.isEmpty()) {
      return false;
    }
    Parties parties =
        new Parties(
            reportingMta, james.getPostmaster().asString(), AddressLiteral.spelled(sender.get()));
    Subject subject = subject(action, mail, request);
    send(new StatusNotification(action, parties, subject, statuses, retryUntil), sender.get());
    return true;
  }

  private static RecipientStatus status(
      MailAddress recipient, DsnRequest request, Account account) {
    return new RecipientStatus(
        AddressLiteral.spelled(recipient),
        request.originalRecipient(recipient),
        account.diagnosis(),
        account.lastAttempt());
  }

  private static Subject subject(Action action, Mail mail, DsnRequest request)
      throws MessagingException {
    return new Subject(
        Optional.ofNullable(mail.getMessage().getMessageID()),
        request.envelopeId(),
        DeliveryAttributes.arrival(mail),
        action == Action.FAILED
            ? ReturnedContent.afterFailure(mail, request.returned())
            : ReturnedContent.headers(mail.getMessage()));
  }

  private void send(StatusNotification notification, MailAddress sender) throws MessagingException {
    byte[] octets = notification.toOctets(clock.instant(), UUID.randomUUID().toString());
    Mail mail =
        MailImpl.builder()
            .name(MailImpl.getId())
            .sender(MaybeSender.nullSender())
            .addRecipient(sender)
            .mimeMessage(new MimeMessage((Session) null, new ByteArrayInputStream(octets)))
            .build();
    try {
      james.sendMail(mail);
    } finally {
      LifecycleUtil.dispose(mail);
    }
  }
}
