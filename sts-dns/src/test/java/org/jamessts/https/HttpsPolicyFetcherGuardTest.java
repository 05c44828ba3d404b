package org.jamessts.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.PolicyHostEffect.head;
import static org.jamessts.testing.PolicyHostEffect.policy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.FetchResult;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PolicyHostEffect.Drip;
import org.jamessts.testing.PolicyHostEffect.Hang;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsPolicyFetcherGuardTest extends FetcherWorld {

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 8461 S6", in = GuardedConnector.class)
  void fetchShouldRefuseBadCertificatesBeforeItSendsTheRequest(
      String rule, Credential credential, String reason) throws Exception {
    host.serve(DOMAIN, credential, policy(POLICY));

    assertThat(failure(fetch(AMPLE)))
        .satisfies(f -> assertThat(f.kind()).isEqualTo(PolicyFailure.Kind.WEBPKI))
        .satisfies(f -> assertThat(f.detail()).startsWith(HOST + ": certificate " + reason));
    assertThat(host.namesAsked()).containsExactly(HOST);
    assertThat(host.requests()).isEmpty();
  }

  static Stream<Arguments> fetchShouldRefuseBadCertificatesBeforeItSendsTheRequest() {
    // RFC 8461 §3.3.
    return Stream.of(
        arguments("self-signed", PrivateCa.selfSigned(HOST), "not trusted"),
        arguments("unknown root", PrivateCa.create("other").issue(HOST), "not trusted"),
        arguments("expired", CA.issueExpired(HOST), "expired on"),
        arguments("the policy domain's name", CA.issue(DOMAIN), "is for example.com, not for"),
        arguments("common name only", CA.issueCommonNameOnly(HOST), "is for no DNS name"),
        arguments("part of a label", CA.issue("mta-*.example.com"), "is for mta-*."),
        arguments("inner wildcard", CA.issue("mta-sts.*.com"), "is for mta-sts.*.com"),
        arguments(
            "for clients",
            CA.issue(new CertificateDraft().dnsNames(HOST).forClients()),
            "not trusted"));
  }

  @Test
  void fetchShouldJudgeTheCertificateOfTodayRatherThanResumeASession() throws Exception {
    try (HttpsPolicyFetcher fetcher = fetcher(new HttpsSettings(host.port(), true, AMPLE))) {
      host.serve(DOMAIN, GOOD, policy(POLICY));
      body(fetcher.fetch(DomainName.parse(HOST), PATH));
      host.serve(DOMAIN, CA.issueExpired(HOST), policy(POLICY));

      assertThat(failure(fetcher.fetch(DomainName.parse(HOST), PATH)).kind())
          .isEqualTo(PolicyFailure.Kind.WEBPKI);
    }
  }

  @Test
  @Rule(value = "RFC 8461 S6", in = GuardedConnector.class)
  void fetchShouldAcceptAWildcardCertificate() throws Exception {
    host.serve(DOMAIN, CA.issue("*.example.com"), policy(POLICY));

    assertThat(body(fetch(AMPLE))).isEqualTo(POLICY);
  }

  @Test
  void fetchShouldSayThatAHandshakeFailed() throws Exception {
    // Nothing is served: the host aborts, as RFC 8461 §3.3 wants for an unknown name.
    assertThat(failure(fetch(AMPLE)))
        .satisfies(f -> assertThat(f.kind()).isEqualTo(PolicyFailure.Kind.FETCH))
        .satisfies(f -> assertThat(f.detail()).contains("handshake_failure"));
    assertThat(host.namesAsked()).containsExactly(HOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "0.0.0.0"})
  void fetchShouldNotConnectToAddressesOutsideThePublicInternet(String address) throws Exception {
    dns.remove(HOST).a(HOST, address);
    host.serve(DOMAIN, GOOD, policy(POLICY));

    assertThat(failure(fetch(new HttpsSettings(host.port(), false, AMPLE))))
        .satisfies(f -> assertThat(f.kind()).isEqualTo(PolicyFailure.Kind.FETCH))
        .satisfies(f -> assertThat(f.detail()).contains("no public address: " + address));
    assertThat(host.namesAsked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "::ffff:127.0.0.1", "fe80::1", "fd00::1", "64:ff9b::7f00:1"})
  void fetchShouldNotConnectToIpv6AddressesOutsideThePublicInternet(String address)
      throws Exception {
    dns.remove(HOST).aaaa(HOST, address);

    assertThat(failure(fetch(new HttpsSettings(host.port(), false, AMPLE))).detail())
        .contains("no public address: ");
  }

  @Test
  void fetchShouldTryTheNextAddress() throws Exception {
    // Nothing listens on 127.0.0.2 and 127.0.0.3.
    dns.remove(HOST).a(HOST, "127.0.0.2").a(HOST, "127.0.0.3").a(HOST, "127.0.0.1");
    host.serve(DOMAIN, GOOD, policy(POLICY));

    assertThat(body(fetch(AMPLE))).isEqualTo(POLICY);
  }

  @Test
  void fetchShouldReportTheCertificateRatherThanAnAddressThatDidNotAnswer() throws Exception {
    dns.remove(HOST).a(HOST, "127.0.0.1").a(HOST, "127.0.0.2");
    host.serve(DOMAIN, CA.issueExpired(HOST), policy(POLICY));

    assertThat(failure(fetch(AMPLE)).kind()).isEqualTo(PolicyFailure.Kind.WEBPKI);
  }

  @Test
  void fetchShouldTryFourAddressesAtMost() throws Exception {
    dns.remove(HOST);
    for (int i = 2; i < 12; i++) {
      dns.a(HOST, "127.0.0." + i);
    }
    // A server on all of 127/8 counts the attempts.
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"))) {
      CountingCloser attempts = CountingCloser.start(server);

      failure(fetch(new HttpsSettings(server.getLocalPort(), true, AMPLE)));

      assertThat(attempts.count()).isEqualTo(4);
    }
  }

  @Test
  void fetchShouldSayThatTheHostHasNoAddress() throws Exception {
    dns.remove(HOST);

    assertThat(failure(fetch(AMPLE)).detail()).isEqualTo(HOST + " has no address");
  }

  @Test
  void fetchShouldSayThatTheAddressesAreNotKnown() throws Exception {
    dns.fault(HOST, "A", DnsFault.SERVFAIL);
    dns.fault(HOST, "AAAA", DnsFault.SERVFAIL);

    assertThat(failure(fetch(AMPLE)))
        .satisfies(f -> assertThat(f.kind()).isEqualTo(PolicyFailure.Kind.FETCH))
        .satisfies(f -> assertThat(f.detail()).startsWith("the addresses of " + HOST));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 8461 S11", in = HttpsPolicyFetcher.class)
  void fetchShouldEndAtTheDeadlineWhateverTheHostDoes(String rule, PolicyHostEffect effect)
      throws Exception {
    host.serve(DOMAIN, GOOD, effect);

    long start = System.nanoTime();
    PolicyFailure failure = failure(fetch(Duration.ofMillis(1500)));

    assertThat(failure)
        .isEqualTo(
            new PolicyFailure(
                PolicyFailure.Kind.FETCH, HOST + " did not answer in full within 1 s"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  static Stream<Arguments> fetchShouldEndAtTheDeadlineWhateverTheHostDoes() {
    String good = PLAIN + "Content-Length: 60000\r\n";
    return Stream.of(
        arguments("silence", new Hang()),
        arguments("drip of the status line", new Drip("", "HTTP/1.1 ", 100)),
        arguments("drip of headers", new Drip("HTTP/1.1 200 OK\r\n", "A: b\r\n", 300)),
        arguments("drip of the body", new Drip(head("200 OK", good), "x", 100)),
        arguments("interim answers", new Drip("", "HTTP/1.1 100 Continue\r\n\r\n", 10)));
  }

  @Test
  void fetchShouldEndAtTheDeadlineWhenTheHandshakeNeverComes() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertThat(
              failure(fetch(new HttpsSettings(mute.getLocalPort(), true, Duration.ofSeconds(1))))
                  .detail())
          .contains("within 1 s");
    }
  }

  @Test
  void fetchShouldEndAtTheDeadlineWhenTheDnsIsSilent() throws Exception {
    dns.fault(HOST, "A", DnsFault.SILENCE);
    dns.fault(HOST, "AAAA", DnsFault.SILENCE);

    assertThat(failure(fetch(Duration.ofSeconds(1))).detail()).contains("within 1 s");
  }

  @Test
  void fetchShouldLeaveNoConnectionBehindAtTheDeadline() throws Exception {
    host.serve(
        DOMAIN, GOOD, new Drip(head("200 OK", PLAIN + "Content-Length: 60000\r\n"), "x", 50));

    try (HttpsPolicyFetcher fetcher =
        fetcher(new HttpsSettings(host.port(), true, Duration.ofSeconds(1)))) {
      fetcher.fetch(DomainName.parse(HOST), PATH);

      assertThat(host.awaitHangUp(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void fetchShouldFailWhenClosed() throws Exception {
    HttpsPolicyFetcher fetcher = fetcher(new HttpsSettings(host.port(), true, AMPLE));
    fetcher.close();

    assertThat(failure(fetcher.fetch(DomainName.parse(HOST), PATH)).detail())
        .isEqualTo("the client is closed");
  }

  @Test
  void fetchShouldKeepTheInterruptOfItsCaller() throws Exception {
    host.serve(DOMAIN, GOOD, new Hang());

    Thread.currentThread().interrupt();
    FetchResult result = fetch(AMPLE);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure(result).detail()).isEqualTo("the request was interrupted");
  }

  /** Accepts, counts and closes. */
  private static final class CountingCloser {
    private final AtomicInteger count = new AtomicInteger();

    static CountingCloser start(ServerSocket server) {
      CountingCloser counting = new CountingCloser();
      Thread thread =
          new Thread(
              () -> {
                while (!server.isClosed()) {
                  try {
                    server.accept().close();
                    counting.count.incrementAndGet();
                  } catch (IOException e) {
                    // Closed: the loop condition decides.
                  }
                }
              },
              "counting-closer");
      thread.setDaemon(true);
      thread.start();
      return counting;
    }

    int count() {
      return count.get();
    }
  }
}
