package org.jamessts.tlsrpt.receive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jamessts.tlsrpt.testing.SampleReports.REPORTER;
import static org.jamessts.tlsrpt.testing.SampleReports.none;
import static org.jamessts.tlsrpt.testing.SampleReports.report;
import static org.jamessts.tlsrpt.testing.SampleReports.sts;
import static org.jamessts.tlsrpt.testing.SampleReports.tlsa;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.document.ReportFile;
import org.jamessts.tlsrpt.receive.UnreadableReportException.Kind;
import org.jamessts.tlsrpt.testing.ReportSchemas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ReportReaderTest {

  private static final String POLICIES =
      """
      [{"policy": {"policy-type": "sts", "policy-domain": "a.example"},
        "summary": {"total-successful-session-count": 1, "total-failure-session-count": 2}}]""";

  private static final String REPORT =
      """
      {"organization-name": "X", "contact-info": "x@x.example", "report-id": "1",
       "date-range": {"start-datetime": "2026-11-26T00:00:00Z",
                      "end-datetime": "2026-11-27T00:00:00Z"},
       "policies": %s}"""
          .formatted(POLICIES);

  private static ReceivedReport read(String json) throws UnreadableReportException {
    return ReportReader.read(json.getBytes(UTF_8));
  }

  private static UnreadableReportException refusal(byte[] octets) {
    UnreadableReportException refusal =
        catchThrowableOfType(UnreadableReportException.class, () -> ReportReader.read(octets));
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).hasSizeLessThan(1000).matches("[\\x20-\\x7e]+");
    return refusal;
  }

  private static byte[] gzip(byte[] octets) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(octets);
    }
    return out.toByteArray();
  }

  private static byte[] appendixB() throws IOException {
    try (InputStream in = ReportReaderTest.class.getResourceAsStream("rfc8460-appendix-b.json")) {
      assertThat(in).isNotNull();
      return in.readAllBytes();
    }
  }

  @Test
  void exampleOfTheRfcShouldBeRead() throws Exception {
    ReceivedReport report = ReportReader.read(appendixB());

    assertThat(report.organizationName()).contains("Company-X");
    assertThat(report.contactInfo()).contains("sts-reporting@company-x.example");
    assertThat(report.reportId()).isEqualTo("5065427c-23d3-47ca-b6e0-946ea0e8c4be");
    assertThat(report.begin()).isEqualTo(Instant.parse("2016-04-01T00:00:00Z"));
    assertThat(report.end()).isEqualTo(Instant.parse("2016-04-01T23:59:59Z"));
    assertThat(report.successfulSessions()).isEqualTo(5326);
    assertThat(report.failedSessions()).isEqualTo(303);
    ReceivedReport.Policy policy = report.policies().get(0);
    assertThat(policy.type()).isEqualTo("sts");
    assertThat(policy.policyDomain()).contains("company-y.example");
    assertThat(policy.policyString())
        .containsExactly(
            "version: STSv1", "mode: testing", "mx: *.mail.company-y.example", "max_age: 86400");
    assertThat(policy.mxHost()).containsExactly("*.mail.company-y.example");
    assertThat(policy.failures()).hasSize(3);
    assertThat(policy.failures().get(1))
        .isEqualTo(
            new ReceivedReport.Failure(
                "starttls-not-supported",
                Optional.of("2001:db8:abcd:0013::1"),
                Optional.of("mx2.mail.company-y.example"),
                Optional.empty(),
                Optional.of("203.0.113.56"),
                200,
                Optional.of(
                    "https://reports.company-x.example/report_info?id=5065427c-23d3"
                        + "#StarttlsNotSupported"),
                Optional.empty()));
    assertThat(policy.failures().get(2).failureReasonCode())
        .contains("X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED");
  }

  /** The schema by which our reports are judged is none of ours alone. */
  @Test
  void exampleOfTheRfcShouldKeepToOurSchema() throws Exception {
    assertThat(ReportSchemas.problems(appendixB())).isEmpty();
  }

  @Test
  void ownReportShouldBeReadBack() throws Exception {
    ReceivedReport report =
        ReportReader.read(ReportFile.ofJson(REPORTER, report(sts(), tlsa(), none())).content());

    assertThat(report.organizationName()).contains("Ourselves & Söhne");
    assertThat(report.reportId()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(report.policies())
        .extracting(ReceivedReport.Policy::type)
        .containsExactly("sts", "tlsa", "no-policy-found");
    assertThat(report.policies().get(0).policyString()).isEqualTo(sts().policy().policyString());
    assertThat(report.policies().get(0).mxHost()).isEqualTo(sts().policy().mxHost());
    assertThat(report.policies().get(0).failures().get(0))
        .isEqualTo(
            new ReceivedReport.Failure(
                "certificate-expired",
                Optional.of("192.0.2.1"),
                Optional.of("mx1.example.com"),
                Optional.of("mx1.example.com"),
                Optional.of("2001:db8::25"),
                100,
                Optional.empty(),
                Optional.of("expired on 2026-11-01")));
    assertThat(report.successfulSessions()).isEqualTo(5326 + 7 + 12);
  }

  @Test
  void compressedReportShouldBeRead() throws Exception {
    assertThat(ReportReader.read(gzip(REPORT.getBytes(UTF_8)))).isEqualTo(read(REPORT));
  }

  /** All of these have been seen, or are as likely. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"contact-info\": \"x@x.example\"`|`\"contact-info\": null`",
        "`\"contact-info\": \"x@x.example\",`|``",
        "`\"organization-name\": \"X\",`|``",
        "`\"policy-domain\": \"a.example\"`|`\"mx-host\": \"*.a.example\"`",
        "`\"policy-domain\": \"a.example\"`|`\"mx-host\": [\"*.a.example\", null]`",
        "`\"policy-domain\": \"a.example\"`|`\"policy-string\": \"version: STSv1\"`",
        "`\"policy-domain\": \"a.example\"`|`\"policy-string\": null`",
        "`\"policy-domain\": \"a.example\"`|`\"unknown\": {\"deep\": [[[{}]]]}`",
        "`-count\": 1,`|`-count\": \"1\",`",
        "`\"summary\"`|`\"failure-details\": null, \"summary\"`",
        "`\"summary\"`|`\"failure-details\": [], \"summary\"`",
        "`\"summary\"`|`\"failure-details\": {\"result-type\": \"x\"}, \"summary\"`",
        "`2026-11-26T00:00:00Z`|`2026-11-26T00:00:00`",
        "`2026-11-26T00:00:00Z`|`2026-11-26 00:00:00.000Z`",
        "`2026-11-26T00:00:00Z`|`2026-11-26T01:00:00+01:00`",
        "`\"sts\"`|`\"of-tomorrow\"`"
      })
  void reportThatIsNotQuiteRightShouldBeRead(String right, String wrong) throws Exception {
    assertThat(REPORT).contains(right);
    ReceivedReport report = read(REPORT.replace(right, wrong));

    assertThat(report.begin()).isEqualTo(Instant.parse("2026-11-26T00:00:00Z"));
    assertThat(report.successfulSessions()).isEqualTo(1);
    assertThat(report.failedSessions()).isEqualTo(2);
  }

  @Test
  void oneHostShouldBeAListOfOne() throws Exception {
    assertThat(
            read(REPORT.replace("\"policy-domain\": \"a.example\"", "\"mx-host\": \"*.a.example\""))
                .policies()
                .get(0)
                .mxHost())
        .containsExactly("*.a.example");
  }

  @Test
  void onePolicyWithoutAnArrayShouldBeAListOfOne() throws Exception {
    String one = POLICIES.substring(1, POLICIES.length() - 1);

    assertThat(read(REPORT.replace(POLICIES, one))).isEqualTo(read(REPORT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"report-id\": \"1\",`|``|the report has no report-id",
        "`\"report-id\": \"1\",`|`\"report-id\": \"\",`|the report has no report-id",
        "`\"report-id\": \"1\",`|`\"report-id\": 1,`|the report has no report-id",
        "`\"date-range\"`|`\"range\"`|the report has no date-range",
        "`start-datetime`|`start`|no start-datetime",
        "`2026-11-26T00:00:00Z`|`2026-11-28T00:00:00Z`|ends before it begins",
        "`2026-11-26T00:00:00Z`|`2026-02-30T00:00:00Z`|is not allowed; allowed is a moment",
        "`2026-11-26T00:00:00Z`|`yesterday`|is not allowed; allowed is a moment",
        "`\"policies\"`|`\"politics\"`|the report has no policies",
        "`\"policy-type\": \"sts\", `|``|a policy has no policy-type",
        "`\"summary\"`|`\"winter\"`|a policy has no summary",
        "`-count\": 1,`|`-count\": -1,`|allowed is a whole number",
        "`-count\": 1,`|`-count\": 1.5,`|allowed is a whole number",
        "`-count\": 1,`|`-count\": 9999999999999999999,`|allowed is a whole number",
        "`-count\": 1,`|`-count\": \"many\",`|allowed is a whole number",
        "`\"summary\"`|`\"failure-details\": [{}], \"summary\"`|no result-type",
        "`\"X\"`|`\"X`|is not JSON",
        "`{\"organization-name\"`|`[\"organization-name\"`|allowed is an object"
      })
  void textThatIsNoReportShouldBeRefusedWithTheReason(String right, String wrong, String reason) {
    assertThat(REPORT).contains(right);
    UnreadableReportException refusal =
        refusal(REPORT.replace(right, wrong == null ? "" : wrong).getBytes(UTF_8));

    assertThat(refusal.kind()).isEqualTo(Kind.NOT_A_REPORT);
    assertThat(refusal.reason()).contains(reason);
  }

  @Test
  void damagedGzipShouldBeRefused() throws Exception {
    byte[] gzip = gzip(REPORT.getBytes(UTF_8));

    assertThat(refusal(Arrays.copyOf(gzip, gzip.length - 9)).kind()).isEqualTo(Kind.NOT_GZIP);
    assertThat(refusal(new byte[] {0x1f, (byte) 0x8b}).kind()).isEqualTo(Kind.NOT_GZIP);
  }

  /** A hundred megabytes of blanks, in a tenth of one. */
  @Test
  @Rule(value = "RFC 8460 T14", in = ReportReader.class)
  void gzipBombShouldNotBeInflatedBeyondTheBound() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      byte[] blanks = " ".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 100; i++) {
        gzip.write(blanks);
      }
    }
    assertThat(out.size()).isLessThan(200_000);

    UnreadableReportException refusal = refusal(out.toByteArray());

    assertThat(refusal.kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refusal.reason()).isEqualTo("inflated, the report has over 20000000 octets");
  }

  @Test
  void largestReportShouldBeReadAndOneOctetMoreRefused() throws Exception {
    byte[] largest = Arrays.copyOf(REPORT.getBytes(UTF_8), ReportReader.MAX_OCTETS);
    Arrays.fill(largest, REPORT.getBytes(UTF_8).length, largest.length, (byte) ' ');

    assertThat(ReportReader.read(largest)).isEqualTo(read(REPORT));
    assertThat(refusal(new byte[ReportReader.MAX_OCTETS + 1]).kind()).isEqualTo(Kind.TOO_LARGE);
  }

  @Test
  void manySmallThingsShouldBeRefused() {
    String members = "\"x\": [" + "0,".repeat(ReportReader.MAX_TOKENS) + "0], ";
    assertThat(refusal(("{" + members + REPORT.substring(1)).getBytes(UTF_8)).reason())
        .contains("it has more than 1000000 names and values");
  }

  @Test
  void depthAndLongTextsShouldBeRefused() {
    String deep = "{\"x\": " + "[".repeat(5_000_000);
    assertThat(refusal(deep.getBytes(UTF_8)).reason()).contains("16 deep");
    String longText = REPORT.replace("\"X\"", "\"" + "x".repeat(10_001) + "\"");
    assertThat(refusal(longText.getBytes(UTF_8)).reason()).contains("over 10000 characters");
  }
}
