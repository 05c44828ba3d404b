package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.webadmin.StsWebadmin.NOW;
import static org.jamessts.webadmin.StsWebadmin.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyAlarm;
import org.jamessts.policy.PolicyAlarm.Kind;
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
    StsPolicyParse parse = StsPolicy.parse(text.getBytes(StandardCharsets.US_ASCII));
    return new KnownMtaStsPolicy(
        new DomainName(domain), id, ((StsPolicyParse.Parsed) parse).policy(), NOW);
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
                     "text": "version: STSv1\\r\\nmode: enforce\\r\\nmx: *.example.test\\r\\nmax_age: 86400\\r\\n"}
                    """));
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
    assertThat(json(200, "/sts/policies/draft.test"))
        .isEqualTo(
            StsWebadmin.parse(
                """
                {"domain": "draft.test", "source": "sts1", "id": "", "mode": "testing",
                 "mx": ["mx.example.test", ".example.test"], "maxAgeSeconds": 150,
                 "fetchedAt": "2026-03-01T12:00:00Z", "expiresAt": "2026-03-01T12:02:30Z",
                 "text": "v=STS1; to=false; mx=mx.example.test,*.example.test; \
                a=webpki:https://draft.test/sts; c=webpki; e=90"}
                """));
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
    "/sts/policies/unknown.test, 404, notFound, no policy is kept",
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
    List<KnownPolicy> before = List.copyOf(stores.policies().known());
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

    assertThat(stores.policies().known()).containsExactlyInAnyOrderElementsOf(before);
    LocalDate today = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
    assertThat(webadmin.reporting.sessions().domains(today, Optional.empty(), 9)).isEmpty();
    assertThat(stores.alarms().latest(9)).isEmpty();
    assertThat(stores.overrides().all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
  void nothingButLookingShouldBePossible(String method) throws Exception {
    for (String path :
        List.of("/sts/policies", "/sts/policies/a.test", "/sts/sessions", "/sts/alarms")) {
      assertThat(webadmin.call(method, path).statusCode()).isEqualTo(404);
    }
    assertThat(stores.policies().known()).hasSize(2);
  }

  @Test
  void everyPathShouldLieUnderTheBaseThatAuthenticationGuards() {
    assertThat(webadmin.routes.getBasePath()).isEqualTo("/sts");
  }
}
