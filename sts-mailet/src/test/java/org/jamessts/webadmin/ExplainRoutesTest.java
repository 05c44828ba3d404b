package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.webadmin.StsWebadmin.assertError;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.jamessts.delivery.DryRunWorld;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.TemporaryStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dry runs over HTTP, on a private Internet. */
class ExplainRoutesTest {

  private static final String DOMAIN = "xn--bcher-kva.test";
  private static final String MX = "mx.xn--bcher-kva.test";

  private final TemporaryStores temporary = new TemporaryStores(10, StsWebadmin.CLOCK);
  private final DryRunWorld world = new DryRunWorld();
  private final StsWebadmin webadmin = new StsWebadmin(temporary.stores(), world.dryRuns());

  @BeforeEach
  void publish() {
    PrivateInternet internet = world.internet();
    internet.policy(DOMAIN, "enforce", MX);
    internet.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
  }

  @AfterEach
  void close() {
    webadmin.close();
    world.close();
    temporary.close();
  }

  @Test
  void runShouldBeToldInJson() throws Exception {
    JsonNode run = webadmin.json(200, "/sts/explain/b%C3%BCcher.test?connect=true");

    assertThat(run.get("domain").asText()).isEqualTo(DOMAIN);
    assertThat(run.get("connected").asBoolean()).isTrue();
    JsonNode verdict = run.get("verdict");
    assertThat(verdict.get("outcome").asText()).isEqualTo("deferred");
    assertThat(verdict.get("code").asText()).isEqualTo("450 4.7.5");
    assertThat(verdict.get("why").get("rule").asText()).isEqualTo("RFC 8461 section 4.2");
    assertThat(verdict.get("why").get("evidence").asText()).contains("not trusted");
    assertThat(verdict.get("why").get("until").asText()).isNotEmpty();
    assertThat(verdict.get("why").get("remedy").asText()).contains("shows a certificate");
    assertThat(run.get("policy").get("inForce").get("source").asText()).isEqualTo("fetched");
    assertThat(run.get("hosts").findValuesAsText("host")).containsExactly(MX);
    assertThat(run.get("dns").findValuesAsText("type")).contains("TXT", "MX", "A", "AAAA");
    assertThat(run.get("fetches").findValuesAsText("outcome")).containsExactly("fetched");
  }

  @Test
  void hostsShouldNotBeAskedByDefault() throws Exception {
    JsonNode run = webadmin.json(200, "/sts/explain/" + DOMAIN);

    assertThat(run.get("verdict").get("outcome").asText()).isEqualTo("tried");
    assertThat(world.internet().server(MX).connections()).isEmpty();
  }

  @Test
  void runShouldBeToldAsText() throws Exception {
    HttpResponse<String> text =
        webadmin.call("GET", "/sts/explain/" + DOMAIN + "?connect=true", "Accept", "text/plain");

    assertThat(text.statusCode()).isEqualTo(200);
    assertThat(text.headers().firstValue("Content-Type")).contains("text/plain;charset=utf-8");
    assertThat(text.body())
        .startsWith("Mail to xn--bcher-kva.test would wait: 450 4.7.5\n")
        .contains("\n    rule:   RFC 8461 section 4.2\n", "\n    remedy: the host shows ");
  }

  @ParameterizedTest
  @CsvSource({
    "a..b, domain",
    "example.test?connect=yes, 'connect is \"yes\"; allowed is true or false'",
    "example.test?conect=true, 'parameter conect is unknown; allowed is connect'"
  })
  void questionThatMakesNoSenseShouldBeRefused(String question, String words) throws Exception {
    assertError(webadmin.call("GET", "/sts/explain/" + question), 400, "InvalidArgument", words);
  }

  @Test
  void nobodyShouldMakeAScannerOfIt() throws Exception {
    for (int i = 0; i < 10; i++) {
      webadmin.json(200, "/sts/explain/" + DOMAIN);
    }

    HttpResponse<String> refused = webadmin.call("GET", "/sts/explain/" + DOMAIN);

    assertError(refused, 429, "WrongState", "at most 10 dry runs at once, then one each 6 s");
    assertThat(refused.headers().firstValue("Retry-After")).contains("7");
  }
}
