package org.jamessts.reports;

import com.google.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeMessage;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.ProcessingState;
import org.apache.mailet.base.GenericMailet;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.received.KeptReport;
import org.jamessts.received.ReceivedReports;
import org.jamessts.smtp.PrintableText;
import org.jamessts.tlsrpt.discover.ReportEndpoint.Mailbox;
import org.jamessts.tlsrpt.receive.ReceivedReport;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.jamessts.tlsrpt.receive.UnreadableReportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the reports that others send about domains of this server (RFC 8460 §5), for the mailbox
 * that their {@code rua} names:
 *
 * <pre>{@code
 * <mailet match="RecipientIs=tls-reports@ours.example" class="org.jamessts.reports.TlsReportMailet">
 *   <errorProcessor>report-refused</errorProcessor>
 * </mailet>
 * }</pre>
 *
 * <ul>
 *   <li>{@code requireDkim}: whether the mail must be signed by the domain that reports (default
 *       {@code true}, RFC 8460 §3)
 *   <li>{@code errorProcessor}: where a mail goes that is no report, or none to believe (default
 *       {@code error}); the attribute {@code sts.report-refused} says why
 *   <li>{@code passThrough}: whether mails with good reports go on to the next mailet (default
 *       {@code false}: they end here)
 * </ul>
 *
 * <p>A report is kept once, however often it comes. What the sender does not know about it is never
 * told to him: whatever is wrong with a mail ends on this server.
 */
public final class TlsReportMailet extends GenericMailet {

  private static final Logger LOGGER = LoggerFactory.getLogger(TlsReportMailet.class);

  /** Why a mail was refused, for a person to read. */
  static final AttributeName REFUSED = AttributeName.of("sts.report-refused");

  /** The largest mail that is looked at: the largest report in base64, and some text. */
  static final long MAX_MAIL = ReportReader.MAX_OCTETS * 3L / 2;

  private static final int SHOWN = 300;

  private final ReceivedReports reports;
  private final Resolver resolver;
  private final Clock clock;
  private String errorProcessor = Mail.ERROR;
  private boolean requireDkim = true;
  private boolean passThrough;

  /**
   * Called by James.
   *
   * @param reports keeps them
   * @param resolver finds keys of signatures
   * @param clock dates them
   */
  @Inject
  public TlsReportMailet(ReceivedReports reports, Resolver resolver, Clock clock) {
    this.reports = reports;
    this.resolver = resolver;
    this.clock = clock;
  }

  @Override
  public void init() {
    errorProcessor = getInitParameter("errorProcessor", Mail.ERROR);
    requireDkim = getInitParameter("requireDkim", true);
    passThrough = getInitParameter("passThrough", false);
  }

  @Override
  public String getMailetInfo() {
    return "TlsReportMailet: takes TLS reports of others (RFC 8460)";
  }

  @Override
  public Collection<ProcessingState> requiredProcessingState() {
    return List.of(new ProcessingState(errorProcessor));
  }

  /** Why a mail is refused. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
      super(reason);
    }
  }

  @Override
  public void service(Mail mail) {
    try {
      take(mail);
      if (!passThrough) {
        mail.setState(Mail.GHOST);
      }
    } catch (Refusal e) {
      refuse(mail, String.valueOf(e.getMessage()));
    } catch (IOException | MessagingException e) {
      // Not to James, who would answer the sender: a header field that is none is a stranger's,
      // too.
      refuse(mail, "the mail cannot be read: " + e);
    }
  }

  private void take(Mail mail) throws Refusal, MessagingException, IOException {
    if (mail.getMessageSize() > MAX_MAIL) {
      throw new Refusal("the mail has over " + MAX_MAIL + " octets");
    }
    MimeMessage message = mail.getMessage();
    List<byte[]> documents = ReportParts.of(message);
    if (documents.isEmpty()) {
      throw new Refusal("the mail has no report in it");
    }
    SignedBy signers =
        requireDkim ? SignedBy.of(message, resolver) : new SignedBy.Nobody("nobody has looked");
    if (signers instanceof SignedBy.Unclear unclear) {
      throw new Refusal("its DKIM signature cannot be verified now: " + unclear.reason());
    }
    if (requireDkim && signers instanceof SignedBy.Nobody nobody) {
      throw new Refusal(nobody.reason());
    }
    for (byte[] document : documents) {
      keep(mail, document, signers);
    }
  }

  private void keep(Mail mail, byte[] document, SignedBy signers)
      throws Refusal, MessagingException {
    ReceivedReport report;
    try {
      report = ReportReader.read(document);
    } catch (UnreadableReportException e) {
      throw new Refusal(e.reason());
    }
    DomainName submitter = submitter(mail.getMessage(), report);
    if (signers instanceof SignedBy.Domains domains && !domains.covers(submitter)) {
      throw new Refusal(
          "the mail is signed by %s, the report is of %s".formatted(domains.domains(), submitter));
    }
    ReceivedReports.Outcome outcome = reports.add(kept(submitter, report), document);
    switch (outcome) {
      case ADDED ->
          LOGGER.info(
              "{}: report of {} about {}: {} sessions went well, {} failed",
              mail.getName(),
              submitter,
              PrintableText.of(about(report).toString(), SHOWN),
              report.successfulSessions(),
              report.failedSessions());
      case KNOWN -> LOGGER.info("{}: report of {} that is here already", mail.getName(), submitter);
      case FULL -> throw new Refusal("as many reports are kept as may be");
      case UNAVAILABLE -> throw new Refusal("the store fails");
    }
  }

  private KeptReport kept(DomainName submitter, ReceivedReport report) {
    return new KeptReport(
        submitter.value(),
        report.reportId(),
        report.begin(),
        report.end(),
        about(report),
        report.successfulSessions(),
        report.failedSessions(),
        clock.instant());
  }

  private static List<String> about(ReceivedReport report) {
    return report.policies().stream()
        .flatMap(policy -> policy.policyDomain().stream())
        .map(domain -> PrintableText.of(domain, SHOWN))
        .distinct()
        .toList();
  }

  /** Who reports: what the report says goes before what the mail says (RFC 8460 §5.6). */
  private static DomainName submitter(MimeMessage message, ReceivedReport report)
      throws Refusal, MessagingException {
    Optional<DomainName> ofHeader =
        Optional.ofNullable(message.getHeader("TLS-Report-Submitter", null))
            .flatMap(name -> Mailbox.parse("a@" + name.strip()))
            .map(Mailbox::domain);
    Optional<DomainName> ofSender =
        Stream.ofNullable(message.getFrom())
            .flatMap(Stream::of)
            .filter(InternetAddress.class::isInstance)
            .flatMap(from -> Mailbox.parse(((InternetAddress) from).getAddress()).stream())
            .map(Mailbox::domain)
            .findFirst();
    return report
        .contactInfo()
        .flatMap(Mailbox::parse)
        .map(Mailbox::domain)
        .or(() -> ofHeader)
        .or(() -> ofSender)
        .orElseThrow(() -> new Refusal("nobody says who reports"));
  }

  private void refuse(Mail mail, String reason) {
    String shown = PrintableText.of(reason, SHOWN);
    LOGGER.warn("{}: no report to be kept, {}", mail.getName(), shown);
    mail.setAttribute(new Attribute(REFUSED, AttributeValue.of(shown)));
    mail.setErrorMessage(shown);
    mail.setState(errorProcessor);
  }
}
