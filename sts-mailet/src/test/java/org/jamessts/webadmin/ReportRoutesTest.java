package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.webadmin.StsWebadmin.NOW;
import static org.jamessts.webadmin.StsWebadmin.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.TemporaryStores;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.SessionResult;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted and reported, behind James's own web server, over HTTP. */
class ReportRoutesTest {

  private static final String DAY = "2026-02-28";

  private final TemporaryStores temporary = new TemporaryStores(10, StsWebadmin.CLOCK);
  private final StsWebadmin webadmin = new StsWebadmin(temporary.stores());

  @BeforeEach
  void fill() throws Exception {
    for (String domain : List.of("a.test", "b.test", "c.test")) {
      webadmin
          .reporting
          .collector()
          .record(
              new SessionResult(
                  NOW.minus(Duration.ofDays(1)),
                  AppliedPolicy.none(new DomainName(domain)),
                  List.of()));
    }
    webadmin.reporting.collector().flush();
  }

  @AfterEach
  void close() {
    webadmin.close();
    temporary.close();
  }

  private JsonNode counts() throws Exception {
    return webadmin.json(200, "/sts/reports/" + DAY + "/counts");
  }

  @Test
  void sessionsShouldComeInPages() throws Exception {
    JsonNode first = webadmin.json(200, "/sts/sessions/" + DAY + "?limit=2");
    JsonNode rest = webadmin.json(200, "/sts/sessions/" + DAY + "?after=b.test");

    assertThat(first.findValuesAsText("policyDomain")).containsExactly("a.test", "b.test");
    assertThat(rest.findValuesAsText("policyDomain")).containsExactly("c.test");
  }

  @Test
  void reportsShouldBeShownAsFarAsTheyHaveCome() throws Exception {
    JsonNode reports = webadmin.json(200, "/sts/reports/" + DAY + "?limit=2");

    assertThat(reports.findValuesAsText("domain")).containsExactly("a.test", "b.test");
    JsonNode first = reports.get(0);
    assertThat(first.get("state").asText()).isEqualTo("pending");
    assertThat(first.get("reportId").asText()).matches("[0-9a-f]{32}");
    assertThat(first.get("attempts").asInt()).isZero();
    assertThat(first.get("due").asText()).matches("2026-03-01T0[0-4]:\\d\\d.*Z");
    assertThat(first.get("outcome").asText()).isEmpty();
    assertThat(webadmin.json(200, "/sts/reports/" + DAY + "?after=b.test&state=pending"))
        .hasSize(1);
    assertThat(webadmin.json(200, "/sts/reports/" + DAY + "?state=sent")).isEmpty();
    assertThat(counts())
        .isEqualTo(
            StsWebadmin.parse("{\"pending\": 3, \"sent\": 0, \"not-wanted\": 0, \"given-up\": 0}"));
  }

  @Test
  void reportsShouldBeSentByATaskThatEndsWithTheLastOne() throws Exception {
    webadmin.reporting.scheduler().ifPresent(ReportScheduler::start);

    JsonNode task =
        webadmin.finished(webadmin.call("POST", "/sts/reports/" + DAY + "?action=send"));

    assertThat(task.get("type").asText()).isEqualTo("sts-send-reports");
    assertThat(task.get("status").asText()).isEqualTo("completed");
    JsonNode information = task.get("additionalInformation");
    assertThat(information.get("day").asText()).isEqualTo(DAY);
    assertThat(information.get("sent").asInt()).isEqualTo(3);
    assertThat(information.get("underWay").asInt()).isZero();
    JsonNode sent = webadmin.json(200, "/sts/reports/" + DAY + "?state=sent").get(0);
    assertThat(sent.get("outcome").asText()).isEqualTo("mailto:r@a.test");
    assertThat(sent.get("attempts").asInt()).isEqualTo(1);
  }

  @Test
  void taskForOneDomainShouldTellOfThatAlone() throws Exception {
    webadmin.reporting.scheduler().ifPresent(ReportScheduler::start);

    JsonNode information =
        webadmin
            .finished(webadmin.call("POST", "/sts/reports/" + DAY + "?action=send&domain=a.test"))
            .get("additionalInformation");

    assertThat(information.get("domain").asText()).isEqualTo("a.test");
    assertThat(information.get("sent").asInt()).isEqualTo(1);
  }

  @Test
  void taskMayBeCancelledWhileNobodySends() throws Exception {
    String id =
        StsWebadmin.json(201, webadmin.call("POST", "/sts/reports/" + DAY + "?action=send"))
            .get("taskId")
            .asText();
    await()
        .until(
            () -> webadmin.json(200, "/tasks/" + id).get("status").asText().equals("inProgress"));

    assertThat(webadmin.call("DELETE", "/tasks/" + id).statusCode()).isEqualTo(204);

    await()
        .until(() -> webadmin.json(200, "/tasks/" + id).get("status").asText().equals("canceled"));
    assertThat(counts().get("pending").asInt()).isEqualTo(3);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "POST, /sts/reports/2026-02-28, action is missing",
    "POST, /sts/reports/2026-02-28?action=stop, allowed is send",
    "POST, /sts/reports/2026-03-01?action=send, has not ended",
    "POST, /sts/reports/2026-02-28?action=send&domain=no_name, domain: ",
    "GET, /sts/reports/yesterday, yyyy-mm-dd",
    "GET, /sts/reports/2026-02-28?state=lost, 'pending, sent, not-wanted, given-up'",
    "GET, /sts/reports/2026-02-28?limit=1001, from 1 to 1000",
    "GET, /sts/reports/2026-02-28?after=no_name, after: ",
    "GET, /sts/sessions?limit=-1, from 1 to 1000",
    "PUT, /sts/reports/suppressions?until=2030-01-01T00:00:00Z, target is neither a domain",
    "PUT, /sts/reports/suppressions?target=a.test, needs an end",
    "PUT, /sts/reports/suppressions?target=a.test&for=soon, 48 hours",
    "PUT, /sts/reports/suppressions?target=a.test&for=1d&until=2030-01-01T00:00:00Z, one of them",
    "PUT, /sts/reports/suppressions?target=a.test&until=2026-03-01T12:00:00Z, a moment to come",
    "PUT, /sts/reports/suppressions?target=ftp://a.test&until=2030-01-01T00:00:00Z, mailto:",
  })
  void nonsenseShouldBeRefused(String method, String path, String words) throws Exception {
    assertError(webadmin.call(method, path), 400, "InvalidArgument", words);
  }

  @Test
  void whatIsNotSuppressedShouldNotBeFound() throws Exception {
    assertError(
        webadmin.call("DELETE", "/sts/reports/suppressions?target=a.test"),
        404,
        "notFound",
        "a.test");
  }

  @Test
  void suppressionsShouldBeMadeShownAndEnded() throws Exception {
    String path = "/sts/reports/suppressions?target=";
    String until = "&until=2026-04-01T00:00:00Z";
    assertThat(webadmin.call("PUT", path + "a.test" + until).statusCode()).isEqualTo(204);
    assertThat(webadmin.call("PUT", path + "mailto:R@b.test&for=31days").statusCode())
        .isEqualTo(204);

    JsonNode all = webadmin.json(200, "/sts/reports/suppressions");

    assertThat(all.findValuesAsText("target")).containsExactly("a.test", "mailto:r@b.test");
    assertThat(all.findValuesAsText("until"))
        .containsExactly("2026-04-01T00:00:00Z", "2026-04-01T12:00:00Z");
    assertThat(all.findValuesAsText("changedBy")).containsOnly("webadmin at 127.0.0.1");
    assertThat(all.findValuesAsText("changedAt")).containsOnly(NOW.toString());
    assertThat(webadmin.reporting.suppressions().suppresses(new DomainName("a.test"))).isTrue();
    assertThat(webadmin.call("DELETE", path + "a.test").statusCode()).isEqualTo(204);
    assertThat(webadmin.json(200, "/sts/reports/suppressions")).hasSize(1);
    assertThat(webadmin.reporting.suppressions().suppresses(new DomainName("a.test"))).isFalse();
  }
}
