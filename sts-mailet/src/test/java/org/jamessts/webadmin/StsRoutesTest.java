package org.jamessts.webadmin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.Latest.latest;
import static org.jamessts.testing.SamplePolicies.allOf;
import static org.jamessts.webadmin.StsWebadmin.NOW;
import static org.jamessts.webadmin.StsWebadmin.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyAlarm;
import org.jamessts.policy.PolicyAlarm.Kind;
import org.jamessts.policy.RefreshTimes;
import org.jamessts.received.KeptReport;
import org.jamessts.store.Stores;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.jamessts.testing.TemporaryStores;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.SessionResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes behind James's own web server, over HTTP. */
class StsRoutesTest {

  private static final String TEXT =
      "version: STSv1\r\nmode: enforce\r\nmx: *.example.test\r\nmax_age: 86400\r\n";

  private final TemporaryStores temporary = new TemporaryStores(10, StsWebadmin.CLOCK);
  private final Stores stores = temporary.stores();
  private final StsWebadmin webadmin = new StsWebadmin(stores);

  @BeforeEach
  void fill() {
    stores.policies().put(policy("example.test", "1", TEXT));
    stores.policies().put(policy("a.test", "2", TEXT.replace("enforce", "testing")));
  }

  @AfterEach
  void close() {
    webadmin.close();
    temporary.close();
  }

  private static KnownPolicy policy(String domain, String id, String text) {
    return policy(domain, id, text, NOW);
  }

  private static KnownPolicy policy(String domain, String id, String text, Instant fetchedAt) {
    StsPolicyParse parse = StsPolicy.parse(text.getBytes(StandardCharsets.US_ASCII));
    return new KnownMtaStsPolicy(
        new DomainName(domain), id, ((StsPolicyParse.Parsed) parse).policy(), fetchedAt);
  }

  private JsonNode json(int status, String path) throws IOException, InterruptedException {
    return webadmin.json(status, path);
  }

  @Test
  void allPoliciesShouldBeListedByDomain() throws Exception {
    JsonNode policies = json(200, "/sts/policies");

    assertThat(policies.findValuesAsText("domain")).containsExactly("a.test", "example.test");
    assertThat(policies.findValuesAsText("mode")).containsExactly("testing", "enforce");
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.test", "EXAMPLE.test."})
  void policyOfADomainShouldBeShownInFull(String domain) throws Exception {
    JsonNode policy = json(200, "/sts/policies/" + domain);

    assertThat(policy)
        .isEqualTo(
            StsWebadmin.parse(
                """
                    {"domain": "example.test", "source": "mta-sts", "id": "1", "mode": "enforce",
                     "mx": ["*.example.test"], "maxAgeSeconds": 86400,
                     "fetchedAt": "2026-03-01T12:00:00Z", "expiresAt": "2026-03-02T12:00:00Z",
                     "usedAt": "2026-03-01T12:00:00Z", "refreshAt": "%s",
                     "text": "version: STSv1\\r\\nmode: enforce\\r\\nmx: *.example.test\\r\\nmax_age: 86400\\r\\n",
                     "beside": [], "lastFailure": null, "history": []}
                    """
                    .formatted(RefreshTimes.due(policy("example.test", "1", TEXT)))));
  }

  private static KnownPolicy draft(String domain, String to, Standing standing) {
    String text =
        "v=STS1; to=%s; mx=mx.example.test,*.example.test; a=webpki:https://%s/sts; c=webpki; e=90"
            .formatted(to, domain);
    SmtpStsRecord record = ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse(text)).record();
    return new KnownDraftPolicy(
        new DomainName(domain), record, standing, NOW, NOW.plusSeconds(150));
  }

  @Test
  void policiesOfTheDraftShouldBeListedBesideTheOthers() throws Exception {
    stores.policies().put(draft("a.test", "true", Standing.CONFIRMED));
    stores.policies().put(draft("draft.test", "true", Standing.CANDIDATE));
    stores.policies().put(draft("draft.test", "false", Standing.CONFIRMED));

    JsonNode policies = json(200, "/sts/policies");

    assertThat(policies.findValuesAsText("domain"))
        .containsExactly("a.test", "a.test", "draft.test", "draft.test", "example.test");
    assertThat(policies.findValuesAsText("source"))
        .containsExactly("mta-sts", "sts1", "sts1", "sts1-candidate", "mta-sts");
    assertThat(policies.findValuesAsText("mode"))
        .containsExactly("testing", "enforce", "testing", "enforce", "enforce");
    // MTA-STS goes before the draft, and the policy in force before a candidate.
    assertThat(json(200, "/sts/policies/a.test").get("source").asText()).isEqualTo("mta-sts");
    JsonNode drafted = json(200, "/sts/policies/draft.test");
    assertThat(drafted.get("source").asText()).isEqualTo("sts1");
    assertThat(drafted.get("id").asText()).isEmpty();
    assertThat(drafted.get("maxAgeSeconds").asInt()).isEqualTo(150);
    assertThat(drafted.get("mx").toString()).isEqualTo("[\"mx.example.test\",\".example.test\"]");
    assertThat(drafted.get("text").asText()).startsWith("v=STS1; to=false;");
    assertThat(drafted.get("beside").findValuesAsText("source")).containsExactly("sts1-candidate");
  }

  private static String link(HttpResponse<String> response) {
    return response.headers().firstValue("Link").orElse("");
  }

  @Test
  void policiesShouldComeInPagesOfDomains() throws Exception {
    stores.policies().put(draft("a.test", "true", Standing.CONFIRMED));

    HttpResponse<String> first = webadmin.call("GET", "/sts/policies?limit=1");
    HttpResponse<String> rest = webadmin.call("GET", "/sts/policies?limit=1&after=a.test");

    assertThat(StsWebadmin.json(200, first).findValuesAsText("domain"))
        .containsExactly("a.test", "a.test");
    assertThat(link(first)).isEqualTo("</sts/policies?limit=1&after=a.test>; rel=\"next\"");
    assertThat(StsWebadmin.json(200, rest).findValuesAsText("domain"))
        .containsExactly("example.test");
    assertThat(link(rest)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "mode=enforce, example.test",
    "mode=testing, a.test",
    "mode=none, ''",
    "source=mta-sts&mode=testing, a.test",
    "source=sts1, ''",
    "expiringBefore=2026-03-02T12:00:01Z, 'a.test example.test'",
    "expiringBefore=2026-03-02T12:00:00Z, ''",
    "expiringBefore=2026-03-02T14:00:01%2B02:00, 'a.test example.test'",
    "usedSince=2026-03-01T12:00:00Z, 'a.test example.test'",
    "usedSince=2026-03-01T12:00:01Z, ''",
  })
  void policiesMayBeFiltered(String filter, String domains) throws Exception {
    assertThat(String.join(" ", json(200, "/sts/policies?" + filter).findValuesAsText("domain")))
        .isEqualTo(domains);
  }

  @Test
  void whatAPolicyWasBeforeShouldBeShown() throws Exception {
    stores.policies().put(policy("a.test", "3", TEXT, NOW.plusSeconds(60)));

    assertThat(json(200, "/sts/policies/a.test").get("history"))
        .isEqualTo(
            StsWebadmin.parse(
                """
                [{"source": "mta-sts", "id": "2", "text": "%s",
                  "fetchedAt": "2026-03-01T12:00:00Z", "replacedAt": "2026-03-01T12:01:00Z"}]
                """
                    .formatted(TEXT.replace("enforce", "testing").replace("\r\n", "\\r\\n"))));
  }

  @Test
  void policyShouldBeForgottenAsTold() throws Exception {
    assertThat(webadmin.call("DELETE", "/sts/policies/a.test").statusCode()).isEqualTo(204);
    assertThat(webadmin.call("DELETE", "/sts/policies/a.test").statusCode()).isEqualTo(204);

    assertThat(json(200, "/sts/policies").findValuesAsText("domain"))
        .containsExactly("example.test");
    assertError(webadmin.call("GET", "/sts/policies/a.test"), 404, "notFound", "a.test is kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?confirm=yes"})
  void allPoliciesShouldBeForgottenOnlyByWhoSaysSo(String query) throws Exception {
    assertError(
        webadmin.call("DELETE", "/sts/policies" + query),
        400,
        "InvalidArgument",
        "allowed is confirm=all");
    assertThat(json(200, "/sts/policies")).hasSize(2);

    assertThat(StsWebadmin.json(200, webadmin.call("DELETE", "/sts/policies?confirm=all")))
        .isEqualTo(StsWebadmin.parse("{\"policies\": 2}"));
    assertThat(json(200, "/sts/policies")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /sts/alarms",
        "GET /sts/receivedReports",
        "GET /sts/receivedReports/0000000000000000000000000000000000000000000000000000000000000000",
        "DELETE /sts/policies/a.test",
        "DELETE /sts/policies?confirm=all"
      })
  void failureOfTheStoreShouldBeToldAsOne(String request) throws Exception {
    stores.close();
    String[] words = request.split(" ", 2);

    assertError(webadmin.call(words[0], words[1]), 503, "ServerError", "the store fails");
  }

  @Test
  void alarmsShouldComeInPagesAndOfOneDomain() throws Exception {
    for (String domain : List.of("a.test", "b.test", "c.test")) {
      stores
          .alarms()
          .add(new PolicyAlarm(new DomainName(domain), Kind.WEAKENED, "old", "new", NOW));
    }

    HttpResponse<String> first = webadmin.call("GET", "/sts/alarms?limit=2");

    assertThat(StsWebadmin.json(200, first)).hasSize(2);
    assertThat(link(first)).isEqualTo("</sts/alarms?limit=2&offset=2>; rel=\"next\"");
    assertThat(json(200, "/sts/alarms?offset=2")).hasSize(1);
    assertThat(json(200, "/sts/alarms?domain=B.test").findValuesAsText("domain"))
        .containsExactly("b.test");
  }

  @Test
  void receivedReportsMayBeFilteredByDomainAndDay() throws Exception {
    for (String domain : List.of("a.test", "b.test")) {
      stores
          .received()
          .add(
              new KeptReport(
                  "reporter.test", "1", NOW, NOW.plusSeconds(1), List.of(domain), 1, 0, NOW),
              new byte[] {1});
    }

    assertThat(json(200, "/sts/receivedReports")).hasSize(2);
    assertThat(link(webadmin.call("GET", "/sts/receivedReports?limit=1")))
        .isEqualTo("</sts/receivedReports?limit=1&offset=1>; rel=\"next\"");
    assertThat(json(200, "/sts/receivedReports?domain=a.test&day=2026-03-01")).hasSize(1);
    assertThat(json(200, "/sts/receivedReports?day=2026-03-02")).isEmpty();
    assertThat(json(200, "/sts/receivedReports?domain=c.test")).isEmpty();
  }

  /** It may have arrived compressed. */
  @Test
  void receivedReportShouldBeShownInFull() throws Exception {
    byte[] document = "{\"report-id\": \"1\"}".getBytes(UTF_8);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(document);
    }
    for (byte[] arrived : List.of(document, compressed.toByteArray())) {
      stores
          .received()
          .add(
              new KeptReport(
                  "reporter.test",
                  "of %d octets".formatted(arrived.length),
                  NOW,
                  NOW.plusSeconds(1),
                  List.of("a.test"),
                  1,
                  0,
                  NOW),
              arrived);
    }

    List<String> keys = json(200, "/sts/receivedReports").findValuesAsText("key");

    assertThat(keys).doesNotHaveDuplicates().hasSize(2);
    for (String key : keys) {
      HttpResponse<String> shown = webadmin.call("GET", "/sts/receivedReports/" + key);
      assertThat(shown.statusCode()).isEqualTo(200);
      assertThat(shown.body()).isEqualTo(new String(document, UTF_8));
      assertThat(shown.headers().firstValue("Content-Type")).contains("application/tlsrpt+json");
    }
    assertError(
        webadmin.call("GET", "/sts/receivedReports/" + "0".repeat(64)),
        404,
        "notFound",
        "there is no received report");
  }

  @Test
  void alarmsShouldBeShownLatestFirst() throws Exception {
    assertThat(json(200, "/sts/alarms")).isEmpty();
    DomainName domain = new DomainName("example.test");
    stores.alarms().add(new PolicyAlarm(domain, Kind.VANISHED, TEXT, "no TXT record begins", NOW));
    stores.alarms().add(new PolicyAlarm(domain, Kind.MX_REMOVED, "old", "new", NOW.plusSeconds(1)));

    assertThat(json(200, "/sts/alarms"))
        .isEqualTo(
            StsWebadmin.parse(
                """
                [{"domain": "example.test", "kind": "mx-removed", "before": "old", "after": "new",
                  "at": "2026-03-01T12:00:01Z"},
                 {"domain": "example.test", "kind": "vanished",
                  "before": "version: STSv1\\r\\nmode: enforce\\r\\nmx: *.example.test\\r\\nmax_age: 86400\\r\\n",
                  "after": "no TXT record begins", "at": "2026-03-01T12:00:00Z"}]
                """));
  }

  @Test
  void domainMayBeWrittenInUnicode() throws Exception {
    stores.policies().put(policy("xn--bcher-kva.test", "3", TEXT));

    JsonNode policy = json(200, "/sts/policies/b%C3%BCcher.test");

    assertThat(policy.get("domain").asText()).isEqualTo("xn--bcher-kva.test");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/sts/policies/unknown.test, 404, notFound, no policy of unknown.test is kept",
    "/sts/policies/no_name, 400, InvalidArgument, is not a domain name",
    "/sts/policies/%0d%0ax, 400, InvalidArgument, is not a domain name",
    "/sts/policies/192.0.2.1, 400, InvalidArgument, is not a domain name",
    "/sts/sessions/yesterday, 400, InvalidArgument, yyyy-mm-dd",
    "/sts/sessions/2026-02-30, 400, InvalidArgument, yyyy-mm-dd",
    "/sts/sessions/2026-3-1, 400, InvalidArgument, yyyy-mm-dd",
  })
  void errorShouldBeExplained(String path, int status, String type, String words) throws Exception {
    assertError(webadmin.call("GET", path), status, type, words);
  }

  @Test
  void sessionsShouldBeThoseOfTheDay() throws Exception {
    AppliedPolicy policy = AppliedPolicy.none(new DomainName("example.test"));
    webadmin.reporting.collector().record(new SessionResult(NOW, policy, List.of()));
    webadmin
        .reporting
        .collector()
        .record(
            new SessionResult(
                NOW,
                policy,
                List.of(
                    new SessionFailure(
                        ResultType.STARTTLS_NOT_SUPPORTED,
                        SessionPeers.host(new DomainName("mx.example.test")),
                        "no STARTTLS"))));
    JsonNode expected =
        StsWebadmin.parse(
            """
                [{"policyDomain": "example.test", "policyType": "no-policy-found",
                  "successfulSessions": 1, "failedSessions": 1,
                  "failures": [{"resultType": "starttls-not-supported",
                    "receivingMx": "mx.example.test", "reason": "no STARTTLS", "sessions": 1,
                    "sendingIp": "", "receivingIp": "", "receivingHelo": ""}]}]
                """);

    assertThat(json(200, "/sts/sessions")).isEqualTo(expected);
    assertThat(json(200, "/sts/sessions/2026-03-01")).isEqualTo(expected);
    assertThat(json(200, "/sts/sessions/2026-02-28")).isEmpty();
  }

  @Test
  void nothingShouldChangeByLooking() throws Exception {
    List<KnownPolicy> before = List.copyOf(allOf(stores.policies()));
    for (String path :
        List.of(
            "/sts/policies",
            "/sts/policies/a.test",
            "/sts/policies/new.test",
            "/sts/sessions",
            "/sts/alarms",
            "/sts/overrides",
            "/sts/overrides/new.test")) {
      webadmin.call("GET", path);
    }

    assertThat(allOf(stores.policies())).containsExactlyInAnyOrderElementsOf(before);
    LocalDate today = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
    assertThat(webadmin.reporting.sessions().domains(today, Optional.empty(), 9)).isEmpty();
    assertThat(latest(stores.alarms(), 9)).isEmpty();
    assertThat(stores.overrides().all()).isEmpty();
  }

  @Test
  void everyPathShouldLieUnderTheBaseThatAuthenticationGuards() {
    assertThat(webadmin.routes.getBasePath()).isEqualTo("/sts");
  }
}
