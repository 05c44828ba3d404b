package org.jamessts.conf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jamessts.harness.CountedDay;
import org.jamessts.harness.DkimKey;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.ReportAttachment;
import org.jamessts.harness.SmtpInjector;
import org.jamessts.testing.DraftPolicy;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.tlsrpt.receive.ReceivedReport;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.jamessts.tlsrpt.testing.ReportSchemas;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day that a real James has counted, reported by one: by mail, over HTTPS and in the draft's XML,
 * to servers that get it; and read back by a James that gets it from there.
 */
class TlsReportIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String REPORTS_MX = "mx.reports.test";
  private static final String MAILBOX = "tls-reports@localhost";
  private static final DkimKey KEY = DkimKey.create("ours.test");

  @TempDir static Path directory;
  static PrivateInternet internet = new PrivateInternet();
  static JamesProcess james;

  @BeforeAll
  static void haveADayCountedAndReported() throws Exception {
    internet.dns().txt(KEY.recordName(), KEY.recordStrings());
    // Whoever takes reports has broken TLS himself, under a policy that forbids all mail.
    internet.policy("reports.test", "enforce", REPORTS_MX);
    internet.mx("reports.test", 10, REPORTS_MX, PrivateCa.selfSigned(REPORTS_MX));
    internet.reportHost("collector.test");
    brokenDomain("mail.test", "mailto:json@reports.test");
    brokenDomain("https.test", "https://collector.test:" + internet.policyPort() + "/v1?x=y");
    brokenDomain("copied.test", "mailto:copied@reports.test");
    internet.draftPolicy(
        DraftPolicy.tlsOnly("draft.test", "mx.draft.test")
            .reportingTo("mailto:xml@reports.test!1m"));
    internet.mx("draft.test", 10, "mx.draft.test", PrivateCa.selfSigned("mx.draft.test"));

    try (JamesProcess counting = launcher().start()) {
      TestMail.submit(counting, "a@mail.test", "b@https.test", "c@draft.test");
      for (String recipient : List.of("a@mail.test", "b@https.test", "c@draft.test")) {
        counting
            .log()
            .awaitLine(
                Pattern.compile("outcome=\\w+ recipients=\\[" + Pattern.quote(recipient)), LIMIT);
      }
      counting.stop();
    }
    CountedDay.becomeYesterday(directory);
    james = launcher().start();
    assertThat(james.send("PUT", "/users/" + MAILBOX, "{\"password\": \"secret\"}")).isEqualTo(204);
  }

  private static void brokenDomain(String domain, String rua) {
    internet.policy(domain, "enforce", "mx." + domain);
    internet.mx(domain, 10, "mx." + domain, PrivateCa.selfSigned("mx." + domain));
    internet.dns().txt("_smtp._tls." + domain, "v=TLSRPTv1; rua=" + rua);
  }

  private static JamesLauncher launcher() throws Exception {
    JamesLauncher launcher =
        Installation.ofBuild(Path.of(""))
            .assemble(directory, internet)
            .edit("sts.properties", text -> text + SETTINGS)
            .edit(
                "mailetcontainer.xml",
                text ->
                    KEY.signing(text)
                        .replace(
                            "<mailet match=\"RecipientIsLocal\" class=\"LocalDelivery\"/>",
                            "<mailet match=\"RecipientIs="
                                + MAILBOX
                                + "\" class=\"org.jamessts.reports.TlsReportMailet\">"
                                + "<errorProcessor>tls-report-refused</errorProcessor></mailet>"
                                + "<mailet match=\"RecipientIsLocal\" class=\"LocalDelivery\"/>"));
    KEY.write(directory.resolve("conf/dkim.pem"));
    return launcher;
  }

  private static final String SETTINGS =
      """
      reports.organization=Ourselves
      reports.contact=tls-reports@ours.test
      reports.forensicDetails=true
      """;

  @AfterAll
  static void stop() {
    if (james != null) {
      james.close();
    }
    internet.close();
  }

  private static ReceivedMail mailTo(String recipient) {
    return await()
        .atMost(LIMIT)
        .until(() -> internet.receivedFor(recipient), mails -> !mails.isEmpty())
        .get(0);
  }

  private static void assertTellsOf(ReportAttachment file, String domain) throws Exception {
    assertThat(ReportSchemas.problems(file.inflated())).isEmpty();
    ReceivedReport read = ReportReader.read(file.octets());
    assertThat(read.organizationName()).contains("Ourselves");
    assertThat(read.contactInfo()).contains("tls-reports@ours.test");
    assertThat(read.policies()).hasSize(1);
    ReceivedReport.Policy policy = read.policies().get(0);
    assertThat(policy.type()).isEqualTo("sts");
    assertThat(policy.policyDomain()).contains(domain);
    assertThat(policy.policyString())
        .containsExactly("version: STSv1", "mode: enforce", "mx: mx." + domain, "max_age: 604800");
    assertThat(policy.successfulSessions()).isZero();
    assertThat(policy.failedSessions()).isEqualTo(1);
    assertThat(policy.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.resultType()).isEqualTo("certificate-not-trusted");
              assertThat(failure.receivingMxHostname()).contains("mx." + domain);
              assertThat(failure.sendingMtaIp()).isPresent();
              assertThat(failure.receivingIp()).isPresent();
            });
  }

  @Test
  void reportShouldArriveByMailDespiteBrokenTls() throws Exception {
    ReceivedMail mail = mailTo("json@reports.test");

    assertThat(mail.reversePath()).isEqualTo("tls-reports@ours.test");
    assertThat(mail.content())
        .contains(
            "DKIM-Signature: ",
            "TLS-Required: No\r\n",
            "TLS-Report-Domain: mail.test\r\n",
            "TLS-Report-Submitter: ours.test\r\n",
            "report-type=\"tlsrpt\"",
            "Content-Type: application/tlsrpt+gzip");
    assertTellsOf(ReportAttachment.of(mail), "mail.test");
  }

  @Test
  void reportShouldArriveOverHttps() throws Exception {
    PolicyHost.Request request =
        await()
            .atMost(LIMIT)
            .until(() -> internet.requestsOf("collector.test"), posts -> !posts.isEmpty())
            .get(0);

    assertThat(request.line()).isEqualTo("POST /v1?x=y HTTP/1.1");
    assertThat(request.header("Content-Type")).isEqualTo("application/tlsrpt+gzip");
    assertTellsOf(
        new ReportAttachment("posted", request.body().getBytes(ISO_8859_1)), "https.test");
  }

  @Test
  void reportOfTheDraftShouldArriveAsXml() throws Exception {
    ReceivedMail mail = mailTo("xml@reports.test");

    byte[] xml = ReportAttachment.of(mail).octets();
    assertThat(ReportSchemas.draftProblems(xml)).isEmpty();
    assertThat(new String(xml, ISO_8859_1))
        .contains(
            "<domain>draft.test</domain>",
            "<failure>InvalidCertificate</failure>",
            "<banner>mx.draft.test ",
            "<certificate>MII");
    ReceivedReport read = ReportReader.readAny(xml);
    assertThat(read.organizationName()).contains("Ourselves");
    assertThat(read.policies().get(0).policyDomain()).contains("draft.test");
    assertThat(read.failedSessions()).isEqualTo(1);
  }

  /** Verified by James's own library, against the key in the DNS. */
  @Test
  void reportShouldBeTakenBackByAnotherJamesOnceItsSignatureIsVerified() throws Exception {
    String content = mailTo("json@reports.test").content();
    SmtpInjector.submitAsIs(james.smtp(), "tls-reports@ours.test", List.of(MAILBOX), content);

    james
        .log()
        .awaitLine(
            Pattern.compile(
                "report of ours.test about \\[mail.test\\]: 0 sessions went well, 1 failed"),
            LIMIT);
    assertThat(james.get("/sts/receivedReports"))
        .contains("\"submitter\":\"ours.test\"", "\"policyDomains\":[\"mail.test\"]");

    SmtpInjector.submitAsIs(
        james.smtp(),
        "tls-reports@ours.test",
        List.of(MAILBOX),
        content.replace("TLS-Report-Domain: mail.test", "TLS-Report-Domain: evil.test"));
    james.log().awaitLine(Pattern.compile("no report to be kept, its DKIM signature"), LIMIT);
  }

  /** All that a stranger can write is in the copy: the mark of our own reports is not. */
  @Test
  void copyOfAReportByAStrangerShouldBeHeldToThePolicy() throws Exception {
    String content = mailTo("json@reports.test").content();
    SmtpInjector.submitAsIs(
        james.smtp(), "tls-reports@ours.test", List.of("copy@copied.test"), content);

    james
        .log()
        .awaitLine(
            Pattern.compile("outcome=deferred recipients=\\[copy@copied.test\\].*not trusted"),
            LIMIT);
    assertThat(internet.receivedFor("copy@copied.test")).isEmpty();
  }

  /** Their policy would have had them counted as failures. */
  @Test
  void sessionsOfReportsShouldNotBeCounted() throws Exception {
    mailTo("json@reports.test");
    mailTo("xml@reports.test");

    assertThat(james.log().lines())
        .filteredOn(line -> line.contains("outcome=delivered") && line.contains("@reports.test"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("policy=\"no policy\""));
    assertThat(james.get("/sts/sessions")).doesNotContain("reports.test");
  }
}
