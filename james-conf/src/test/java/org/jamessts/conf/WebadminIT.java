package org.jamessts.conf;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateInternet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our routes in a real James with the sample configuration, among its own filters and tasks. */
class WebadminIT {

  @TempDir static Path directory;
  static PrivateInternet internet = new PrivateInternet();
  static JamesProcess james;

  private static JamesLauncher launcher() throws Exception {
    return Installation.ofBuild(Path.of("")).assemble(directory, internet);
  }

  @BeforeAll
  static void start() throws Exception {
    internet.policy("testing.test", "testing", "mx.other.test");
    internet.goodMx("testing.test", 10, "mx.testing.test");
    internet.policy("enforce.test", "enforce", "mx.enforce.test");
    internet.goodMx("enforce.test", 10, "mx.enforce.test");
    james = launcher().start();
  }

  @AfterAll
  static void stop() {
    james.close();
    internet.close();
  }

  private static RequestSpecification request() {
    return given().baseUri(james.webadmin().toString()).urlEncodingEnabled(false);
  }

  /** The end of a task, as James tells it. */
  private static ValidatableResponse finished(String taskId) {
    return request()
        .get("/tasks/" + taskId + "/await?timeout=60s")
        .then()
        .statusCode(200)
        .body("status", equalTo("completed"));
  }

  @Test
  void policyShouldBeFetchedShownAndForgotten() {
    request()
        .post("/sts/policies/enforce.test?action=refresh")
        .then()
        .statusCode(200)
        .body("problem", nullValue())
        .body("policies.mode", contains("enforce"));
    request()
        .get("/sts/policies?mode=enforce&source=mta-sts")
        .then()
        .statusCode(200)
        .body("domain", hasItem("enforce.test"));

    request().delete("/sts/policies/enforce.test").then().statusCode(204);

    request()
        .get("/sts/policies/enforce.test")
        .then()
        .statusCode(404)
        .body("type", equalTo("notFound"));
    assertThat(james.log().lines())
        .anyMatch(
            line ->
                line.contains(
                    "policies of enforce.test are forgotten, as webadmin at 127.0.0.1 has told"));
  }

  @Test
  void otherRulesShouldBeJudgedByATaskThatTellsWhatItFound() {
    String id =
        request()
            .contentType("text/plain")
            .body("testing.test\nenforce.test\nplain.test")
            .post("/sts/whatIf?action=judge&enforce=all&port=" + internet.smtpPort())
            .then()
            .statusCode(201)
            .header("Location", containsString("/tasks/"))
            .extract()
            .path("taskId");

    finished(id)
        .body("type", equalTo("sts-what-if"))
        .body("additionalInformation.type", equalTo("sts-what-if"))
        .body("additionalInformation.domains", equalTo(3))
        .body("additionalInformation.deferred", equalTo(1))
        .body("additionalInformation.firstDeferred.domain", contains("testing.test"));
    request()
        .get("/sts/whatIf/" + id)
        .then()
        .statusCode(200)
        .body("domain", contains("testing.test"));
    request().get("/tasks?type=sts-what-if").then().statusCode(200).body("taskId", hasItem(id));
  }

  @Test
  void overrideThatCurlSendsAsAFormShouldBeRefusedWithWhatToSay() {
    String override = "{\"domain\":\"partner.test\",\"exempt\":[\"certificate-expired\"]}";
    String path = "/sts/overrides/partner.test?for=48h";

    request()
        .contentType("application/x-www-form-urlencoded")
        .body(override)
        .put(path)
        .then()
        .statusCode(400)
        .body("message", containsString("-H 'Content-Type: application/json'"));
    request().contentType("application/json").body(override).put(path).then().statusCode(204);

    request().get("/sts/overrides").then().statusCode(200).body("domain", contains("partner.test"));
    request().delete("/sts/overrides/partner.test").then().statusCode(204);
  }

  @Test
  void whatNoRouteUnderstandsShouldBeRefusedInJamessWay() {
    request()
        .get("/sts/nonsense")
        .then()
        .statusCode(404)
        .body("statusCode", equalTo(404))
        .body("message", containsString("allowed is /sts/alarms"));
    request()
        .get("/sts/policies?colour=red")
        .then()
        .statusCode(400)
        .body("message", containsString("parameter colour is unknown; allowed is after"));
    request().patch("/sts/policies").then().statusCode(405).header("Allow", "DELETE, GET");
    request().head("/sts/policies").then().statusCode(200);
    request().options("/sts/policies").then().statusCode(200);
  }

  /** The other task needs a day that has ended; what is counted is not told to anybody here. */
  @Test
  void reportsCannotBeSentByWhoDoesNotReport() {
    request()
        .post("/sts/reports/2020-01-01?action=send")
        .then()
        .statusCode(400)
        .body("message", containsString("reports.enabled"));
    request().get("/sts/receivedReports").then().statusCode(200).body("", hasSize(0));
  }
}
