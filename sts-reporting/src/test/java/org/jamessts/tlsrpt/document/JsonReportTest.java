package org.jamessts.tlsrpt.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.jamessts.tlsrpt.testing.SampleReports.DOMAIN;
import static org.jamessts.tlsrpt.testing.SampleReports.REPORTER;
import static org.jamessts.tlsrpt.testing.SampleReports.draft;
import static org.jamessts.tlsrpt.testing.SampleReports.failure;
import static org.jamessts.tlsrpt.testing.SampleReports.none;
import static org.jamessts.tlsrpt.testing.SampleReports.report;
import static org.jamessts.tlsrpt.testing.SampleReports.sts;
import static org.jamessts.tlsrpt.testing.SampleReports.tlsa;

import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.testing.ReportSchemas;
import org.jamessts.tlsrpt.testing.SampleReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JsonReportTest {

  private static String json(PolicySummary... policies) {
    byte[] octets = JsonReport.of(REPORTER, report(policies));
    assertThat(ReportSchemas.problems(octets)).isEmpty();
    return new String(octets, UTF_8);
  }

  /** RFC 8460 has no place for that, whoever counted it. */
  @Test
  void whatHostsShowedShouldNotBeTold() {
    CountedFailure failure = failure(ResultType.CERTIFICATE_EXPIRED, "expired", 3);
    PolicySummary plain = new PolicySummary(sts().policy(), 1, 3, List.of(failure));
    PolicySummary detailed =
        new PolicySummary(
            sts().policy(),
            1,
            3,
            List.of(
                new CountedFailure(
                    failure.failure(),
                    3,
                    Optional.of(new ForensicDetails(Optional.of("hello"), List.of("AAAA"), 1)))));

    assertThat(json(detailed, draft("v=STS1; to=false", failure))).isEqualTo(json(plain));
  }

  /** RFC 8460 §4.4, every member; the text of the policy is as published. */
  @Test
  @Rule(value = "RFC 8460 T7", in = JsonReport.class)
  @Rule(value = "RFC 8460 T8", in = JsonReport.class)
  void dayShouldBeToldInFull() {
    assertThat(json(sts()))
        .isEqualTo(
            """
            {
              "organization-name" : "Ourselves & Söhne",
              "date-range" : {
                "start-datetime" : "2026-11-26T00:00:00Z",
                "end-datetime" : "2026-11-26T23:59:59Z"
              },
              "contact-info" : "tls-reports@ours.example",
              "report-id" : "0123456789abcdef0123456789abcdef",
              "policies" : [ {
                "policy" : {
                  "policy-type" : "sts",
                  "policy-string" : [ "version: STSv1", "mode: testing", "mx: mx1.example.com", "mx: *.backup.example.com", "max_age: 86400" ],
                  "policy-domain" : "example.com",
                  "mx-host" : [ "mx1.example.com", "*.backup.example.com" ]
                },
                "summary" : {
                  "total-successful-session-count" : 5326,
                  "total-failure-session-count" : 303
                },
                "failure-details" : [ {
                  "result-type" : "certificate-expired",
                  "sending-mta-ip" : "192.0.2.1",
                  "receiving-mx-hostname" : "mx1.example.com",
                  "receiving-mx-helo" : "mx1.example.com",
                  "receiving-ip" : "2001:db8::25",
                  "failed-session-count" : 100,
                  "failure-reason-code" : "expired on 2026-11-01"
                }, {
                  "result-type" : "validation-failure",
                  "receiving-mx-hostname" : "evil.example.net",
                  "failed-session-count" : 203,
                  "failure-reason-code" : "evil.example.net is not named by the policy"
                } ]
              } ]
            }"""
                .stripTrailing());
  }

  @Test
  @Rule(value = "RFC 8460 T7", in = JsonReport.class)
  void severalPoliciesShouldBeInOneReportInAnOrderOfTheirOwn() {
    assertThat(json(none(), tlsa(), sts())).isEqualTo(json(tlsa(), sts(), none()));
    assertThat(json(sts(), tlsa(), none()))
        .containsSubsequence("\"sts\"", "\"tlsa\"", "\"no-policy-found\"");
  }

  @Test
  @Rule(value = "RFC 8460 T9", in = JsonReport.class)
  void domainsShouldBeInALabels() throws Exception {
    DomainName domain = DomainName.parseInternational("b\u00fccher.example");
    DailyReport report =
        new DailyReport(
            SampleReports.ID,
            SampleReports.DAY,
            domain,
            List.of(new PolicySummary(AppliedPolicy.none(domain), 1, 0, List.of())));

    assertThat(new String(JsonReport.of(REPORTER, report), UTF_8))
        .contains("\"xn--bcher-kva.example\"")
        .doesNotContain("b\u00fccher");
    assertThat(ReportFile.ofJson(REPORTER, report).name())
        .startsWith("ours.example!xn--bcher-kva.example!");
  }

  /** RFC 8460 §4.4: what a policy of type tlsa calls its domain is where the records stand. */
  @Test
  void policyDomainOfTlsaRecordsShouldBeTheirHost() {
    assertThat(json(tlsa())).contains("\"policy-domain\" : \"mx1.example.com\"");
  }

  @Test
  void failuresShouldBeInAnOrderOfTheirOwn() {
    AppliedPolicy policy = sts().policy();
    PolicySummary.CountedFailure one = failure(ResultType.CERTIFICATE_EXPIRED, "a", 1);
    PolicySummary.CountedFailure two = failure(ResultType.CERTIFICATE_EXPIRED, "b", 2);
    PolicySummary.CountedFailure three = failure(ResultType.STARTTLS_NOT_SUPPORTED, "", 3);

    assertThat(json(new PolicySummary(policy, 0, 6, List.of(three, two, one))))
        .isEqualTo(json(new PolicySummary(policy, 0, 6, List.of(one, three, two))));
  }

  /** No type that RFC 8460 does not know, and no policy of the draft. */
  @Test
  void policiesOfTheDraftShouldBeLeftOut() {
    PolicySummary draft = draft("v=STS1; to=false", failure(ResultType.CERTIFICATE_EXPIRED, "", 1));

    assertThat(json(draft, none())).isEqualTo(json(none()));
    assertThat(JsonReport.tellsOf(report(draft))).isFalse();
    assertThat(JsonReport.tellsOf(report(draft, none()))).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> JsonReport.of(REPORTER, report(draft)));
  }

  @Test
  void policyWithoutSessionsShouldBeLeftOut() {
    DailyReport report = report(new PolicySummary(AppliedPolicy.none(DOMAIN), 0, 0, List.of()));

    assertThat(JsonReport.tellsOf(report)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SENDER_DOES_NOT_SUPPORT_VALIDATION_METHOD")
  void everyTypeShouldBeOneOfTheRegistry(ResultType type) {
    assertThat(json(new PolicySummary(sts().policy(), 0, 1, List.of(failure(type, "reason", 1)))))
        .contains("\"" + type.keyword() + "\"");
  }

  /** RFC 7493 §2.1; a policy is a stranger's text. */
  @Test
  @Rule(value = "RFC 8460 T7", in = JsonReport.class)
  void textsThatNoEncodingCanCarryShouldBeMended() {
    AppliedPolicy policy =
        new AppliedPolicy(
            AppliedPolicy.Type.STS,
            DOMAIN,
            List.of("mx: \ud800 \u0000 \uffff \"\\ \u2603 \ud83d\ude00"),
            List.of(),
            Optional.empty());

    assertThat(json(new PolicySummary(policy, 1, 0, List.of())))
        .contains("mx: \ufffd \ufffd \ufffd \\\"\\\\ \u2603 \\uD83D\\uDE00");
  }

  @Test
  void policyThatCouldNotBeHadShouldHaveAnEmptyText() {
    assertThat(
            json(
                new PolicySummary(
                    AppliedPolicy.unavailableSts(DOMAIN),
                    0,
                    1,
                    List.of(failure(ResultType.STS_POLICY_FETCH_ERROR, "refused", 1)))))
        .contains("\"policy-string\" : [ ]")
        .doesNotContain("mx-host\"");
  }
}
