package org.jamessts.dsn;

/** The part of a notification for programs: {@code message/delivery-status} (RFC 3464 §2). */
final class StatusFields {

  /** The type of a diagnostic that no SMTP server has given (RFC 3464 §2.3.6). */
  private static final String OUR_OWN = "X-james-sts";

  private final StatusNotification notification;
  private final Lines lines = new Lines();

  StatusFields(StatusNotification notification) {
    this.notification = notification;
  }

  String text() {
    lines.field("Reporting-MTA", "dns; " + notification.parties().reportingMta());
    StatusNotification.Subject subject = notification.subject();
    subject.envelopeId().ifPresent(id -> lines.field("Original-Envelope-Id", id));
    subject
        .arrival()
        .ifPresent(moment -> lines.field("Arrival-Date", StatusNotification.date(moment)));
    notification.recipients().forEach(this::recipient);
    return lines.toString();
  }

  private void recipient(RecipientStatus status) {
    Diagnosis diagnosis = status.diagnosis();
    lines.gap();
    status
        .original()
        .ifPresent(
            address -> lines.field("Original-Recipient", TypedAddress.of(address).toString()));
    lines
        .field("Final-Recipient", TypedAddress.of(status.recipient()).toString())
        .field("Action", notification.action().word())
        .field("Status", diagnosis.status());
    diagnosis
        .reply()
        .ifPresentOrElse(
            reply ->
                lines
                    .field("Remote-MTA", "dns; " + reply.host())
                    .field("Diagnostic-Code", "smtp; " + reply.text()),
            () ->
                lines.field(
                    "Diagnostic-Code",
                    OUR_OWN + "; " + diagnosis.code() + " " + diagnosis.explanation()));
    status
        .lastAttempt()
        .ifPresent(moment -> lines.field("Last-Attempt-Date", StatusNotification.date(moment)));
    if (notification.action() == Action.DELAYED) {
      notification
          .retryUntil()
          .ifPresent(moment -> lines.field("Will-Retry-Until", StatusNotification.date(moment)));
    }
  }
}
