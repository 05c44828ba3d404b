package org.jamessts.tlsrpt.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.document.DraftReport;
import org.jamessts.tlsrpt.testing.SampleReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The XML of 2016 (draft-margolis-smtp-sts-00, Appendix 3), as our own reports are written. */
class DraftReportReaderTest {

  private static final String REPORT =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <feedback xmlns="http://www.example.org/smtp-sts-xml/0.1"><version>0.1</version>
        <report_metadata><org_name>Company &amp; Sons</org_name><email>r@example.org</email>
          <report_id>7</report_id>
          <date_range><begin>1772323200</begin><end>1772409599</end></date_range></report_metadata>
        <applied_policy><domain>example.test</domain><mx>mx.example.test,*.example.test</mx>
          <constraint>WebPKI</constraint></applied_policy>
        <enforcement_level>Reject</enforcement_level>
        <record><failure>ExpiredCertificate</failure><count>3</count>
          <hostname>mx.example.test</hostname><connectedIp>192.0.2.1</connectedIp>
          <sourceIp>2001:db8::1</sourceIp></record>
        <record><failure>MxMismatch</failure><count>1</count><hostname>evil.test</hostname></record>
      </feedback>
      """;

  private static ReceivedReport read(String text) throws UnreadableReportException {
    return ReportReader.readAny(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyPartShouldBeRead() throws Exception {
    ReceivedReport report = read(REPORT);

    assertThat(report.organizationName()).contains("Company & Sons");
    assertThat(report.contactInfo()).contains("r@example.org");
    assertThat(report.reportId()).isEqualTo("7");
    assertThat(report.begin()).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
    assertThat(report.end()).isEqualTo(Instant.parse("2026-03-01T23:59:59Z"));
    assertThat(report.failedSessions()).isEqualTo(4);
    ReceivedReport.Policy policy = report.policies().get(0);
    assertThat(policy.type()).isEqualTo("sts1");
    assertThat(policy.policyDomain()).contains("example.test");
    assertThat(policy.mxHost()).containsExactly("mx.example.test", "*.example.test");
    ReceivedReport.Failure expired = policy.failures().get(0);
    assertThat(expired.resultType()).isEqualTo("ExpiredCertificate");
    assertThat(expired.failedSessions()).isEqualTo(3);
    assertThat(expired.receivingMxHostname()).contains("mx.example.test");
    assertThat(expired.receivingIp()).contains("192.0.2.1");
    assertThat(expired.sendingMtaIp()).contains("2001:db8::1");
    assertThat(policy.failures().get(1).receivingIp()).isEmpty();
  }

  @Test
  void gapsBetweenElementsShouldNotMatter() throws Exception {
    assertThat(read(REPORT.replaceAll(">\\s+<", "><"))).isEqualTo(read(REPORT));
  }

  private static DraftReport ourOwn(CountedFailure failure) {
    String record =
        "v=STS1; to=true; mx=mx.example.com; a=dnssec; c=webpki; e=90; rua=mailto:a@b.test";
    return DraftReport.of(
            SampleReports.REPORTER, SampleReports.report(SampleReports.draft(record, failure)))
        .get(0);
  }

  /** What we write ourselves. */
  @Test
  void ourOwnReportShouldBeRead() throws Exception {
    CountedFailure expired = SampleReports.failure(ResultType.CERTIFICATE_EXPIRED, "expired", 100);

    assertThat(ReportReader.readAny(ourOwn(expired).document()).failedSessions()).isEqualTo(100);
  }

  /** A certificate is longer than any text of the draft's. */
  @Test
  void whatHostsShowedShouldBePassedOver() throws Exception {
    CountedFailure expired = SampleReports.failure(ResultType.CERTIFICATE_EXPIRED, "expired", 100);
    CountedFailure detailed =
        new CountedFailure(
            expired.failure(),
            expired.sessions(),
            Optional.of(new ForensicDetails(Optional.of("hello"), List.of("A".repeat(20_000)), 4)));
    DraftReport own = ourOwn(detailed);

    assertThat(new String(own.document(), StandardCharsets.UTF_8)).contains("A".repeat(20_000));
    assertThat(ReportReader.readAny(own.document()))
        .isEqualTo(ReportReader.readAny(own.shorter().orElseThrow()));
  }

  /** Their names may be the draft's. */
  @ParameterizedTest
  @ValueSource(strings = {"<record>", "<report_metadata>", "<version>"})
  void additionsOfStrangersShouldBePassedOver(String place) throws Exception {
    String addition =
        "<x:record xmlns:x='urn:x'><count>7</count><x:failure>x<record>x</record></x:failure>"
            + "<report_id>8</report_id></x:record>";

    assertThat(read(REPORT.replace(place, place + addition))).isEqualTo(read(REPORT));
  }

  /** By the schema as the draft has it. */
  @Test
  void elementsWithoutANamespaceShouldBeRead() throws Exception {
    String unqualified =
        REPORT
            .replace("<feedback xmlns=", "<s:feedback xmlns:s=")
            .replace("/feedback", "/s:feedback");

    assertThat(read(unqualified)).isEqualTo(read(REPORT));
  }

  @Test
  void compressedReportShouldBeReadToo() throws Exception {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(octets)) {
      out.write(REPORT.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }

    assertThat(ReportReader.readAny(octets.toByteArray()).reportId()).isEqualTo("7");
  }

  @ParameterizedTest
  @CsvSource({
    "<report_id>7</report_id>, '', report_id is missing",
    "<begin>1772323200</begin>, <begin>yesterday</begin>, begin is no number",
    "<count>3</count>, <count>-3</count>, count is no number",
    "<count>3</count>, <count>99999999999999999999</count>, count is no number",
    "</feedback>, '', it is no XML",
    "<end>1772409599</end>, <end>1</end>, the period ends before it begins",
    "feedback, report, the document is no feedback"
  })
  void otherDocumentsShouldBeRefused(String part, String other, String reason) {
    assertThatThrownBy(() -> read(REPORT.replace(part, other)))
        .isInstanceOf(UnreadableReportException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void entitiesOfTheDocumentShouldNotBeExpanded() {
    String bomb =
        "<!DOCTYPE feedback [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
            + "<feedback><report_id>&a;</report_id></feedback>";

    assertThatThrownBy(() -> read(bomb)).isInstanceOf(UnreadableReportException.class);
  }

  /** The JDK's parser has no message for this one. */
  @Test
  void octetOutsideXmlInADtdShouldBeRefused() {
    assertThatThrownBy(
            () -> read("<!DOCTYPE feedback [\0]>" + REPORT.substring(REPORT.indexOf("<feedback"))))
        .isInstanceOf(UnreadableReportException.class)
        .hasMessageContaining("it is no XML");
  }

  @Test
  void deepDocumentShouldBeRefused() {
    String deep = "<feedback>" + "<a>".repeat(200_000) + "</a>".repeat(200_000) + "</feedback>";

    assertThatThrownBy(() -> read(deep))
        .isInstanceOf(UnreadableReportException.class)
        .hasMessageContaining("nested too deep");
  }

  @Test
  void elementsThatFollowEachOtherShouldNotCountAsDepth() throws UnreadableReportException {
    assertThat(read(REPORT.replace("<version>", "<a></a>".repeat(200) + "<version>")))
        .isEqualTo(read(REPORT));
  }

  @Test
  void longTextShouldBeRefused() {
    assertThatThrownBy(() -> read(REPORT.replace("Company", "x".repeat(20_000))))
        .isInstanceOf(UnreadableReportException.class)
        .hasMessageContaining("too long");
  }
}
