package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.jamessts.dane.DaneRecords;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.HostAddresses;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.testing.Denial;
import org.jamessts.testing.KeyAlgorithm;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.Signing;
import org.jamessts.testing.ZoneKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which zones have to be signed for a host to be held to its records (RFC 7672 §2.1.3, §2.2). */
class DnssecDeliveryTest extends DaneWorld {

  private static final String KEYS = "keys.provider.example";

  /** The host is an alias of another. */
  private void alias(String host, String target) {
    net.mx("aliased.test", 10, target, ODD);
    net.dns().mx(DOMAIN, 10, host).cname(host, target);
  }

  private int asked(String base) {
    return net.dns().queries(tlsaName(base), "TLSA");
  }

  private void assertVerified(String policy, String serverName) {
    assertThat(how()).contains("channel=\"TLSv1.3 verified", "policy=\"" + policy + "\"");
    assertThat(serverName()).isEqualTo(serverName);
  }

  private void assertOpportunistic() {
    assertThat(how()).contains("channel=\"TLSv1.3 unverified", "no policy");
  }

  @Test
  void recordsOfAWildcardShouldCount() {
    net.mx(DOMAIN, 10, MX, ODD);
    net.dns().add("*._tcp." + MX + ". TLSA " + key(ODD.leaf()));

    assertVerified("DANE mx.good.example", MX);

    net.replaceMx(MX, OTHER);
    DeliveryWorld.assertDeferred(deliver(), "450 4.7.5", "DANE mx.good.example: ");
  }

  // RFC 7672 §2.2.3: the records may be kept elsewhere, the host stays what it is.
  @Test
  @Rule(value = "RFC 7672 D14", in = DaneRecords.class)
  void aliasOfTheRecordsShouldNotChangeTheBaseDomain() {
    net.mx(DOMAIN, 10, MX, ODD);
    net.dns().cname(tlsaName(MX), KEYS).add(KEYS + ". TLSA " + key(ODD.leaf()));

    assertVerified("DANE mx.good.example", MX);
  }

  @Test
  void recordsBehindAnAliasOutOfSignedZonesShouldNotCount() {
    net.mx(DOMAIN, 10, MX, ODD);
    net.dns().cname(tlsaName(MX), "keys.plain.test");
    net.dns().add("keys.plain.test. TLSA " + key(OTHER.leaf()));

    assertOpportunistic();
    assertThat(asked(MX)).isPositive();
  }

  @Test
  void expandedNameShouldBeTheBaseDomainWhenBothZonesAreSigned() {
    alias(MX, REAL);
    tlsa(REAL, key(ODD.leaf()));
    tlsa(MX, key(OTHER.leaf()));

    assertVerified("DANE mx.good.example by real.provider.example", REAL);
  }

  // RFC 7672 §2.2.2
  @Test
  @Rule(value = "RFC 7672 D12", in = HostAddresses.class)
  void namesBetweenTheFirstAndTheLastShouldNotBeAsked() {
    String middle = "middle.provider.example";
    net.mx("aliased.test", 10, REAL, ODD);
    net.dns().mx(DOMAIN, 10, MX).cname(MX, middle).cname(middle, REAL);
    tlsa(middle, key(OTHER.leaf()));
    tlsa(MX, key(ODD.leaf()));

    assertVerified("DANE mx.good.example", MX);
    assertThat(asked(REAL)).isPositive();
    assertThat(asked(middle)).isZero();
  }

  @Test
  void originalNameShouldBeTheBaseDomainWhenItsAliasLeadsOutOfSignedZones() {
    alias(MX, PLAIN_MX);
    tlsa(MX, key(ODD.leaf()));
    tlsa(PLAIN_MX, key(OTHER.leaf()));

    assertVerified("DANE mx.good.example", MX);
    assertThat(asked(PLAIN_MX)).isZero();
  }

  @Test
  void recordsShouldNotBeAskedForWhenTheFirstAliasIsNotProven() {
    alias(PLAIN_MX, MX);
    tlsa(MX, key(OTHER.leaf()));
    tlsa(PLAIN_MX, key(OTHER.leaf()));

    assertOpportunistic();
    assertThat(asked(MX) + asked(PLAIN_MX)).isZero();
  }

  // RFC 7672 §3.2.2: of a name below a trust anchor, the expanded next hop will do.
  @Test
  void aliasOfTheDomainShouldCountWhenBothZonesAreSigned() {
    net.dns().cname("alias.good.example", PROVIDER);
    net.mx(PROVIDER, 10, REAL, net.ca().issue(PROVIDER));
    tlsa(REAL, authority());

    assertThat(how("alias.good.example"))
        .contains("channel=\"TLSv1.3 verified", "policy=\"DANE real.provider.example\"");
  }

  // RFC 7672 §2.1.3
  @Test
  @Rule(value = "RFC 7672 D5", in = DnsJavaResolver.class)
  void nothingShouldBeProvenBehindAnAliasOfTheDomainThatIsNot() {
    net.dns().cname("alias.plain.test", DOMAIN);
    signed(ODD, key(OTHER.leaf()));

    assertThat(how("alias.plain.test")).contains("mx=mx.good.example", "no policy");
    assertThat(asked(MX)).isZero();
  }

  // RFC 7672 §2.2: a domain without MX records is its own host.
  @Test
  void addressOfADomainWithoutMxRecordsShouldProveIt() {
    net.implicitMx(DOMAIN);
    net.replaceMx(DOMAIN, ODD);
    tlsa(DOMAIN, key(ODD.leaf()));

    assertVerified("DANE good.example", DOMAIN);
  }

  @Test
  void domainWithoutMxRecordsShouldNotBeHeldToRecordsOfAnUnsignedZone() {
    net.implicitMx(PLAIN);
    tlsa(PLAIN, key(OTHER.leaf()));

    assertThat(how(PLAIN)).contains("no policy");
    assertThat(asked(PLAIN)).isZero();
  }

  static Stream<Arguments> unsigned() {
    return Stream.of(
        arguments("signed, but not vouched for from above", Signing.standard().withoutDs()),
        arguments(
            "signed in a way that nobody knows",
            Signing.standard().withKeys(ZoneKey.csk(KeyAlgorithm.UNKNOWN))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsigned")
  void zoneShouldCountAsUnsignedWhenItIs(String zone, Signing signing) {
    net.dns().sign(DOMAIN, signing);
    signed(ODD, key(OTHER.leaf()));

    assertOpportunistic();
    assertThat(asked(MX)).isZero();
  }

  static Stream<Denial> denials() {
    return Stream.of(Denial.NSEC, Denial.NSEC3, Denial.NSEC3.withOptOut());
  }

  @ParameterizedTest
  @MethodSource("denials")
  void mailShouldGoWhereASignedZoneHasNoRecords(Denial denial) {
    net.dns().sign(DOMAIN, Signing.standard().withDenial(denial));
    net.mx(DOMAIN, 10, MX, ODD);

    assertOpportunistic();
    assertThat(asked(MX)).isEqualTo(1);
    assertThat(received()).singleElement().matches(ReceivedMail::inTls);
  }

  private void draft(String domain) {
    net.dns()
        .txt("_smtp_sts." + domain, "v=STS1; to=true; mx=" + MX + "; a=dnssec; c=webpki; e=86400");
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A6", in = StsPolicyService.class)
  void draftThatWantsDnssecShouldBeAuthenticatedByASignedZone() {
    draft(DOMAIN);
    net.goodMx(DOMAIN, 10, MX);
    assertThat(how()).contains("verified", "SMTP STS draft (to=true, candidate) good.example");
    assertThat(how()).contains("verified", "SMTP STS draft (to=true, confirmed) good.example");

    net.replaceMx(MX, OTHER);

    DeliveryWorld.assertDeferred(deliver(), "450 4.7.5", "SMTP STS draft (to=true, confirmed)");
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A6", in = StsPolicyService.class)
  void draftThatWantsDnssecShouldNotBeAuthenticatedByAnUnsignedZone() {
    draft(PLAIN);
    net.goodMx(PLAIN, 10, MX);
    assertThat(how(PLAIN)).contains("(to=true, not authenticated) plain.test");

    net.replaceMx(MX, OTHER);

    assertThat(how(PLAIN))
        .contains("unverified", "(to=true, not authenticated) plain.test", "not trusted");
    assertThat(world.kept()).isEmpty();
  }
}
