package org.jamessts.command;

import java.util.Optional;
import org.jamessts.smtp.PrintableText;
import org.jamessts.tlsrpt.receive.ReceivedReport;

/** A TLS report for people. */
final class ReportText {

  private static final int MAX_SHOWN = 500;

  private final StringBuilder text = new StringBuilder();

  private ReportText() {}

  static String of(ReceivedReport report) {
    ReportText lines = new ReportText();
    lines.line(
        "TLS report %s of %s"
            .formatted(
                shown(report.reportId()),
                shown(report.organizationName().orElse("somebody unnamed"))));
    report
        .contactInfo()
        .ifPresent(contact -> lines.line("  contact: %s".formatted(shown(contact))));
    lines.line("  %s to %s".formatted(report.begin(), report.end()));
    lines.line(
        "  %d sessions went well, %d did not"
            .formatted(report.successfulSessions(), report.failedSessions()));
    report.policies().forEach(lines::policy);
    return lines.text.toString();
  }

  private void policy(ReceivedReport.Policy policy) {
    line("");
    line(
        "%s %s: %d well, %d failed"
            .formatted(
                shown(policy.policyDomain().orElse("a domain unnamed")),
                shown(policy.type()),
                policy.successfulSessions(),
                policy.failedSessions()));
    policy.policyString().forEach(words -> line("  | %s".formatted(shown(words))));
    if (!policy.mxHost().isEmpty()) {
      line("  mx: %s".formatted(shown(String.join(", ", policy.mxHost()))));
    }
    policy.failures().forEach(this::failure);
  }

  private void failure(ReceivedReport.Failure failure) {
    line(
        "  %d x %s%s%s%s"
            .formatted(
                failure.failedSessions(),
                shown(failure.resultType()),
                part(" at ", failure.receivingMxHostname()),
                part(" ", failure.receivingIp()),
                part(" from ", failure.sendingMtaIp())));
    failure.failureReasonCode().ifPresent(reason -> line("      %s".formatted(shown(reason))));
    failure.additionalInformation().ifPresent(more -> line("      %s".formatted(shown(more))));
  }

  private static String part(String before, Optional<String> value) {
    return value.map(said -> before + shown(said)).orElse("");
  }

  /** A stranger's text goes to a terminal. */
  private static String shown(String words) {
    return PrintableText.of(words, MAX_SHOWN);
  }

  private void line(String words) {
    text.append(words).append('\n');
  }
}
