package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.allOf;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.https.HttpsSettings;
import org.jamessts.mtasts.StsMode;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.policy.PolicyLookup.Known;
import org.jamessts.policy.PolicyLookup.None;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.SettableClock;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a policy service needs, all real but the clock of the cache. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class PolicyWorld {

  static final String DOMAIN = "example.com";
  static final String RECORD = "_mta-sts." + DOMAIN;
  static final Duration WEEK = Duration.ofDays(7);

  /** Every lookup asks the DNS, so that a test sees at once what it has changed there. */
  static final PolicySettings NOTHING_REMEMBERED = waiting(Duration.ofSeconds(60));

  static PolicySettings waiting(Duration firstLookupWait) {
    return new PolicySettings(
        firstLookupWait,
        WithoutPolicy.DELIVER,
        WithoutPolicy.DELIVER,
        PolicySettings.Draft.ON,
        PolicySettings.FirstDraftPolicy.AUTHENTICATED,
        0);
  }

  static final PrivateCa CA = PrivateCa.create("root");
  static final PrivateCa.Credential GOOD = CA.issue("mta-sts." + DOMAIN);

  final PrivateDns dns = PrivateDns.start();
  final PolicyHost host = PolicyHost.start();
  final SettableClock clock = new SettableClock();
  final Resolver resolver =
      new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(5), 0, clock);
  final HttpsPolicyFetcher fetcher = fetcher(Duration.ofSeconds(30));
  @TempDir Path directory;
  Stores stores;
  StsPolicyService service;

  @BeforeEach
  void open() throws InvalidOverrideFileException {
    stores = new Stores(new EmbeddedDatabase(directory, clock), 100, clock);
    service = service(NOTHING_REMEMBERED);
  }

  /** A service on the same store. */
  StsPolicyService service(PolicySettings settings) throws InvalidOverrideFileException {
    return service(settings, fetcher, Preloads.NONE);
  }

  StsPolicyService service(PolicySettings settings, PolicyFetcher fetcher, Preloads preloads)
      throws InvalidOverrideFileException {
    return new StsPolicyService(
        new PolicyParts(
            resolver, fetcher, stores.policies(), stores.alarms(), preloads, clock, Guards.ALL),
        Overrides.open(Optional.empty(), stores.overrides(), clock),
        settings);
  }

  @AfterEach
  void close() {
    service.close();
    stores.close();
    fetcher.close();
    host.close();
    dns.close();
  }

  HttpsPolicyFetcher fetcher(Duration deadline) {
    return new HttpsPolicyFetcher(
        resolver,
        new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.systemUTC()),
        Clock.systemUTC(),
        new HttpsSettings(host.port(), true, deadline),
        Guards.ALL);
  }

  /** The domain publishes a policy, TXT record and all. */
  void publish(String id, String policy) {
    announce("v=STSv1; id=" + id + ";");
    dns.remove("mta-sts." + DOMAIN).a("mta-sts." + DOMAIN, "127.0.0.1");
    host.serve(DOMAIN, GOOD, PolicyHostEffect.policy(policy));
  }

  /** The TXT record changes, and nothing else. */
  void announce(String text) {
    dns.remove(RECORD).txt(RECORD, text);
  }

  /** The domain publishes a policy that is kept for a week, and a first lookup has fetched it. */
  KnownMtaStsPolicy publishedAndKept() {
    publish("1", policy("enforce", WEEK));
    return known(lookup());
  }

  static String policy(String mode, Duration maxAge) {
    return """
        version: STSv1
        mode: %s
        mx: mail.example.com
        max_age: %d
        """
        .formatted(mode, maxAge.toSeconds());
  }

  PolicyLookup lookup() {
    return service.lookup(name(DOMAIN)).published();
  }

  PolicyLookup recheck() {
    return service.recheck(name(DOMAIN)).published();
  }

  /** What the store keeps. */
  Collection<KnownPolicy> kept() {
    return allOf(stores.policies());
  }

  static DomainName name(String domain) {
    try {
      return DomainName.parse(domain);
    } catch (InvalidDomainNameException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static KnownMtaStsPolicy known(PolicyLookup lookup) {
    assertThat(lookup).isInstanceOf(Known.class);
    return ((Known) lookup).policy();
  }

  static StsMode mode(PolicyLookup lookup) {
    return known(lookup).policy().mode();
  }

  static None none(PolicyLookup lookup) {
    assertThat(lookup).isInstanceOf(None.class);
    return (None) lookup;
  }

  static PolicyFailure failure(PolicyLookup lookup) {
    assertThat(lookup.failure()).isPresent();
    return lookup.failure().orElseThrow();
  }

  /** The lookup holds on to a policy and reports that a newer one could not be had. */
  static void assertHolds(PolicyLookup lookup, KnownMtaStsPolicy kept, PolicyFailure.Kind failure) {
    assertThat(known(lookup)).isEqualTo(kept);
    assertThat(failure(lookup).kind()).isEqualTo(failure);
  }
}
