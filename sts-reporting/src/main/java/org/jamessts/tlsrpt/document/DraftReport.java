package org.jamessts.tlsrpt.document;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.sts2016.Constraint;
import org.jamessts.sts2016.ReportUri;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.discover.ReportEndpoint;

/**
 * What a day's failures under one {@code v=STS1} record are told in (-00 §4), with the record's own
 * word on who wants it.
 *
 * @param document XML in UTF-8; shared, not to be changed
 * @param shorter the same without what hosts showed, where it has any of that; shared likewise
 * @param recipients each place once and the largest document that it takes, in octets
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DraftReport(
    byte[] document, Optional<byte[]> shorter, Map<ReportEndpoint, OptionalLong> recipients) {

  private static final String NAMESPACE = "http://www.example.org/smtp-sts-xml/0.1";

  /** Of what the draft has no place for; of {@code forensic-details.xsd}. */
  private static final String DETAILS_NAMESPACE = "urn:uuid:3d76c3fd-6866-4980-a43d-fa66203ba002";

  /** Strangers choose how many places a record names. */
  private static final int MAX_ENDPOINTS = 10;

  public DraftReport {
    recipients = Map.copyOf(recipients);
  }

  /** A line of the report: {@code record} of Appendix 3. */
  private record Line(
      String failure, String host, Optional<String> connected, Optional<String> source)
      implements Comparable<Line> {
    @Override
    public int compareTo(Line other) {
      return toString().compareTo(other.toString());
    }
  }

  /**
   * The failures of a line.
   *
   * @param sessions in how many they were seen
   * @param details what hosts showed, each once
   */
  private record Told(long sessions, Set<ForensicDetails> details) {
    Told plus(Told other) {
      Set<ForensicDetails> all = new LinkedHashSet<>(details);
      all.addAll(other.details);
      return new Told(sessions + other.sessions, all);
    }

    Told withoutDetails() {
      return new Told(sessions, Set.of());
    }
  }

  /** The document for a place that takes so much: what hosts showed is left out first. */
  byte[] within(OptionalLong maxOctets) {
    return document.length > maxOctets.orElse(Long.MAX_VALUE) ? shorter.orElse(document) : document;
  }

  /**
   * The reports that a day has, one for each record that was applied, wants reports and saw
   * failures.
   */
  public static List<DraftReport> of(Reporter reporter, DailyReport report) {
    return report.policies().stream()
        .filter(summary -> summary.policy().type() == AppliedPolicy.Type.DRAFT)
        .flatMap(summary -> of(reporter, report, summary).stream())
        .toList();
  }

  private static Optional<DraftReport> of(
      Reporter reporter, DailyReport report, PolicySummary summary) {
    String text = String.join("\n", summary.policy().policyString());
    if (!(SmtpStsRecord.parse(text) instanceof SmtpStsRecordParse.Parsed parsed)) {
      return Optional.empty();
    }
    SmtpStsRecord record = parsed.record();
    Map<ReportEndpoint, OptionalLong> recipients = recipients(record);
    Map<Line, Told> lines = lines(summary);
    if (recipients.isEmpty() || lines.isEmpty()) {
      return Optional.empty();
    }
    byte[] document = write(reporter, report, record, lines);
    Optional<byte[]> shorter = Optional.empty();
    if (lines.values().stream().anyMatch(told -> !told.details().isEmpty())) {
      lines.replaceAll((line, told) -> told.withoutDetails());
      shorter = Optional.of(write(reporter, report, record, lines));
    }
    return Optional.of(new DraftReport(document, shorter, recipients));
  }

  private static Map<ReportEndpoint, OptionalLong> recipients(SmtpStsRecord record) {
    Map<ReportEndpoint, OptionalLong> recipients = new LinkedHashMap<>();
    for (ReportUri rua : record.rua()) {
      if (recipients.size() < MAX_ENDPOINTS) {
        ReportEndpoint.of(rua.uri())
            .ifPresent(endpoint -> recipients.putIfAbsent(endpoint, rua.maxOctets()));
      }
    }
    return recipients;
  }

  private static Map<Line, Told> lines(PolicySummary summary) {
    Map<Line, Told> lines = new TreeMap<>();
    for (CountedFailure counted : summary.failures()) {
      SessionFailure failure = counted.failure();
      String host = failure.peers().receivingMx().orElse(summary.policy().policyDomain()).value();
      word(failure)
          .ifPresent(
              word ->
                  lines.merge(
                      new Line(
                          word,
                          host,
                          failure.peers().receivingIp().map(IpText::of),
                          failure.peers().sendingIp().map(IpText::of)),
                      new Told(counted.sessions(), counted.details().map(Set::of).orElse(Set.of())),
                      Told::plus));
    }
    return lines;
  }

  /** {@code FailureType} of Appendix 3; nothing for what kept the policy from being had. */
  private static Optional<String> word(SessionFailure failure) {
    return switch (failure.type()) {
      case STARTTLS_NOT_SUPPORTED -> Optional.of("StarttlsNotSupported");
      case CERTIFICATE_HOST_MISMATCH -> Optional.of("CertificateMismatch");
      case CERTIFICATE_EXPIRED -> Optional.of("ExpiredCertificate");
      case CERTIFICATE_NOT_TRUSTED, STS_WEBPKI_INVALID -> Optional.of("InvalidCertificate");
      // A host that the policy does not name is passed over, and not contacted.
      case VALIDATION_FAILURE ->
          Optional.of(
              failure.peers().receivingIp().isPresent() ? "StarttlsNotSupported" : "MxMismatch");
      case TLSA_INVALID, DANE_REQUIRED -> Optional.of("TlsaInvalid");
      case DNSSEC_INVALID -> Optional.of("DnssecInvalid");
      case SENDER_DOES_NOT_SUPPORT_VALIDATION_METHOD ->
          Optional.of("SenderDoesNotSupportValidationMethod");
      case STS_POLICY_FETCH_ERROR, STS_POLICY_INVALID -> Optional.empty();
    };
  }

  private static byte[] write(
      Reporter reporter, DailyReport report, SmtpStsRecord record, Map<Line, Told> lines) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try {
      XMLStreamWriter out =
          XMLOutputFactory.newDefaultFactory()
              .createXMLStreamWriter(octets, StandardCharsets.UTF_8.name());
      out.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      out.writeStartElement("feedback");
      out.writeDefaultNamespace(NAMESPACE);
      element(out, "version", "0.1");
      metadata(out, reporter, report);
      out.writeStartElement("applied_policy");
      element(out, "domain", report.policyDomain().value());
      element(
          out,
          "mx",
          record.mx().stream().map(DraftReport::asPublished).collect(Collectors.joining(",")));
      element(
          out,
          "constraint",
          record.constraint().filter(Constraint.TLSA::equals).isPresent() ? "TLSA" : "WebPKI");
      out.writeEndElement();
      element(out, "enforcement_level", record.tlsOnly() ? "Reject" : "ReportOnly");
      for (Map.Entry<Line, Told> line : lines.entrySet()) {
        line(out, line.getKey(), line.getValue());
      }
      out.writeEndElement();
      out.writeEndDocument();
      out.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("plain text can always be written", e);
    }
    return octets.toByteArray();
  }

  private static String asPublished(MxPattern pattern) {
    return pattern.kind() == MxPattern.Kind.SUBDOMAINS ? "*." + pattern.name() : pattern.toString();
  }

  private static void metadata(XMLStreamWriter out, Reporter reporter, DailyReport report)
      throws XMLStreamException {
    ReportPeriod period = ReportPeriod.of(report.day());
    out.writeStartElement("report_metadata");
    element(out, "org_name", reporter.organizationName());
    element(out, "email", reporter.contact().address());
    element(out, "report_id", report.id().value());
    out.writeStartElement("date_range");
    element(out, "begin", Long.toString(period.begin().getEpochSecond()));
    element(out, "end", Long.toString(period.end().getEpochSecond()));
    out.writeEndElement();
    out.writeEndElement();
  }

  private static void line(XMLStreamWriter out, Line line, Told told) throws XMLStreamException {
    out.writeStartElement("record");
    element(out, "failure", line.failure());
    element(out, "count", Long.toString(told.sessions()));
    element(out, "hostname", line.host());
    if (line.connected().isPresent()) {
      element(out, "connectedIp", line.connected().get());
    }
    if (line.source().isPresent()) {
      element(out, "sourceIp", line.source().get());
    }
    for (ForensicDetails shown : told.details()) {
      details(out, shown);
    }
    out.writeEndElement();
  }

  /** {@code forensic_details} of {@code forensic-details.xsd}. */
  private static void details(XMLStreamWriter out, ForensicDetails shown)
      throws XMLStreamException {
    out.writeStartElement("forensic_details");
    out.writeDefaultNamespace(DETAILS_NAMESPACE);
    if (shown.banner().isPresent()) {
      element(out, "banner", shown.banner().get());
    }
    for (String certificate : shown.certificates()) {
      element(out, "certificate", certificate);
    }
    if (shown.leftOut() > 0) {
      element(out, "certificates_left_out", Integer.toString(shown.leftOut()));
    }
    out.writeEndElement();
  }

  private static void element(XMLStreamWriter out, String name, String value)
      throws XMLStreamException {
    out.writeStartElement(name);
    out.writeCharacters(PlainText.of(value));
    out.writeEndElement();
  }
}
