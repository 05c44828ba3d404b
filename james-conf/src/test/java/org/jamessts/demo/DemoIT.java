package org.jamessts.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamessts.demo.Scenario.Fate;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo's mails, and what an operator sees of them over webadmin. */
class DemoIT {

  private static final Pattern WAITING =
      Pattern.compile(
          "\"domain\":\"([^\"]*)\",\"verdict\":\"[^\"]*\",\"resultType\":\"[^\"]*\",\"mails\":1,");

  static List<Row> rows = List.of();
  static List<ReceivedMail> returned = List.of();
  static String policies = "";
  static String sessions = "";
  static String queueSize = "";
  static String waiting = "";
  static List<ReceivedMail> repaired = List.of();

  @BeforeAll
  static void play(@TempDir Path directory) throws Exception {
    try (PrivateInternet internet = new PrivateInternet();
        JamesProcess james =
            Installation.ofBuild(Path.of("")).assemble(directory, internet).start()) {
      Demo demo = new Demo(internet, james);
      rows = demo.play(Scenarios.all());
      returned = demo.awaitReturned();
      policies = james.get("/sts/policies");
      sessions = james.get("/sts/sessions");
      waiting = demo.awaitWaiting(kept().size());
      queueSize = james.get("/mailQueues/outgoing");
      repaired = demo.repair();
    }
  }

  private static List<String> kept() {
    return rows.stream()
        .filter(row -> row.scenario().expected() == Fate.NOTHING)
        .map(row -> row.scenario().domain())
        .filter(domain -> !domain.equals("null-mx.test"))
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> shouldDoWithEachMailWhatTheStandardsSay() {
    return rows.stream()
        .map(
            row ->
                dynamicTest(
                    row.scenario().domain() + ": " + row.scenario().situation(),
                    () ->
                        assertThat(row.isRight())
                            .as(
                                "expected %s, servers received %s (%s), verdict: %s",
                                row.scenario().expected(), row.fate(), row.arrived(), row.why())
                            .isTrue()));
  }

  /** Two rows that end alike must not do so for the same reason. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dane.example            | , verified: DANE mx.dane.example
          dane-expired.example    | , verified: DANE mx.dane-expired.example
          dane-other-key.example  | later try: DANE mx.dane-other-key.example: mx.dane-other-key.example: certificate matches no TLSA record
          dane-authority.example  | , verified: DANE mx.dane-authority.example
          dane-wrong-name.example | later try: DANE mx.dane-wrong-name.example: mx.dane-wrong-name.example: certificate is for mx.other.example
          dane-bogus.example      | later try: DANE mx.dane-bogus.example: mx.dane-bogus.example: TLSA lookup
          dane-unusable.example   | , not verified: DANE mx.dane-unusable.example (no usable records)
          dane-unsigned.test      | , not verified: no policy asks for it
          dane-alias.example      | , verified: DANE mx.dane-alias.example by mx.provider.example
          dane-fails.example      | later try: DANE mx.dane-fails.example: mx.dane-fails.example: certificate matches no TLSA record
          mta-sts-fails.example   | MTA-STS (enforce) mta-sts-fails.example: mx.mta-sts-fails.example: certificate not trusted
          draft-dane.example      | SMTP STS draft (to=true, confirmed) draft-dane.example: mx.draft-dane.example: the policy wants TLSA
          """)
  void shouldSayWhichOfDaneAndPolicyDecided(String domain, String words) {
    assertThat(rows)
        .filteredOn(row -> row.scenario().domain().equals(domain))
        .singleElement()
        .extracting(Row::why)
        .asString()
        .contains(words);
  }

  @Test
  void shouldPlayEveryScenarioOnce() {
    assertThat(rows).hasSizeGreaterThanOrEqualTo(14).hasSameSizeAs(Scenarios.all());
    assertThat(rows).extracting(row -> row.scenario().domain()).doesNotHaveDuplicates();
  }

  @Test
  void shouldSendTheWholeMailAndNothingElse() {
    assertThat(rows)
        .flatExtracting(Row::received)
        .allSatisfy(
            mail ->
                assertThat(mail.content())
                    .contains("Subject: demo\r\n", "\r\n\r\nHello.\r\n.\r\nGoodbye.\r\n"));
  }

  @Test
  void shouldShowThePoliciesThatCouldBeHadAndNoOthers() {
    assertThat(policies)
        .contains(known("good.test", "enforce"), known("expired-testing.test", "testing"))
        .contains(known("mode-none.test", "none"), known("cached.test", "enforce"))
        .contains(draft("draft.test", "sts1", "enforce"))
        .contains(draft("draft-testing.test", "sts1-candidate", "testing"))
        .contains(draft("draft-dane.example", "sts1", "enforce"))
        .contains(draft("draft-unproven.test", "sts1-candidate", "enforce"))
        .doesNotContain("host-down.test", "malformed.test", "redirect.test", "forged.test")
        .doesNotContain("draft-differs.test");
  }

  private static String draft(String domain, String source, String mode) {
    return "{\"domain\":\"%s\",\"source\":\"%s\",\"id\":\"\",\"mode\":\"%s\""
        .formatted(domain, source, mode);
  }

  private static String known(String domain, String mode) {
    return "{\"domain\":\"%s\",\"source\":\"mta-sts\",\"id\":\"20261123\",\"mode\":\"%s\""
        .formatted(domain, mode);
  }

  @Test
  void shouldCountEverySessionUnderItsPolicy() {
    assertThat(sessions)
        .contains(
            "{\"policyDomain\":\"good.test\",\"policyType\":\"sts\",\"successfulSessions\":1,")
        .contains(failure("expired.test", "certificate-expired", "mx.expired.test"))
        .contains(failure("wrong-name.test", "certificate-host-mismatch", "mx.wrong-name.test"))
        .contains(failure("self-signed.test", "certificate-not-trusted", "mx.self-signed.test"))
        .contains(failure("stripped.test", "starttls-not-supported", "mx.stripped.test"))
        .contains(failure("not-listed.test", "validation-failure", "mx.elsewhere-not-listed.test"))
        .contains(failure("host-down.test", "sts-policy-fetch-error", ""))
        .contains(failure("malformed.test", "sts-policy-invalid", ""))
        .contains(failure("forged.test", "sts-webpki-invalid", ""))
        .contains(failed("mta-sts-fails.example", "sts", "certificate-not-trusted"));
  }

  @Test
  void shouldCountEverySessionUnderItsRecords() {
    assertThat(sessions)
        .contains(
            "{\"policyDomain\":\"dane.example\",\"policyType\":\"tlsa\",\"successfulSessions\":1,")
        .contains(failed("dane-other-key.example", "tlsa", "tlsa-invalid"))
        .contains(failed("dane-wrong-name.example", "tlsa", "certificate-host-mismatch"))
        .contains(failed("dane-bogus.example", "tlsa", "dnssec-invalid"))
        .contains(failed("dane-fails.example", "tlsa", "tlsa-invalid"));
  }

  private static String failed(String domain, String policyType, String type) {
    return failure(domain, policyType, type, "mx." + domain);
  }

  private static String failure(String domain, String type, String mx) {
    return failure(domain, "sts", type, mx);
  }

  private static String failure(String domain, String policyType, String type, String mx) {
    return ("{\"policyDomain\":\"%s\",\"policyType\":\"%s\",\"successfulSessions\":0,"
            + "\"failedSessions\":1,\"failures\":[{\"resultType\":\"%s\",\"receivingMx\":\"%s\",")
        .formatted(domain, policyType, type, mx);
  }

  @Test
  void shouldKeepEveryMailThatMayNotLeaveYet() {
    assertThat(kept()).hasSizeGreaterThan(5);
    assertThat(queueSize).isEqualTo("{\"name\":\"outgoing\",\"size\":0}");
    assertThat(WAITING.matcher(waiting).results().map(mail -> mail.group(1)))
        .containsExactlyInAnyOrderElementsOf(kept());
  }

  @Test
  void shouldDeliverWhatWaitedOnceItsDestinationIsRepaired() {
    assertThat(repaired).hasSize(1);
    assertThat(repaired.get(0).inTls()).isTrue();
    assertThat(repaired.get(0).recipients()).containsExactly("bob@" + Demo.REPAIRED);
  }

  @Test
  void shouldTellTheSenderOnceWhatCanNeverBeDelivered() {
    assertThat(returned).hasSize(1);
    ReceivedMail notification = returned.get(0);
    assertThat(notification.reversePath()).as("RFC 3461: the null sender").isEmpty();
    assertThat(notification.recipients()).containsExactly(Demo.SENDER);
    assertThat(notification.inTls()).isTrue();
    assertThat(notification.content())
        .contains("Content-Type: multipart/report", "bob@null-mx.test")
        .contains("5.1.10", "accepts no mail (null MX, RFC 7505)");
  }
}
