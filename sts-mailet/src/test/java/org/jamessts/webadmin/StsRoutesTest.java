package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.james.webadmin.WebAdminServer;
import org.apache.james.webadmin.WebAdminUtils;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.store.Stores;
import org.jamessts.testing.TemporaryStores;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.DailyAggregates;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes behind James's own web server, over HTTP. */
class StsRoutesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final String TEXT =
      "version: STSv1\r\nmode: enforce\r\nmx: *.example.test\r\nmax_age: 86400\r\n";

  private final TemporaryStores temporary = new TemporaryStores(10, CLOCK);
  private final Stores stores = temporary.stores();
  private final DailyAggregates sessions = new DailyAggregates(10);
  private final WebAdminServer server =
      WebAdminUtils.createWebAdminServer(
              new StsRoutes(
                  stores.policies(),
                  sessions,
                  stores.alarms(),
                  overrides(),
                  CLOCK,
                  new JsonTransformer()))
          .start();
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void fill() {
    stores.policies().put(policy("example.test", "1", TEXT));
    stores.policies().put(policy("a.test", "2", TEXT.replace("enforce", "testing")));
  }

  @AfterEach
  void close() {
    server.destroy();
    temporary.close();
  }

  private Overrides overrides() {
    try {
      return Overrides.open(Optional.empty(), stores.overrides(), CLOCK);
    } catch (InvalidOverrideFileException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KnownPolicy policy(String domain, String id, String text) {
    StsPolicyParse parse = StsPolicy.parse(text.getBytes(StandardCharsets.US_ASCII));
    return new KnownMtaStsPolicy(
        new DomainName(domain), id, ((StsPolicyParse.Parsed) parse).policy(), NOW);
  }

  private HttpResponse<String> call(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.getPort().getValue() + path);
    return client.send(
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  private JsonNode json(int status, String path) throws IOException, InterruptedException {
    HttpResponse<String> response = call("GET", path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    return new ObjectMapper().readTree(response.body());
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
            new ObjectMapper()
                .readTree(
                    """
                    {"domain": "example.test", "source": "mta-sts", "id": "1", "mode": "enforce",
                     "mx": ["*.example.test"], "maxAgeSeconds": 86400,
                     "fetchedAt": "2026-03-01T12:00:00Z", "expiresAt": "2026-03-02T12:00:00Z",
                     "text": "version: STSv1\\r\\nmode: enforce\\r\\nmx: *.example.test\\r\\nmax_age: 86400\\r\\n"}
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
    JsonNode error = json(status, path);

    assertThat(error.get("statusCode").asInt()).isEqualTo(status);
    assertThat(error.get("type").asText()).isEqualToIgnoringCase(type);
    assertThat(error.get("message").asText()).contains(words);
  }

  @Test
  void sessionsShouldBeThoseOfTheDay() throws Exception {
    AppliedPolicy policy = AppliedPolicy.none(new DomainName("example.test"));
    sessions.record(new SessionResult(NOW, policy, List.of()));
    sessions.record(
        new SessionResult(
            NOW,
            policy,
            List.of(
                new SessionFailure(
                    ResultType.STARTTLS_NOT_SUPPORTED,
                    Optional.of(new DomainName("mx.example.test")),
                    Optional.empty(),
                    "no STARTTLS"))));
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                [{"policyDomain": "example.test", "policyType": "no-policy-found",
                  "successfulSessions": 1, "failedSessions": 1,
                  "failures": [{"resultType": "starttls-not-supported",
                    "receivingMx": "mx.example.test", "reason": "no STARTTLS", "sessions": 1}]}]
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
            "/sts/policies", "/sts/policies/a.test", "/sts/sessions", "/sts/policies/new.test")) {
      call("GET", path);
    }

    assertThat(stores.policies().known()).containsExactlyInAnyOrderElementsOf(before);
    assertThat(sessions.days()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
  void nothingButLookingShouldBePossible(String method) throws Exception {
    for (String path : List.of("/sts/policies", "/sts/policies/a.test", "/sts/sessions")) {
      assertThat(call(method, path).statusCode()).isEqualTo(404);
    }
    assertThat(stores.policies().known()).hasSize(2);
  }

  @Test
  void everyPathShouldLieUnderTheBaseThatAuthenticationGuards() {
    assertThat(
            new StsRoutes(
                    stores.policies(),
                    sessions,
                    stores.alarms(),
                    overrides(),
                    CLOCK,
                    new JsonTransformer())
                .getBasePath())
        .isEqualTo("/sts");
  }
}
