package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.webadmin.StsWebadmin.CLOCK;
import static org.jamessts.webadmin.StsWebadmin.NOW;
import static org.jamessts.webadmin.StsWebadmin.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.james.jwt.JwtConfiguration;
import org.apache.james.jwt.JwtTokenVerifier;
import org.apache.james.webadmin.authentication.JwtFilter;
import org.jamessts.dns.DomainName;
import org.jamessts.override.Minimum;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.jamessts.testing.TemporaryStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Overrides over HTTP, behind James's own web server. */
class OverrideRoutesTest {

  private static final String VERIFIED =
      "{\"domain\": \"example.test\", \"minimum\": \"verified\"}";

  @TempDir Path directory;
  private final TemporaryStores temporary = new TemporaryStores(10, CLOCK);
  private final Stores stores = temporary.stores();
  private final StsWebadmin webadmin = new StsWebadmin(stores);

  @AfterEach
  void close() {
    webadmin.close();
    temporary.close();
  }

  private void put(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> response = webadmin.send("PUT", path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
  }

  private Optional<Minimum> minimumOf(String domain) {
    return webadmin.overrides.find(new DomainName(domain), NOW).stream()
        .flatMap(override -> override.minimum().stream())
        .findFirst();
  }

  @Test
  void overrideShouldApplyAtOnceAndBeShownInFull() throws Exception {
    assertThat(webadmin.json(200, "/sts/overrides")).isEmpty();

    put(
        "/sts/overrides/example.test",
        """
        {"domain": "example.test", "minimum": "verified",
         "policy": {"mode": "enforce", "mx": ["mx.example.test", "*.example.test"]},
         "exempt": ["mx-mismatch", "certificate-expired"],
         "until": "2026-03-02T12:00:00Z", "comment": "they renew it"}
        """);

    JsonNode expected =
        StsWebadmin.parse(
            """
            [{"domain": "example.test", "minimum": "verified",
              "policy": {"mode": "enforce", "mx": ["mx.example.test", "*.example.test"]},
              "exempt": ["mx-mismatch", "certificate-expired"],
              "until": "2026-03-02T12:00:00Z", "comment": "they renew it",
              "source": "store", "changedBy": "webadmin at 127.0.0.1",
              "changedAt": "2026-03-01T12:00:00Z"}]
            """);
    assertThat(webadmin.json(200, "/sts/overrides")).isEqualTo(expected);
    assertThat(webadmin.json(200, "/sts/overrides/example.test")).isEqualTo(expected);
    assertThat(webadmin.json(200, "/sts/overrides/EXAMPLE.test.")).isEqualTo(expected);
    assertThat(minimumOf("example.test")).contains(Minimum.VERIFIED);
    assertThat(stores.overrides().all()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        VERIFIED,
        "{\"domain\": \"example.test\", \"exempt\": [\"mx-mismatch\"],"
            + " \"until\": \"2026-03-02T12:00:00Z\", \"comment\": \"they renew it\"}"
      })
  void overrideShouldBeTakenBackAsItIsShown(String override) throws Exception {
    put("/sts/overrides/example.test", override);
    JsonNode shown = webadmin.json(200, "/sts/overrides/example.test");
    webadmin.call("DELETE", "/sts/overrides/example.test");

    put("/sts/overrides/example.test", shown.get(0).toString());

    assertThat(webadmin.json(200, "/sts/overrides/example.test")).isEqualTo(shown);
  }

  @ParameterizedTest
  @EnumSource(Minimum.class)
  void everyMinimumShouldBeShownAsItWasSaid(Minimum minimum) throws Exception {
    put("/sts/overrides/example.test", VERIFIED.replace("verified", minimum.keyword()));

    assertThat(webadmin.json(200, "/sts/overrides").findValuesAsText("minimum"))
        .containsExactly(minimum.keyword());
    assertThat(minimumOf("example.test")).contains(minimum);
  }

  @Test
  void overrideShouldTakeThePlaceOfTheFormerOne() throws Exception {
    put("/sts/overrides/example.test", VERIFIED);
    put("/sts/overrides/example.test", VERIFIED.replace("verified", "require-tls"));

    assertThat(webadmin.json(200, "/sts/overrides").findValuesAsText("minimum"))
        .containsExactly("require-tls");
    assertThat(minimumOf("example.test")).contains(Minimum.REQUIRE_TLS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.example.test", "%2A.example.test", "%2a%2Eexample%2etest"})
  void patternOfSubdomainsMayBeWrittenInAPath(String pattern) throws Exception {
    String path = "/sts/overrides/" + pattern;

    put(path, VERIFIED.replace("example.test", "*.example.test"));

    assertThat(minimumOf("a.b.example.test")).contains(Minimum.VERIFIED);
    assertThat(minimumOf("example.test")).isEmpty();
    assertThat(webadmin.json(200, path).findValuesAsText("domain"))
        .containsExactly("*.example.test");
    assertThat(webadmin.call("DELETE", path).statusCode()).isEqualTo(204);
    assertThat(minimumOf("a.b.example.test")).isEmpty();
  }

  @Test
  void removedOverrideShouldBeGoneAndMayBeRemovedAgain() throws Exception {
    put("/sts/overrides/example.test", VERIFIED);

    assertThat(webadmin.call("DELETE", "/sts/overrides/example.test").statusCode()).isEqualTo(204);
    assertThat(webadmin.call("DELETE", "/sts/overrides/example.test").statusCode()).isEqualTo(204);

    assertThat(minimumOf("example.test")).isEmpty();
    assertThat(stores.overrides().all()).isEmpty();
    assertError(
        webadmin.call("GET", "/sts/overrides/example.test"),
        404,
        "notFound",
        "there is no override of example.test");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.test | {"domain": "example.test"}                        | needed is at least one of minimum
          example.test | {"domain": "other.test", "minimum": "verified"}   | allowed is that of the path, example.test
          example.test | {"domain": "*.example.test", "minimum": "verified"} | domain is *.example.test; allowed is
          example.test | {"domain": "example.test", "minimum": "none"}     | require-tls
          example.test | {"domain": "example.test", "exempt": ["mx-mismatch"]} | exempt needs until
          example.test | {"domain": "example.test", "minimum": "verified", "until": "2026-03-01T12:00:00Z"} | allowed is a moment after 2026-03-01T12:00:00Z
          example.test | {"domain": "example.test", "minimum": "verified", "mx": 1} | mx
          example.test | minimum: verified                                 | it is not JSON
          example.test | ''                                                | it is empty
          no_name      | {"domain": "no_name", "minimum": "verified"}      | allowed is a domain, or *. and a domain
          *.*.test     | {"domain": "*.*.test", "minimum": "verified"}     | allowed is a domain, or *. and a domain
          %0d%0ax      | {"domain": "x", "minimum": "verified"}            | allowed is a domain, or *. and a domain
          """)
  void badOverrideShouldBeRefusedAndChangeNothing(String pattern, String body, String words)
      throws Exception {
    put("/sts/overrides/example.test", VERIFIED);

    assertError(
        webadmin.send("PUT", "/sts/overrides/" + pattern, body), 400, "InvalidArgument", words);

    assertThat(webadmin.json(200, "/sts/overrides").findValuesAsText("minimum"))
        .containsExactly("verified");
  }

  @Test
  void hugeOverrideShouldBeRefused() throws Exception {
    assertError(
        webadmin.send("PUT", "/sts/overrides/example.test", "{" + " ".repeat(70_000) + "}"),
        400,
        "InvalidArgument",
        "it has 70002 octets; allowed are 65536");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void pathThatIsNoPatternShouldBeRefused(String method) throws Exception {
    assertError(
        webadmin.call(method, "/sts/overrides/192.0.2.1"),
        400,
        "InvalidArgument",
        "allowed is a domain, or *. and a domain for all below it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH"})
  void otherMethodsShouldDoNothing(String method) throws Exception {
    assertThat(webadmin.send(method, "/sts/overrides/example.test", VERIFIED).statusCode())
        .isEqualTo(405);
    assertThat(webadmin.send("PUT", "/sts/overrides", VERIFIED).statusCode()).isEqualTo(405);
    assertThat(webadmin.call("DELETE", "/sts/overrides").statusCode()).isEqualTo(405);
    assertThat(stores.overrides().all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"for=48h", "for=2%20days", "until=2026-03-03T12:00:00Z"})
  void endMayBeSaidInThePath(String end) throws Exception {
    put(
        "/sts/overrides/example.test?" + end,
        "{\"domain\": \"example.test\", \"exempt\": [\"certificate-expired\"]}");

    assertThat(webadmin.json(200, "/sts/overrides/example.test").findValuesAsText("until"))
        .containsExactly("2026-03-03T12:00:00Z");
  }

  @Test
  void bodyThatCurlDeclaresAFormShouldBeRefusedWithWhatToSay() throws Exception {
    assertError(
        webadmin.send(
            "PUT",
            "/sts/overrides/example.test",
            VERIFIED,
            "Content-Type",
            "application/x-www-form-urlencoded"),
        400,
        "InvalidArgument",
        "-H 'Content-Type: application/json'");
  }

  @Test
  void listShouldComeInPages() throws Exception {
    for (String domain : List.of("a.test", "b.test", "c.test")) {
      put("/sts/overrides/" + domain, VERIFIED.replace("example.test", domain));
    }

    HttpResponse<String> first = webadmin.call("GET", "/sts/overrides?limit=2");

    assertThat(StsWebadmin.json(200, first).findValuesAsText("domain"))
        .containsExactly("a.test", "b.test");
    assertThat(first.headers().allValues("Link"))
        .containsExactly("</sts/overrides?limit=2&after=b.test>; rel=\"next\"");
    assertThat(webadmin.json(200, "/sts/overrides?after=b.test").findValuesAsText("domain"))
        .containsExactly("c.test");
  }

  @Test
  void overrideOfTheFileShouldBeShownAndChangedThereOnly() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("overrides.json"), "{\"overrides\": [" + VERIFIED + "]}");
    try (StsWebadmin withFile =
        new StsWebadmin(stores, Optional.of(file), (request, response) -> {})) {
      JsonNode shown = withFile.json(200, "/sts/overrides/example.test");
      assertThat(shown.findValuesAsText("source")).containsExactly("file");
      assertThat(shown.findValuesAsText("changedBy")).containsExactly("file");
      assertError(
          withFile.call("DELETE", "/sts/overrides/example.test"),
          400,
          "InvalidArgument",
          "stands in the override file");

      // That of the store comes first; what both demand holds.
      withFile.send(
          "PUT", "/sts/overrides/example.test", VERIFIED.replace("verified", "require-tls"));
      assertThat(withFile.json(200, "/sts/overrides/example.test").findValuesAsText("minimum"))
          .containsExactly("require-tls", "verified");
      assertThat(withFile.overrides.find(new DomainName("example.test"), NOW))
          .extracting(override -> override.minimum().orElseThrow())
          .containsExactly(Minimum.REQUIRE_TLS, Minimum.VERIFIED);
      assertThat(withFile.call("DELETE", "/sts/overrides/example.test").statusCode())
          .isEqualTo(204);
      assertThat(Files.readString(file)).contains("verified");
    }
  }

  @Test
  void changeShouldFailLoudlyWhileTheStoreDoesNotWork() throws Exception {
    Path inTheWay = Files.writeString(directory.resolve("file"), "in the way");
    try (Stores broken =
            new Stores(new EmbeddedDatabase(inTheWay.resolve("sts"), CLOCK), 10, CLOCK);
        StsWebadmin lame = new StsWebadmin(broken)) {
      assertError(
          lame.send("PUT", "/sts/overrides/example.test", VERIFIED), 503, "ServerError", "stored");
      assertError(lame.call("DELETE", "/sts/overrides/example.test"), 503, "ServerError", "read");
      assertThat(lame.json(200, "/sts/overrides")).isEmpty();
    }
  }

  @Test
  void changeShouldBearTheNameOfWhoeverJamesHasLetIn() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    JwtFilter filter = new JwtFilter(() -> JwtTokenVerifier.create(trusting(keys)));
    try (StsWebadmin guarded = new StsWebadmin(stores, Optional.empty(), filter)) {
      String path = "/sts/overrides/example.test";
      String token = "Bearer " + token(keys, "carol@ours.test");

      assertThat(guarded.send("PUT", path, VERIFIED).statusCode()).isEqualTo(401);
      assertThat(guarded.overrides.stored()).isEmpty();
      assertThat(guarded.send("PUT", path, VERIFIED, "Authorization", token).statusCode())
          .isEqualTo(204);

      JsonNode shown = StsWebadmin.json(200, guarded.call("GET", path, "Authorization", token));
      assertThat(shown.findValuesAsText("changedBy")).containsExactly("carol@ours.test");
    }
  }

  private static JwtConfiguration trusting(KeyPair keys) {
    String key = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
    return new JwtConfiguration(
        List.of("-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----"));
  }

  /** RFC 7519, signed by RS256. */
  private static String token(KeyPair keys, String login) throws Exception {
    String signed =
        base64url("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII))
            + "."
            + base64url(
                "{\"sub\":\"%s\",\"admin\":true}"
                    .formatted(login)
                    .getBytes(StandardCharsets.US_ASCII));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + base64url(signature.sign());
  }

  private static String base64url(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }
}
