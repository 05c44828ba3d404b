package org.jamessts.dsn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The part of a notification for people: who, why, and what happens next. */
final class HumanPart {

  private static final String RECIPIENT = "  ";
  private static final String REASON = "    ";

  private final StatusNotification notification;
  private final Lines lines = new Lines();

  HumanPart(StatusNotification notification) {
    this.notification = notification;
  }

  String text() {
    lines
        .paragraph("", "This is the mail server " + notification.parties().reportingMta() + ".")
        .gap()
        .paragraph("", what())
        .gap();
    byReason().forEach(this::reason);
    lines.paragraph(
        "", "What is sent back of your message, and a report for programs, are attached.");
    return lines.toString();
  }

  private String what() {
    return switch (notification.action()) {
      case FAILED -> failed();
      case DELAYED -> delayed();
      case RELAYED -> relayed();
    };
  }

  private String relayed() {
    return "Your message"
        + arrived()
        + " was taken by the servers of the following recipients. You wanted to be told when it"
        + " is delivered, but these servers do not tell that: this is the last that you hear of"
        + " it, unless it fails there.";
  }

  private String failed() {
    return "Your message"
        + arrived()
        + " could not be delivered to the following recipients, and"
        + " will not be tried again.";
  }

  private String delayed() {
    return "Your message"
        + arrived()
        + " could not be delivered yet to the following recipients. It is kept and tried again"
        + notification
            .retryUntil()
            .map(moment -> ", at the longest until " + StatusNotification.date(moment))
            .orElse("")
        + "; if that fails in the end, you will be told. You need not send it again.";
  }

  private String arrived() {
    return notification
        .subject()
        .arrival()
        .map(moment -> ", which arrived here on " + StatusNotification.date(moment) + ",")
        .orElse("");
  }

  private Map<Diagnosis, List<RecipientStatus>> byReason() {
    return notification.recipients().stream()
        .collect(
            Collectors.groupingBy(
                RecipientStatus::diagnosis, LinkedHashMap::new, Collectors.toList()));
  }

  private void reason(Diagnosis diagnosis, List<RecipientStatus> recipients) {
    recipients.forEach(status -> lines.address(RECIPIENT, status.recipient()));
    lines.gap().paragraph(REASON, diagnosis.code() + " " + diagnosis.explanation()).gap();
    if (diagnosis.underPolicy()) {
      lines
          .paragraph(
              REASON,
              "Mail to this domain may only be sent over verified TLS, and this could not be had."
                  + " Your message was not sent in any weaker way.")
          .gap();
    }
  }
}
