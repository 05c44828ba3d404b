package org.jamessts.webadmin;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DnssecAnchors;
import org.jamessts.dns.InvalidAnchorsException;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.https.HttpsSettings;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.TemporaryStores;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;

/** Our routes on a private Internet, with the real resolver and policy fetcher. */
final class WebadminWorld implements AutoCloseable {

  final PrivateInternet internet = new PrivateInternet();
  final Clock clock = Clock.systemUTC();
  final TemporaryStores stores = new TemporaryStores(100, clock);
  private final Resolver resolver =
      new DnsJavaResolver(
          List.of(internet.dns().address()),
          new DnsJavaResolver.Settings(Duration.ofSeconds(5), 0, dnssec()),
          clock,
          Guards.ALL);
  private final HttpsPolicyFetcher fetcher =
      new HttpsPolicyFetcher(
          resolver,
          new PathBuilder(TrustAnchors.of(List.of(internet.ca().root())), clock),
          clock,
          new HttpsSettings(internet.policyPort(), true, Duration.ofSeconds(10)),
          Guards.ALL);
  final StsWebadmin webadmin =
      new StsWebadmin(stores.stores(), new StsWebadmin.World(resolver, fetcher, clock));

  private Dnssec dnssec() {
    try {
      return new Dnssec(
          Dnssec.Mode.VALIDATE,
          Dnssec.OnUnable.DEFER,
          DnssecAnchors.parse(internet.dns().trustAnchor()));
    } catch (InvalidAnchorsException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    webadmin.close();
    stores.close();
    fetcher.close();
    internet.close();
  }
}
