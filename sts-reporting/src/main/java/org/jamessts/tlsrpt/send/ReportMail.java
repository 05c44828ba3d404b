package org.jamessts.tlsrpt.send;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.discover.ReportEndpoint.Mailbox;
import org.jamessts.tlsrpt.document.ReportFile;
import org.jamessts.tlsrpt.document.Reporter;

/**
 * One mail with one report (RFC 8460 §5.3).
 *
 * @param reporter who sends it
 * @param to who gets it
 * @param report of which it tells
 * @param file with the report
 */
public record ReportMail(Reporter reporter, Mailbox to, DailyReport report, ReportFile file) {

  private static final String CRLF = "\r\n";
  private static final Base64.Encoder LINES = Base64.getMimeEncoder();
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** How the report is known in the mail: {@code report-id} with the submitter's domain. */
  public String messageId() {
    return "<" + report.id() + "@" + reporter.domain() + ">";
  }

  /**
   * The message, in lines of 7-bit octets that end with CRLF.
   *
   * @param now when it is written
   */
  public byte[] toOctets(Instant now) {
    // Nothing in the parts has two hyphens and this at the beginning of a line: they are in base64.
    String boundary = "report-" + report.id();
    String text =
        header(now, boundary)
            + CRLF
            + "--"
            + boundary
            + CRLF
            + "Content-Type: text/plain; charset=utf-8"
            + CRLF
            + "Content-Transfer-Encoding: base64"
            + CRLF
            + CRLF
            + encoded(forPeople().getBytes(StandardCharsets.UTF_8))
            + "--"
            + boundary
            + CRLF
            + "Content-Type: "
            + file.mediaType()
            + CRLF
            + "Content-Transfer-Encoding: base64"
            + CRLF
            + "Content-Disposition: attachment;"
            + CRLF
            + " filename=\""
            + file.name()
            + "\""
            + CRLF
            + CRLF
            + encoded(file.content())
            + "--"
            + boundary
            + "--"
            + CRLF;
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private String header(Instant now, String boundary) {
    return "From: "
        + reporter.contact().address()
        + CRLF
        + "To: "
        + to.address()
        + CRLF
        + "Date: "
        + DATE.format(now)
        + CRLF
        + "Message-ID: "
        + messageId()
        + CRLF
        // RFC 8460 §5.3; folded, since two domains may fill more than a line takes
        + "Subject: Report Domain: "
        + report.policyDomain()
        + CRLF
        + " Submitter: "
        + reporter.domain()
        + CRLF
        + " Report-ID: "
        + messageId()
        + CRLF
        + "TLS-Report-Domain: "
        + report.policyDomain()
        + CRLF
        + "TLS-Report-Submitter: "
        + reporter.domain()
        + CRLF
        // RFC 8689 §5: for the servers after ours; ours goes by a mark of its own
        + "TLS-Required: No"
        + CRLF
        // RFC 3834: no vacation notice, please
        + "Auto-Submitted: auto-generated"
        + CRLF
        + "MIME-Version: 1.0"
        + CRLF
        + "Content-Type: multipart/report; report-type=\"tlsrpt\";"
        + CRLF
        + " boundary=\""
        + boundary
        + "\""
        + CRLF;
  }

  private String forPeople() {
    LocalDate day = report.day();
    return """
        This is an aggregate report about TLS, of %s.

        Policy domain: %s
        Day (UTC):     %s
        Submitter:     %s
        Report-ID:     %s

        It counts the SMTP sessions with the hosts of that domain, how many had TLS as
        the domain's policies ask for, and why others had not. The attached file is for
        programs; RFC 8460 tells how to read it. Questions go to %s.
        """
        .formatted(
            reporter.organizationName(),
            report.policyDomain(),
            day,
            reporter.domain(),
            report.id(),
            reporter.contact().address());
  }

  private static String encoded(byte[] octets) {
    return LINES.encodeToString(octets) + CRLF;
  }
}
