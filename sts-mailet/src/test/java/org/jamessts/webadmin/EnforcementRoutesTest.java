package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.webadmin.StsWebadmin.CLOCK;

import java.net.http.HttpResponse;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.store.Stores;
import org.jamessts.testing.TemporaryStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The switch that takes enforcement back, over HTTP. */
class EnforcementRoutesTest {

  private static final String PATH = "/sts/enforcement";

  private final TemporaryStores temporary = new TemporaryStores(10, CLOCK);
  private final Stores stores = temporary.stores();
  private final StsWebadmin webadmin = new StsWebadmin(stores);

  @AfterEach
  void close() {
    webadmin.close();
    temporary.close();
  }

  private int status(String method, String query) throws Exception {
    HttpResponse<String> response = webadmin.call(method, PATH + query);
    return response.statusCode();
  }

  @Test
  void settingShouldBeShownWhereNothingIsOrdered() throws Exception {
    assertThat(webadmin.json(200, PATH))
        .isEqualTo(
            StsWebadmin.parse(
                """
                {"mode": "enforce", "since": "2026-03-01T12:00:00Z",
                 "changedBy": "the setting in sts.properties", "until": null, "comment": "",
                 "setting": "enforce"}
                """));
  }

  @Test
  void orderShouldHoldAtOnceAndBeShownAndBeGivenUp() throws Exception {
    assertThat(
            status("PUT", "?mode=report-only&until=2026-03-01T15:00:00%2B01:00&comment=bad+roots"))
        .isEqualTo(204);

    assertThat(webadmin.enforcement.get()).isEqualTo(Enforcement.REPORT_ONLY);
    assertThat(stores.enforcement().get()).isPresent();
    assertThat(webadmin.json(200, PATH))
        .isEqualTo(
            StsWebadmin.parse(
                """
                {"mode": "report-only", "since": "2026-03-01T12:00:00Z",
                 "changedBy": "webadmin at 127.0.0.1", "until": "2026-03-01T14:00:00Z",
                 "comment": "bad roots", "setting": "enforce"}
                """));

    assertThat(status("DELETE", "")).isEqualTo(204);
    assertThat(status("DELETE", "")).as("nothing is left to give up").isEqualTo(204);
    assertThat(webadmin.enforcement.get()).isEqualTo(Enforcement.ENFORCE);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'mode is missing; allowed is enforce, report-only, off'",
    "?mode=none, 'mode is \"none\"; allowed is '",
    "?mode=off&until=tomorrow, allowed is a moment",
    "?mode=off&until=2026-03-01T12:00:00Z, allowed is a moment to come",
    "?mode=off&comment=a%0Ab, the comment has a character that is not printable",
  })
  void orderThatMakesNoSenseShouldBeRefused(String query, String words) throws Exception {
    StsWebadmin.assertError(webadmin.call("PUT", PATH + query), 400, "InvalidArgument", words);

    assertThat(webadmin.enforcement.get()).isEqualTo(Enforcement.ENFORCE);
  }

  @Test
  void lookingShouldChangeNothing() throws Exception {
    webadmin.json(400, PATH + "?mode=off");

    assertThat(webadmin.enforcement.get()).isEqualTo(Enforcement.ENFORCE);
  }

  @Test
  void orderThatTheStoreDoesNotKeepShouldNotHold() throws Exception {
    stores.close();

    StsWebadmin.assertError(
        webadmin.call("PUT", PATH + "?mode=off"),
        503,
        "ServerError",
        "whether it was changed shows within a minute");
    assertThat(webadmin.enforcement.get()).isEqualTo(Enforcement.ENFORCE);
  }
}
