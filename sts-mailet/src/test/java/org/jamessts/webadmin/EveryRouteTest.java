package org.jamessts.webadmin;

import static io.restassured.RestAssured.given;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.equalToIgnoringCase;
import static org.hamcrest.Matchers.not;
import static org.jamessts.testing.Latest.latest;
import static org.jamessts.testing.SamplePolicies.allOf;
import static org.jamessts.testing.SamplePolicies.policy;
import static org.jamessts.webadmin.StsWebadmin.CLOCK;
import static org.jamessts.webadmin.StsWebadmin.NOW;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamessts.deferral.DeferralReason;
import org.jamessts.dns.DomainName;
import org.jamessts.store.Stores;
import org.jamessts.testing.TemporaryStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every route does with what it does not understand. The routes are those that the web server
 * was told of; a route with a parameter or a part of its path that is new needs a row here.
 */
class EveryRouteTest {

  private static final List<Integer> ANSWERED = List.of(200, 404);
  private static final String NO_TASK = "e9e7e4f0-27f1-4c0a-b1bc-7c9a0d1d5a55";

  /** Parts of paths: one that makes sense, one that makes none, and what is said of that. */
  private static final Map<String, List<String>> PARTS =
      Map.ofEntries(
          entry(":domain", List.of("a.test", "no_name", "is not a domain name")),
          entry(":day", List.of("2026-02-28", "2026-2-28", "yyyy-mm-dd")),
          entry(":key", List.of("0".repeat(64), "mine", "allowed is the key of a report")),
          entry(":pattern", List.of("a.test", "*.*.test", "allowed is a domain")),
          entry(":taskId", List.of(NO_TASK, "mine", "allowed is the id of a task")));

  /** Parameters: a value that makes no sense, and what is said of it. */
  private static final Map<String, List<String>> PARAMETERS =
      Map.ofEntries(
          entry("action", List.of("nonsense", "allowed is")),
          entry("after", List.of("no_name", "is not a domain name")),
          entry("comment", List.of("a%0Ab", "printable")),
          entry("confirm", List.of("yes", "allowed is confirm=all")),
          entry("connect", List.of("perhaps", "allowed is true or false")),
          entry("dane", List.of("perhaps", "allowed is on")),
          entry("day", List.of("%2B999999999-12-31", "yyyy-mm-dd")),
          entry("days", List.of("0", "allowed is a whole number from 1")),
          entry("domain", List.of("no_name", "domain")),
          entry("enforce", List.of("some", "allowed is published, all")),
          entry("expiringBefore", List.of("soon", "allowed is a moment")),
          entry("for", List.of("ever", "allowed is a time")),
          entry("limit", List.of("0", "allowed is a whole number from 1")),
          entry("minimum", List.of("none", "allowed is require-tls")),
          entry("mode", List.of("nonsense", "allowed is")),
          entry("offset", List.of("-1", "allowed is a whole number from 0")),
          entry("outcome", List.of("delivered", "allowed is deferred, not-known")),
          entry("port", List.of("smtp", "allowed is a whole number from 1")),
          entry("resultType", List.of("nonsense", "allowed is starttls-not-supported")),
          entry("source", List.of("nonsense", "allowed is mta-sts, sts1, sts1-candidate")),
          entry("state", List.of("nonsense", "allowed is pending")),
          entry("target", List.of("no_name", "target is")),
          entry("until", List.of("soon", "allowed is a moment")),
          entry("usedSince", List.of("2026-13-01T00:00:00Z", "allowed is a moment")),
          entry("verdict", List.of("nonsense", "allowed is busy, unreachable")));

  /** What has to be right before anything else is looked at. */
  private static final Map<String, String> NEEDED =
      Map.of(
          "POST /sts/deferred", "action=flush",
          "POST /sts/policies/:domain", "action=refresh",
          "POST /sts/reports/:day", "action=send",
          "POST /sts/whatIf", "action=judge&enforce=all",
          "PUT /sts/enforcement", "mode=report-only",
          "PUT /sts/reports/suppressions", "target=a.test");

  private static final Pattern KNOWN =
      Pattern.compile("parameter nonsense is unknown; allowed is (.*)");

  private final TemporaryStores temporary = new TemporaryStores(10, CLOCK);
  private final Stores stores = temporary.stores();
  private final StsWebadmin webadmin = new StsWebadmin(stores);

  @BeforeEach
  void fill() {
    stores.policies().put(policy("a.test", NOW));
  }

  @AfterEach
  void close() {
    webadmin.close();
    temporary.close();
  }

  private static List<String> row(Map<String, List<String>> table, String name) {
    return Optional.ofNullable(table.get(name))
        .orElseThrow(() -> new AssertionError("needs a row here: " + name));
  }

  /** A route as the web server knows it. */
  private record Route(String method, String pattern) {
    static Route of(String text) {
      String[] words = text.split(" ", 2);
      return new Route(words[0], words[1]);
    }

    /** A path that it answers. */
    String path() {
      String path = pattern;
      for (Matcher part = Pattern.compile(":\\w+").matcher(pattern); part.find(); ) {
        path = path.replace(part.group(), row(PARTS, part.group()).get(0));
      }
      return path;
    }

    String name() {
      return method + " " + pattern;
    }
  }

  private Stream<DynamicTest> each(Consumer<Route> test) {
    return webadmin.defined().stream()
        .map(Route::of)
        .map(route -> dynamicTest(route.name(), () -> test.accept(route)));
  }

  private RequestSpecification request() {
    return given().port(webadmin.port()).urlEncodingEnabled(false);
  }

  /** A path and what has to be right behind its question mark, if anything. */
  private static String needed(Route route, String path) {
    String needed = NEEDED.getOrDefault(route.name(), "");
    return needed.isEmpty() ? path : path + "?" + needed;
  }

  private ValidatableResponse ask(Route route, String path) {
    return request().when().request(route.method(), path).then();
  }

  /** James's payload, on one line. */
  private static void assertRefused(ValidatableResponse response, int status, String words) {
    response
        .statusCode(status)
        .contentType(containsString("application/json"))
        .body("statusCode", equalTo(status))
        .body("type", equalToIgnoringCase(status == 404 ? "notFound" : "InvalidArgument"))
        .body("message", containsString(words))
        .body("message", not(containsString("\n")));
  }

  /** Those that the route says that it knows. */
  private List<String> parameters(Route route) {
    String message =
        ask(route, route.path() + "?nonsense=1").statusCode(400).extract().path("message");
    Matcher known = KNOWN.matcher(message);
    assertThat(known.matches()).as(message).isTrue();
    return known.group(1).equals("none here") ? List.of() : List.of(known.group(1).split(", "));
  }

  @Test
  void thereShouldBeRoutes() {
    assertThat(webadmin.defined()).hasSizeGreaterThan(20).contains("GET /sts/policies");
  }

  @TestFactory
  Stream<DynamicTest> unknownParameterShouldBeRefusedWithThoseThatAreKnown() {
    return each(route -> assertThat(parameters(route)).isSorted().isSubsetOf(PARAMETERS.keySet()));
  }

  @TestFactory
  Stream<DynamicTest> parameterThatIsGivenTwiceShouldBeRefused() {
    return each(
        route -> {
          for (String name : parameters(route)) {
            assertRefused(
                ask(route, route.path() + "?" + name + "=1&" + name + "=2"),
                400,
                "parameter " + name + " is given 2 times; allowed is once");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> emptyParameterShouldBeRefused() {
    return each(
        route -> {
          for (String name : parameters(route)) {
            for (String empty : List.of("=", "")) {
              assertRefused(
                  ask(route, route.path() + "?" + name + empty),
                  400,
                  "parameter " + name + " is empty");
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> valueThatMakesNoSenseShouldBeRefusedWithWhatIsAllowed() {
    return each(
        route -> {
          for (String name : parameters(route)) {
            List<String> row = row(PARAMETERS, name);
            String needed =
                Stream.of(NEEDED.getOrDefault(route.name(), "").split("&"))
                    .filter(one -> !one.isEmpty() && !one.startsWith(name + "="))
                    .map(one -> one + "&")
                    .reduce("", String::concat);
            ValidatableResponse response =
                body(route)
                    .when()
                    .request(route.method(), route.path() + "?" + needed + name + "=" + row.get(0))
                    .then();
            assertRefused(
                response, 400, patternsGoFurther(route, name) ? "allowed is" : row.get(1));
          }
        });
  }

  /** Where a list of patterns goes on. */
  private static boolean patternsGoFurther(Route route, String name) {
    return route.pattern().equals("/sts/overrides") && name.equals("after");
  }

  /** With a body that makes sense, where one is read. */
  private RequestSpecification body(Route route) {
    return route.name().equals("PUT /sts/overrides/:pattern")
        ? request()
            .contentType("application/json")
            .body("{\"domain\": \"a.test\", \"minimum\": \"verified\"}")
        : request();
  }

  @TestFactory
  Stream<DynamicTest> partOfAPathThatMakesNoSenseShouldBeRefused() {
    return each(
        route -> {
          for (Map.Entry<String, List<String>> part : PARTS.entrySet()) {
            if (route.pattern().contains(part.getKey())) {
              String path = route.pattern().replace(part.getKey(), part.getValue().get(1));
              assertRefused(
                  body(route).when().request(route.method(), needed(route, path)).then(),
                  400,
                  part.getValue().get(2));
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> otherMethodsShouldBeRefusedWithThoseThatAreAllowed() {
    return each(
        route -> {
          for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH")) {
            boolean allowed =
                webadmin.defined().stream()
                    .map(Route::of)
                    .anyMatch(
                        other ->
                            other.method().equals(method) && fits(other.pattern(), route.path()));
            if (!allowed) {
              assertRefused(
                  request().when().request(method, route.path()).then(), 405, "allowed is ");
            }
          }
        });
  }

  private static boolean fits(String pattern, String path) {
    return path.matches(pattern.replaceAll(":\\w+", "[^/]+"));
  }

  @TestFactory
  Stream<DynamicTest> pathsBesideARouteShouldNotBeFound() {
    return each(
        route -> {
          assertRefused(ask(route, route.path() + "/"), 404, "allowed is /sts/alarms, ");
          assertRefused(ask(route, route.path() + "/non/sense"), 404, "allowed is /sts/alarms, ");
        });
  }

  @TestFactory
  Stream<DynamicTest> bodyThatMakesNoSenseShouldBeRefused() {
    return each(
        route -> {
          ValidatableResponse response =
              request()
                  .contentType("application/json")
                  .body("{\"nonsense\": true}")
                  .when()
                  .request(route.method(), needed(route, route.path()))
                  .then();
          assertRefused(
              response,
              400,
              Map.of(
                      "PUT /sts/overrides/:pattern", "nonsense",
                      "POST /sts/whatIf", "domain 1: ")
                  .getOrDefault(route.name(), "reads no body"));
        });
  }

  @Test
  void theRootItselfShouldTellWhatThereIs() {
    assertRefused(request().when().get("/sts").then(), 404, "/sts/policies/:domain");
    assertRefused(request().when().get("/sts/").then(), 404, "/sts/policies/:domain");
    request().when().head("/sts/policies").then().statusCode(200);
    request().when().head("/sts/nothing").then().statusCode(404);
  }

  /** A browser of whoever may reach this server. */
  @TestFactory
  Stream<DynamicTest> changeThatAPageOfAnotherSiteAsksForShouldBeRefused() {
    return each(
        route -> {
          List<Map<String, String>> strange =
              List.of(
                  Map.of("Origin", "https://evil.test"),
                  Map.of("Origin", "null"),
                  Map.of("Sec-Fetch-Site", "cross-site"));
          for (Map<String, String> headers : strange) {
            ValidatableResponse response =
                request().headers(headers).when().request(route.method(), route.path()).then();
            if (route.method().equals("GET")) {
              response.statusCode(not(403));
            } else {
              assertRefused(response, 403, "cors.origin");
            }
          }
          Map<String, String> own =
              Map.of(
                  "Origin", "http://localhost:" + webadmin.port(), "Sec-Fetch-Site", "same-origin");
          request()
              .headers(own)
              .when()
              .request(route.method(), route.path() + "?nonsense=1")
              .then()
              .statusCode(400);
        });
  }

  @TestFactory
  Stream<DynamicTest> lookingShouldChangeNothing() {
    return each(
        route -> {
          if (route.method().equals("GET")) {
            List<Object> before = everything();
            int status = request().when().get(route.path()).statusCode();
            // Nobody answers dry runs here.
            assertThat(status).isIn(route.pattern().contains("explain") ? List.of(500) : ANSWERED);
            assertThat(everything()).isEqualTo(before);
          }
        });
  }

  private List<Object> everything() {
    try {
      return List.of(
          allOf(stores.policies()),
          latest(stores.alarms(), 9),
          stores.overrides().all(),
          latest(stores.received(), 9),
          stores.deferrals().counts(DeferralReason.ANY, 0, 9),
          webadmin.reporting.suppressions().all(),
          webadmin
              .reporting
              .sessions()
              .domains(NOW.atZone(CLOCK.getZone()).toLocalDate(), Optional.<DomainName>empty(), 9));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
