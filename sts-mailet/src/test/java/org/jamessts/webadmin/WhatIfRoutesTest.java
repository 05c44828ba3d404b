package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.allOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.SessionResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would become of mail under other rules, on a private Internet with signed domains. */
class WhatIfRoutesTest {

  private final WebadminWorld world = new WebadminWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private void domain(String domain, String mode, String pattern) {
    world.internet.goodMx(domain, 10, "mx." + domain);
    world.internet.policy(domain, mode, pattern);
  }

  /** What a session with a domain has shown today. */
  private void session(String domain, AppliedPolicy.Type type, ResultType... failures)
      throws Exception {
    DomainName name = new DomainName(domain);
    world
        .webadmin
        .reporting
        .collector()
        .record(
            new SessionResult(
                world.clock.instant(),
                new AppliedPolicy(type, name, List.of(), List.of(), Optional.empty()),
                List.of(failures).stream()
                    .map(
                        failure ->
                            new SessionFailure(
                                failure,
                                SessionPeers.host(new DomainName("mx." + domain)),
                                "seen today"))
                    .toList()));
    world.webadmin.reporting.collector().flush();
  }

  private JsonNode judged(String scenario, String body) throws Exception {
    return world.webadmin.finished(
        world.webadmin.send(
            "POST",
            "/sts/whatIf?action=judge&port=" + world.internet.smtpPort() + "&" + scenario,
            body));
  }

  private static void assertCounts(
      JsonNode task, int delivered, int deferred, int notKnown, int unroutable) {
    assertThat(task.get("status").asText()).isEqualTo("completed");
    JsonNode found = task.get("additionalInformation");
    assertThat(
            List.of(
                found.get("delivered").asInt(),
                found.get("deferred").asInt(),
                found.get("notKnown").asInt(),
                found.get("unroutable").asInt()))
        .as(task.toPrettyString())
        .containsExactly(delivered, deferred, notKnown, unroutable);
  }

  private JsonNode listed(JsonNode task, String query) throws Exception {
    return world.webadmin.json(200, "/sts/whatIf/" + task.get("taskId").asText() + query);
  }

  @Test
  void enforcedTestingPoliciesShouldHoldBackWhatTheyDoNotName() throws Exception {
    domain("good.test", "testing", "mx.good.test");
    domain("elsewhere.test", "testing", "mx.other.test");
    world.internet.goodMx("plain.test", 10, "mx.plain.test");
    session("good.test", AppliedPolicy.Type.STS);

    JsonNode task =
        judged("enforce=all", "[\"good.test\", \"elsewhere.test\", \"plain.test\", \"gone.test\"]");

    assertCounts(task, 2, 1, 0, 1);
    JsonNode first = task.get("additionalInformation").get("firstDeferred").get(0);
    assertThat(first.get("domain").asText()).isEqualTo("elsewhere.test");
    assertThat(first.get("reasons").toString()).contains("mx.elsewhere.test");
    assertThat(listed(task, "").findValuesAsText("outcome")).containsExactly("deferred");
    assertThat(task.get("additionalInformation").get("scenario").asText()).isEqualTo("enforce=all");
  }

  /** Before enforcement comes back: whatever is enforced now. */
  @Test
  void publishedPoliciesShouldHoldBackWhatTheyDoNotName() throws Exception {
    domain("elsewhere.test", "enforce", "mx.other.test");
    domain("testing.test", "testing", "mx.other.test");
    world.internet.goodMx("plain.test", 10, "mx.plain.test");
    session("testing.test", AppliedPolicy.Type.STS);
    assertThat(world.webadmin.call("PUT", "/sts/enforcement?mode=report-only").statusCode())
        .isEqualTo(204);

    JsonNode task =
        judged("enforce=published", "[\"elsewhere.test\", \"testing.test\", \"plain.test\"]");

    assertCounts(task, 2, 1, 0, 0);
    assertThat(listed(task, "").findValuesAsText("domain")).containsExactly("elsewhere.test");
  }

  @Test
  void nothingShouldBeKeptOfWhatIsLookedUp() throws Exception {
    domain("good.test", "testing", "mx.good.test");

    judged("enforce=all", "good.test");

    assertThat(world.internet.policyRequests("mta-sts.good.test")).isEqualTo(1);
    assertThat(allOf(world.stores.stores().policies())).isEmpty();
    assertThat(world.webadmin.json(200, "/sts/sessions")).isEmpty();
    assertThat(world.webadmin.json(200, "/sts/alarms")).isEmpty();
    assertThat(world.internet.server("mx.good.test").transactions()).isEmpty();
  }

  @Test
  void withoutASessionNothingShouldBeSaidOfAChannel() throws Exception {
    domain("good.test", "testing", "mx.good.test");

    JsonNode task = judged("enforce=all", "good.test");

    assertCounts(task, 0, 0, 1, 0);
    assertThat(listed(task, "")).isEmpty();
    assertThat(listed(task, "?outcome=not-known").get(0).get("reasons").toString())
        .contains("no session of 7 days tells of: MTA-STS (enforce) good.test");
  }

  @Test
  void domainsMailedLatelyShouldBeJudgedByWhatTheirSessionsHaveShown() throws Exception {
    for (String domain : List.of("tls.test", "clear.test", "both.test")) {
      world.internet.goodMx(domain, 10, "mx." + domain);
    }
    session("tls.test", AppliedPolicy.Type.NO_POLICY_FOUND);
    session("clear.test", AppliedPolicy.Type.NO_POLICY_FOUND, ResultType.STARTTLS_NOT_SUPPORTED);
    session("both.test", AppliedPolicy.Type.NO_POLICY_FOUND, ResultType.STARTTLS_NOT_SUPPORTED);
    session("both.test", AppliedPolicy.Type.NO_POLICY_FOUND);

    JsonNode task = judged("minimum=require-tls&days=1", "");

    assertCounts(task, 2, 1, 0, 0);
    assertThat(task.get("additionalInformation").get("domains").asInt()).isEqualTo(3);
    assertThat(listed(task, "").get(0).toString())
        .contains("clear.test", "1 sessions failed (starttls-not-supported): seen today");
  }

  @Test
  void certificatesThatNobodyHasLookedAtShouldNotCountAsGood() throws Exception {
    world.internet.goodMx("tls.test", 10, "mx.tls.test");
    session("tls.test", AppliedPolicy.Type.NO_POLICY_FOUND);

    assertCounts(judged("minimum=verified", "tls.test"), 0, 0, 1, 0);
  }

  @Test
  void minimumOfDaneShouldHoldBackWhatHasNoRecords() throws Exception {
    world.internet.goodMx("unsigned.test", 10, "mx.unsigned.test");

    JsonNode task = judged("dane=on&minimum=dane", "unsigned.test");

    assertCounts(task, 0, 1, 0, 0);
    assertThat(listed(task, "").toString()).contains("DNSSEC does not prove the MX records");
  }

  @Test
  void daneSwitchedOnShouldHoldBackWhereTlsaRecordsCannotBeLookedUp() throws Exception {
    world.internet.goodMx("signed.example", 10, "mx.signed.example");
    world.internet.goodMx("dane.example", 10, "mx.dane.example");
    world
        .internet
        .dns()
        .add(
            "_%d._tcp.mx.dane.example. 60 IN TLSA 3 1 1 %s"
                .formatted(world.internet.smtpPort(), "ab".repeat(32)));
    session("dane.example", AppliedPolicy.Type.TLSA, ResultType.VALIDATION_FAILURE);

    JsonNode task = judged("dane=on", "signed.example\n\ndane.example\n");

    assertCounts(task, 1, 1, 0, 0);
    assertThat(listed(task, "").findValuesAsText("domain")).containsExactly("dane.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"a.test\", \"a.test\"]", "a.test\r\nA.TEST.", "  a.test  "})
  void listMayBeJsonOrLines(String body) throws Exception {
    world.internet.goodMx("a.test", 10, "mx.a.test");

    assertCounts(judged("enforce=all", body), 1, 0, 0, 0);
  }

  @Test
  void foundDomainsShouldComeInPages() throws Exception {
    for (String domain : List.of("a.test", "b.test", "c.test")) {
      domain(domain, "testing", "mx.other.test");
    }

    JsonNode task = judged("enforce=all", "c.test\nb.test\na.test");

    assertThat(listed(task, "?limit=2").findValuesAsText("domain"))
        .containsExactly("a.test", "b.test");
    assertThat(listed(task, "?offset=2").findValuesAsText("domain")).containsExactly("c.test");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "action=judge||no other rule is given",
        "action=judge&dane=off||dane is \"off\"; allowed is on",
        "action=judge&enforce=some||allowed is published, all",
        "action=judge&minimum=none||require-tls",
        "action=judge&dane=on&days=91||from 1 to 90",
        "action=judge&dane=on&port=0||from 1 to 65535",
        "action=judge&dane=on|no_domain|domain 1: ",
        "action=judge&dane=on|[\"a.test\", 1]|the body: ",
        "action=judge&dane=on|[\"a.test\"|allowed is an array of domains",
        "dane=on||allowed is judge",
      })
  void nonsenseShouldBeRefused(String query, String body, String words) throws Exception {
    StsWebadmin.assertError(
        world.webadmin.send("POST", "/sts/whatIf?" + query, body == null ? "" : body),
        400,
        "InvalidArgument",
        words);
  }

  @Test
  void listThatIsTooLongShouldBeRefused() throws Exception {
    StringBuilder domains = new StringBuilder();
    for (int i = 0; i <= 100_000; i++) {
      domains.append('d').append(i).append(".test\n");
    }

    StsWebadmin.assertError(
        world.webadmin.send("POST", "/sts/whatIf?action=judge&dane=on", domains.toString()),
        400,
        "InvalidArgument",
        "the body has 100001 domains; allowed are 100000");
  }

  @Test
  void taskThatIsNoneShouldBeToldAsThat() throws Exception {
    StsWebadmin.assertError(
        world.webadmin.call("GET", "/sts/whatIf/mine"), 400, "InvalidArgument", "id of a task");
    StsWebadmin.assertError(
        world.webadmin.call("GET", "/sts/whatIf/e9e7e4f0-27f1-4c0a-b1bc-7c9a0d1d5a55"),
        404,
        "notFound",
        "there is no task");
  }
}
