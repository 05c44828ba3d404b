package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MxHostsTest {

  private final PrivateDns dns = PrivateDns.start();
  private final MxHosts hosts = hosts(1);

  @AfterEach
  void stop() {
    dns.close();
  }

  @Test
  void lowestPreferenceShouldComeFirst() {
    dns.mx("example.com", 30, "c.example.com")
        .mx("example.com", 10, "A.Example.COM")
        .mx("example.com", 20, "b.example.com");
    MxLookup.Hosts found = (MxLookup.Hosts) lookup(hosts);
    assertThat(found.hosts())
        .extracting(Object::toString)
        .containsExactly(
            "MxHost[name=a.example.com, preference=10]",
            "MxHost[name=b.example.com, preference=20]",
            "MxHost[name=c.example.com, preference=30]");
    assertThat(found.implicit()).isFalse();
    assertThat(found.security()).isEqualTo(Security.INSECURE);
  }

  @Test
  void equalPreferencesShouldBeShuffled() {
    for (String name : List.of("a", "b", "c", "d")) {
      dns.mx("example.com", 10, name + ".example.com");
    }
    dns.mx("example.com", 5, "first.example.com").mx("example.com", 20, "last.example.com");
    Set<List<String>> orders = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      List<String> names = names(lookup(hosts(seed)));
      assertThat(names).startsWith("first.example.com").endsWith("last.example.com").hasSize(6);
      orders.add(names);
    }
    assertThat(orders).hasSizeGreaterThan(5);
  }

  @Test
  void domainWithoutMxShouldBeItsOwnHost() {
    dns.a("example.com", "192.0.2.1");
    assertThat(lookup(hosts))
        .isEqualTo(
            new MxLookup.Hosts(
                List.of(new MxHost(domain(), 0)),
                true,
                DnsAnswer.Security.INSECURE,
                Optional.empty()));
  }

  @Test
  void unknownDomainShouldHaveNoImplicitMx() {
    assertThat(lookup(hosts)).isEqualTo(new MxLookup.NoSuchDomain());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void rootAloneShouldBeTheNullMxWithAnyPreference(int preference) {
    dns.mx("example.com", preference, ".").a("example.com", "192.0.2.1");
    assertThat(lookup(hosts)).isEqualTo(new MxLookup.NullMx());
  }

  @Test
  void rootBesideHostsShouldBeIgnored() {
    dns.mx("example.com", 0, ".").mx("example.com", 10, "mx.example.com");
    assertThat(names(lookup(hosts))).containsExactly("mx.example.com");
  }

  @Test
  void exchangeThatIsNoHostNameShouldBeSkipped() {
    dns.mx("example.com", 1, "192.0.2.1")
        .mx("example.com", 2, "under_score.example.com")
        .mx("example.com", 3, "m\\252ller.example.com")
        .mx("example.com", 4, "dot\\.in-label.example.com")
        .mx("example.com", 5, "mx.example.com");
    assertThat(names(lookup(hosts)))
        // The escaped dot is refused as well: its backslash is no letter.
        .containsExactly("mx.example.com");
  }

  @Test
  void onlyBadExchangesShouldBeUnusableAndNamedInPart() {
    for (int i = 1; i <= 5; i++) {
      dns.mx("example.com", i, "192.0.2." + i);
    }
    assertThat(lookup(hosts))
        .isInstanceOfSatisfying(
            MxLookup.Unusable.class,
            unusable -> assertThat(unusable.detail()).contains("192.0.2.3").contains("and 2 more"));
  }

  @Test
  void fewBadExchangesShouldAllBeNamed() {
    for (int i = 1; i <= 3; i++) {
      dns.mx("example.com", i, "192.0.2." + i);
    }
    assertThat(lookup(hosts))
        .isInstanceOfSatisfying(
            MxLookup.Unusable.class,
            unusable -> assertThat(unusable.detail()).contains("192.0.2.3").doesNotContain("more"));
  }

  @Test
  void oneBadExchangeBesideRootShouldBeUnusable() {
    dns.mx("example.com", 0, ".").mx("example.com", 10, "192.0.2.1");
    assertThat(lookup(hosts)).isInstanceOf(MxLookup.Unusable.class);
  }

  @Test
  void nameListedTwiceShouldKeepItsBestPreference() {
    dns.mx("example.com", 30, "mx.example.com")
        .mx("example.com", 10, "MX.example.com")
        .mx("example.com", 20, "other.example.com");
    assertThat(names(lookup(hosts))).containsExactly("mx.example.com", "other.example.com");
  }

  @Test
  void hostsShouldBeBoundedAndTheBestKept() {
    for (int i = 1; i <= 80; i++) {
      dns.mx("example.com", 1000 - i, "mx" + i + ".example.com");
    }
    assertThat(names(lookup(hosts))).hasSize(50).startsWith("mx80.example.com");
  }

  @Test
  void failureShouldBeNeitherImplicitMxNorAbsence() {
    dns.a("example.com", "192.0.2.1").fault("example.com", "MX", DnsFault.SERVFAIL);
    assertThat(lookup(hosts))
        .isInstanceOfSatisfying(
            MxLookup.Failed.class,
            failed -> {
              assertThat(failed.failure()).isEqualTo(DnsAnswer.Failure.SERVER_FAILURE);
              assertThat(failed.detail()).contains("MX of example.com").contains("SERVFAIL");
            });
  }

  @Test
  void aliasedDomainShouldHaveTheMxOfItsTarget() {
    dns.cname("example.com", "example.net").mx("example.net", 10, "mx.example.net");
    assertThat(names(lookup(hosts))).containsExactly("mx.example.net");
  }

  private MxHosts hosts(long seed) {
    return new MxHosts(
        new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(10), 0, Clock.systemUTC()),
        new Random(seed));
  }

  private static MxLookup lookup(MxHosts hosts) {
    return hosts.lookup(domain());
  }

  private static List<String> names(MxLookup lookup) {
    assertThat(lookup).isInstanceOf(MxLookup.Hosts.class);
    return ((MxLookup.Hosts) lookup).hosts().stream().map(host -> host.name().value()).toList();
  }

  private static DomainName domain() {
    return new DomainName("example.com");
  }
}
