package org.jamessts.https;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.PolicyHostEffect.answer;
import static org.jamessts.testing.PolicyHostEffect.head;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.DomainName;
import org.jamessts.https.HttpsPoster.Outcome;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PolicyHostEffect.Drip;
import org.jamessts.testing.PolicyHostEffect.Endless;
import org.jamessts.testing.PolicyHostEffect.Hang;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Posting to hosts that strangers name (RFC 8460 §5.4). */
class HttpsPosterTest extends FetcherWorld {

  private static final String NAME = "reports.example.com";
  private static final byte[] BODY = {0, 1, (byte) 0xff, '\r', '\n', '.'};

  @BeforeEach
  void publishName() {
    dns.a(NAME, "127.0.0.1");
  }

  private void serve(PolicyHostEffect effect) {
    host.serveHost(NAME, CA.issue(NAME), effect);
  }

  private HttpsPoster poster(boolean allowPrivateAddresses, Duration deadline) {
    return new HttpsPoster(
        new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(5), 0, Clock.systemUTC()),
        new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.systemUTC()),
        Clock.systemUTC(),
        new HttpsSettings(443, allowPrivateAddresses, deadline));
  }

  private Outcome post() throws Exception {
    return post(AMPLE);
  }

  private Outcome post(Duration deadline) throws Exception {
    try (HttpsPoster poster = poster(true, deadline)) {
      return poster.post(
          DomainName.parse(NAME), host.port(), "/v1?x=y", "application/tlsrpt+gzip", BODY);
    }
  }

  private static String failure(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).reason();
  }

  @Test
  void bodyShouldArriveAsItIsWithItsMediaTypeAndWithoutACoding() throws Exception {
    serve(answer("201 Created", "", "thanks"));

    assertThat(post()).isEqualTo(new Outcome.Accepted(201));

    assertThat(host.requests()).hasSize(1);
    PolicyHost.Request request = host.requests().get(0);
    assertThat(request.sni()).isEqualTo(NAME);
    assertThat(request.line()).isEqualTo("POST /v1?x=y HTTP/1.1");
    assertThat(request.header("Host")).isEqualTo(NAME + ":" + host.port());
    assertThat(request.header("Content-Type")).isEqualTo("application/tlsrpt+gzip");
    assertThat(request.header("Content-Length")).isEqualTo("6");
    assertThat(request.header("Content-Encoding")).isEmpty();
    assertThat(request.body().getBytes(ISO_8859_1)).isEqualTo(BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"200 OK", "202 Accepted", "204 No Content", "299 Strange"})
  @Rule(value = "RFC 8460 T13", in = HttpsPoster.class)
  void everyStatusOfSuccessShouldBeAcceptance(String status) throws Exception {
    serve(new PolicyHostEffect.Raw(head(status, "Content-Length: 0\r\n")));

    assertThat(post()).isInstanceOf(Outcome.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "301 Moved Permanently",
        "307 Temporary Redirect",
        "400 Bad Request",
        "404 Not Found",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "503 Service Unavailable"
      })
  void everyOtherStatusShouldBeNoneAndNoRedirectBeFollowed(String status) throws Exception {
    serve(answer(status, "Location: https://" + NAME + ":" + host.port() + "/else\r\n", "no"));

    assertThat(failure(post())).isEqualTo(NAME + " answers with status " + status.substring(0, 3));
    assertThat(host.requests()).hasSize(1);
  }

  /** Once the status is there, nothing that follows it can hurt. */
  @Test
  void bodyOfTheAnswerShouldNotBeRead() throws Exception {
    serve(new Endless(head("200 OK", "Content-Length: 99999999999\r\n"), "x"));

    assertThat(post()).isEqualTo(new Outcome.Accepted(200));
  }

  @Test
  void endlessHeaderShouldBeCutOff() throws Exception {
    serve(new Endless("HTTP/1.1 200 OK\r\n", "X: y\r\n"));

    assertThat(failure(post())).contains("no good answer from " + NAME);
  }

  @Test
  void deadlineShouldHoldForAllOfIt() throws Exception {
    serve(new Hang());
    Instant begin = Instant.now();
    assertThat(failure(post(Duration.ofSeconds(2))))
        .isEqualTo(NAME + " did not answer in full within 2 s");
    serve(new Drip("HTTP/1.1 200 O", "K", 100));
    assertThat(failure(post(Duration.ofSeconds(2)))).contains("within 2 s");
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(30));
  }

  /** RFC 8460 §3 would allow it; docs/adr/0018 tells why not. */
  @Test
  void hostShouldProveItsNameBeforeAnythingIsSent() throws Exception {
    host.serveHost(NAME, PrivateCa.selfSigned(NAME), answer("200 OK", "", ""));
    assertThat(failure(post())).contains("certificate not trusted");
    host.serveHost(NAME, CA.issueExpired(NAME), answer("200 OK", "", ""));
    assertThat(failure(post())).contains("certificate expired");
    host.serveHost(NAME, CA.issue("other.example.com"), answer("200 OK", "", ""));
    assertThat(failure(post())).contains("is for other.example.com, not for");

    assertThat(host.requests()).isEmpty();
  }

  @Test
  void hostOutsideThePublicInternetShouldNotBeContacted() throws Exception {
    serve(answer("200 OK", "", ""));
    try (HttpsPoster poster = poster(false, AMPLE)) {
      assertThat(failure(poster.post(DomainName.parse(NAME), host.port(), "/", "text/plain", BODY)))
          .contains("no public address: 127.0.0.1");
    }
    assertThat(host.namesAsked()).isEmpty();
  }

  @Test
  void interruptionShouldBeAFailureAndKeepItsMark() throws Exception {
    serve(new Hang());
    Thread.currentThread().interrupt();

    assertThat(failure(post())).isEqualTo("the request was interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }
}
