package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.webadmin.StsWebadmin.NOW;
import static org.jamessts.webadmin.StsWebadmin.assertError;
import static org.jamessts.webadmin.StsWebadmin.json;
import static org.jamessts.webadmin.StsWebadmin.parse;

import java.time.Duration;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.store.Stores;
import org.jamessts.testing.TemporaryStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeferredRoutesTest {

  private final TemporaryStores temporary = new TemporaryStores(10, StsWebadmin.CLOCK);
  private final Stores stores = temporary.stores();
  private final StsWebadmin webadmin = new StsWebadmin(stores);

  @AfterEach
  void close() {
    webadmin.close();
    temporary.close();
  }

  private void waits(String id, String domain, String resultType) throws DeferralStoreException {
    stores
        .deferrals()
        .put(
            new DeferredMail(
                id,
                "mail-" + id,
                "outgoing",
                new DeferredMail.Cause(domain, "policy", resultType, "450 4.7.5 expired"),
                "{}",
                NOW,
                NOW.plus(Duration.ofHours(1))),
            out -> out.write(new byte[100]));
  }

  @Test
  void countsShouldBeShownByDomainAndReasonInPages() throws Exception {
    waits("1", "a.test", "certificate-expired");
    waits("2", "a.test", "certificate-expired");
    waits("3", "b.test", "tlsa-invalid");

    assertThat(webadmin.json(200, "/sts/deferred?limit=1"))
        .isEqualTo(
            parse(
                """
                [{"domain": "a.test", "verdict": "policy", "resultType": "certificate-expired",
                  "mails": 2, "octets": 200, "since": "2026-03-01T12:00:00Z",
                  "nextAttempt": "2026-03-01T13:00:00Z"}]
                """));
    assertThat(webadmin.json(200, "/sts/deferred?limit=1&offset=1").findValuesAsText("domain"))
        .containsExactly("b.test");
  }

  @Test
  void mailsOfADomainShouldBeShownWithoutAddresses() throws Exception {
    waits("1", "xn--bcher-kva.test", "certificate-expired");

    assertThat(webadmin.json(200, "/sts/deferred/b%C3%BCcher.test"))
        .isEqualTo(
            parse(
                """
                [{"name": "mail-1", "queue": "outgoing", "verdict": "policy",
                  "resultType": "certificate-expired", "explanation": "450 4.7.5 expired",
                  "deferredAt": "2026-03-01T12:00:00Z", "nextAttempt": "2026-03-01T13:00:00Z"}]
                """));
    assertThat(webadmin.json(200, "/sts/deferred/other.test")).isEmpty();
  }

  @Test
  void flushShouldMakeTheMailsOfTheDomainDueNow() throws Exception {
    waits("1", "a.test", "certificate-expired");
    waits("2", "b.test", "certificate-expired");

    assertThat(json(200, webadmin.call("POST", "/sts/deferred?action=flush&domain=A.test")))
        .isEqualTo(parse("{\"domain\": \"a.test\", \"mails\": 1}"));

    assertThat(stores.deferrals().nextDue()).contains(NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/sts/deferred|allowed is flush",
        "POST|/sts/deferred?action=drop&domain=a.test|allowed is flush",
        "POST|/sts/deferred?action=flush|domain",
        "POST|/sts/deferred?action=flush&domain=no_domain!|domain",
        "GET|/sts/deferred?limit=1001|limit is \"1001\"; allowed is a whole number from 1 to 1000",
        "GET|/sts/deferred?offset=-1|offset is \"-1\"",
        "GET|/sts/deferred/a.test?limit=many|limit is \"many\"",
        "GET|/sts/deferred/no_domain!|domain",
        "GET|/sts/deferred?verdict=me|verdict is \"me\"; allowed is busy, unreachable, reply",
        "GET|/sts/deferred?resultType=x|resultType is \"x\"; allowed is starttls-not-supported",
      })
  void whatMakesNoSenseShouldBeRefused(String method, String path, String words) throws Exception {
    assertError(webadmin.call(method, path), 400, "InvalidArgument", words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /sts/deferred", "POST /sts/deferred?action=flush&domain=a.test"})
  void failureOfTheStoreShouldBeToldAsOne(String request) throws Exception {
    stores.close();
    String[] words = request.split(" ", 2);

    assertError(webadmin.call(words[0], words[1]), 503, "ServerError", "cannot be kept");
  }

  @Test
  void mailMayBeLookedForByItsReason() throws Exception {
    waits("1", "a.test", "certificate-expired");
    waits("2", "a.test", "tlsa-invalid");

    String reason = "?verdict=policy&resultType=tlsa-invalid";
    assertThat(webadmin.json(200, "/sts/deferred" + reason).findValuesAsText("mails"))
        .containsExactly("1");
    assertThat(webadmin.json(200, "/sts/deferred/a.test" + reason).findValuesAsText("name"))
        .containsExactly("mail-2");
    assertThat(webadmin.json(200, "/sts/deferred?verdict=reply")).isEmpty();
  }

  @Test
  void fullPageShouldSayWhereTheNextOneIs() throws Exception {
    waits("1", "a.test", "certificate-expired");
    waits("2", "b.test", "certificate-expired");

    assertThat(
            webadmin
                .call("GET", "/sts/deferred?limit=1&verdict=policy")
                .headers()
                .allValues("Link"))
        .containsExactly("</sts/deferred?limit=1&verdict=policy&offset=1>; rel=\"next\"");
    assertThat(webadmin.call("GET", "/sts/deferred?limit=3").headers().allValues("Link")).isEmpty();
  }
}
