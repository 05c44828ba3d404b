package org.jamessts.https;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guards;
import org.jamessts.policy.FetchResult;
import org.jamessts.policy.FetchResult.Body;
import org.jamessts.policy.FetchResult.Failed;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.PrivateDns;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A resolver, a policy host and a fetcher between them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class FetcherWorld {

  static final String DOMAIN = "example.com";
  static final String HOST = "mta-sts.example.com";
  static final String PATH = "/.well-known/mta-sts.txt";
  static final String POLICY =
      "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n";
  static final String PLAIN = "Content-Type: text/plain\r\n";
  static final Duration AMPLE = Duration.ofSeconds(30);
  static final PrivateCa CA = PrivateCa.create("root");
  static final Credential GOOD = CA.issue(HOST);

  final PrivateDns dns = PrivateDns.start();
  final PolicyHost host = PolicyHost.start();

  @BeforeEach
  void publishAddress() {
    dns.a(HOST, "127.0.0.1");
  }

  @AfterEach
  void close() {
    host.close();
    dns.close();
  }

  FetchResult fetch(Duration deadline) throws Exception {
    return fetch(new HttpsSettings(host.port(), true, deadline));
  }

  FetchResult fetch(HttpsSettings settings) throws Exception {
    try (HttpsPolicyFetcher fetcher = fetcher(settings)) {
      return fetcher.fetch(DomainName.parse(HOST), PATH);
    }
  }

  HttpsPolicyFetcher fetcher(HttpsSettings settings) {
    return new HttpsPolicyFetcher(
        new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(5), 0, Clock.systemUTC()),
        new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.systemUTC()),
        Clock.systemUTC(),
        settings,
        Guards.ALL);
  }

  static String body(FetchResult result) {
    assertThat(result).isInstanceOf(Body.class);
    return new String(((Body) result).octets(), UTF_8);
  }

  static PolicyFailure failure(FetchResult result) {
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed) result).failure();
  }
}
