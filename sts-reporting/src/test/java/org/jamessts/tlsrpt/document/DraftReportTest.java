package org.jamessts.tlsrpt.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.tlsrpt.testing.SampleReports.REPORTER;
import static org.jamessts.tlsrpt.testing.SampleReports.draft;
import static org.jamessts.tlsrpt.testing.SampleReports.failure;
import static org.jamessts.tlsrpt.testing.SampleReports.report;
import static org.jamessts.tlsrpt.testing.SampleReports.sts;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.discover.ReportEndpoint;
import org.jamessts.tlsrpt.testing.ReportSchemas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DraftReportTest {

  private static final String ENFORCED =
      "v=STS1; to=true; mx=mx1.example.com,*.example.net; a=dnssec; c=tlsa; e=86400;"
          + " rua=mailto:sts@example.com!10m,https://example.com/sts";

  /** The one that Appendix 2 of the draft has. */
  private static final String REPORT_ONLY = "v=STS1; to=false; rua=mailto:sts-feedback@example.com";

  private static final CountedFailure EXPIRED =
      failure(ResultType.CERTIFICATE_EXPIRED, "expired", 100);

  private static List<DraftReport> reports(String record, CountedFailure... failures) {
    List<DraftReport> reports = DraftReport.of(REPORTER, report(draft(record, failures), sts()));
    assertThat(reports)
        .allSatisfy(report -> assertThat(ReportSchemas.draftProblems(report.document())).isEmpty());
    return reports;
  }

  private static String xml(String record, CountedFailure... failures) {
    List<DraftReport> reports = reports(record, failures);
    assertThat(reports).hasSize(1);
    return new String(reports.get(0).document(), UTF_8);
  }

  /** -00 §4, Appendix 3. */
  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A23", in = DraftReport.class)
  void dayShouldBeToldInFull() {
    assertThat(xml(ENFORCED, EXPIRED).replace("><", ">\n<"))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <feedback xmlns="http://www.example.org/smtp-sts-xml/0.1">
            <version>0.1</version>
            <report_metadata>
            <org_name>Ourselves &amp; Söhne</org_name>
            <email>tls-reports@ours.example</email>
            <report_id>0123456789abcdef0123456789abcdef</report_id>
            <date_range>
            <begin>1795651200</begin>
            <end>1795737599</end>
            </date_range>
            </report_metadata>
            <applied_policy>
            <domain>example.com</domain>
            <mx>mx1.example.com,*.example.net</mx>
            <constraint>TLSA</constraint>
            </applied_policy>
            <enforcement_level>Reject</enforcement_level>
            <record>
            <failure>ExpiredCertificate</failure>
            <count>100</count>
            <hostname>mx1.example.com</hostname>
            <connectedIp>2001:db8::25</connectedIp>
            <sourceIp>192.0.2.1</sourceIp>
            </record>
            </feedback>"""
                .stripTrailing());
  }

  @Test
  void recordWithoutTlsOnlyShouldBeReportOnlyUnderWebPki() {
    assertThat(xml(REPORT_ONLY, EXPIRED))
        .contains(
            "<mx></mx><constraint>WebPKI</constraint>",
            "<enforcement_level>ReportOnly</enforcement_level>");
  }

  @Test
  void recipientsShouldBeThoseOfTheRecordWithTheirSizes() {
    DomainName domain = new DomainName("example.com");

    assertThat(reports(ENFORCED, EXPIRED).get(0).recipients())
        .isEqualTo(
            Map.of(
                new ReportEndpoint.Mailbox("sts", domain),
                OptionalLong.of(10L << 20),
                new ReportEndpoint.Resource(domain, 443, "/sts"),
                OptionalLong.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "STARTTLS_NOT_SUPPORTED, StarttlsNotSupported",
    "CERTIFICATE_HOST_MISMATCH, CertificateMismatch",
    "CERTIFICATE_EXPIRED, ExpiredCertificate",
    "CERTIFICATE_NOT_TRUSTED, InvalidCertificate",
    "VALIDATION_FAILURE, StarttlsNotSupported",
    "TLSA_INVALID, TlsaInvalid",
    "DNSSEC_INVALID, DnssecInvalid",
    "DANE_REQUIRED, TlsaInvalid",
    "STS_WEBPKI_INVALID, InvalidCertificate",
    "SENDER_DOES_NOT_SUPPORT_VALIDATION_METHOD, SenderDoesNotSupportValidationMethod"
  })
  void typeShouldHaveItsWord(ResultType type, String word) {
    assertThat(xml(ENFORCED, failure(type, "reason", 1)))
        .contains("<failure>" + word + "</failure>");
  }

  @Test
  void hostThatThePolicyDoesNotNameShouldBeAMismatch() {
    CountedFailure passedOver =
        new CountedFailure(
            new SessionFailure(
                ResultType.VALIDATION_FAILURE,
                SessionPeers.host(new DomainName("evil.example.net")),
                "not named"),
            3);

    assertThat(xml(ENFORCED, passedOver))
        .contains(
            "<failure>MxMismatch</failure><count>3</count><hostname>evil.example.net</hostname>"
                + "</record>");
  }

  @Test
  void failuresThatLookAlikeShouldBeAddedUp() {
    assertThat(
            xml(
                ENFORCED,
                EXPIRED,
                failure(ResultType.CERTIFICATE_EXPIRED, "expired for another reason", 11)))
        .containsOnlyOnce("<record>")
        .contains("<count>111</count>");
  }

  private static CountedFailure shown(CountedFailure counted, ForensicDetails details) {
    return new CountedFailure(counted.failure(), counted.sessions(), Optional.of(details));
  }

  private static ForensicDetails hello(String... certificates) {
    return new ForensicDetails(Optional.of("mx1.example.com ESMTP"), List.of(certificates), 0);
  }

  private static String withoutDetails(String xml) {
    return xml.replaceAll("<forensic_details .*?</forensic_details>", "");
  }

  /** -00 §7 leaves open how. */
  @Test
  void whatHostsShowedShouldFollowTheFailureInItsOwnNamespace() {
    String told =
        xml(
            ENFORCED,
            shown(
                EXPIRED,
                new ForensicDetails(Optional.of("<b> & ]]> \u0001"), List.of("AAAA", "BBBB"), 3)));

    assertThat(told)
        .contains(
            "<sourceIp>192.0.2.1</sourceIp>"
                + "<forensic_details xmlns=\"urn:uuid:3d76c3fd-6866-4980-a43d-fa66203ba002\">"
                + "<banner>&lt;b&gt; &amp; ]]&gt; \ufffd</banner>"
                + "<certificate>AAAA</certificate><certificate>BBBB</certificate>"
                + "<certificates_left_out>3</certificates_left_out>"
                + "</forensic_details></record>");
    assertThat(withoutDetails(told)).isEqualTo(xml(ENFORCED, EXPIRED));
  }

  @Test
  void failuresThatLookAlikeShouldTellWhatTheirHostsShowedEachOnce() {
    String told =
        xml(
            ENFORCED,
            shown(EXPIRED, hello("AAAA")),
            shown(failure(ResultType.CERTIFICATE_EXPIRED, "another reason", 11), hello("AAAA")),
            shown(failure(ResultType.CERTIFICATE_EXPIRED, "a third one", 1), hello("BBBB")),
            failure(ResultType.CERTIFICATE_EXPIRED, "one of which nothing is kept", 1));

    assertThat(told)
        .containsOnlyOnce("<record>")
        .containsOnlyOnce("<certificate>AAAA</certificate>")
        .containsOnlyOnce("<certificate>BBBB</certificate>")
        .contains("<count>113</count>");
  }

  @Test
  void whatHostsShowedShouldBeLeftOutWhereTheReportWouldBeTooLarge() {
    DraftReport report = reports(ENFORCED, shown(EXPIRED, hello("A".repeat(4_000)))).get(0);
    byte[] plain = reports(ENFORCED, EXPIRED).get(0).document();

    assertThat(report.document()).hasSizeGreaterThan(4_000);
    assertThat(report.within(OptionalLong.empty())).isEqualTo(report.document());
    assertThat(report.within(OptionalLong.of(report.document().length)))
        .isEqualTo(report.document());
    assertThat(report.within(OptionalLong.of(report.document().length - 1))).isEqualTo(plain);
    assertThat(report.within(OptionalLong.of(1))).isEqualTo(plain);
    assertThat(reports(ENFORCED, EXPIRED).get(0).shorter()).isEmpty();
  }

  /** A record must be there at least once, and somebody who wants it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "v=STS1; to=false",
        "v=STS1; to=false; rua=tel:+4930",
        "v=STS1; to=maybe; rua=mailto:a@example.com"
      })
  void nobodyShouldGetAReportThatHeDidNotAskFor(String record) {
    assertThat(reports(record, EXPIRED)).isEmpty();
  }

  @Test
  void dayWithoutFailuresThatTheDraftKnowsShouldHaveNoReport() {
    assertThat(reports(ENFORCED)).isEmpty();
    assertThat(reports(ENFORCED, failure(ResultType.STS_POLICY_FETCH_ERROR, "refused", 1)))
        .isEmpty();
  }
}
