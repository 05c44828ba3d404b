package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jamessts.dane.DaneRecords;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.DnssecFault;
import org.jamessts.testing.Rule;
import org.jamessts.testing.Signing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is disproved by DNSSEC, or kept back, never counts as an answer (RFC 7672 §2.1.1): whoever
 * changes what signed zones say delays mail and does not get it.
 */
class DnssecAttackDeliveryTest extends DaneWorld {

  private static final String ATTACKER = "mx.attacker.test";

  /** Each makes a fault of the record that the attacker would like to be believed. */
  static Stream<Arguments> attacks() {
    return Stream.of(
        attack("corrupted signatures", forged -> DnssecFault.CORRUPT_SIGNATURES),
        attack("stripped signatures", forged -> DnssecFault.STRIP_SIGNATURES),
        attack("stripped DNSSEC", forged -> DnssecFault.STRIP_DNSSEC),
        attack("a forged record", DnssecFault::forge),
        attack("a record that another signs", forged -> DnssecFault.forgeSignedBy(PLAIN, forged)),
        attack("forged NXDOMAIN", forged -> DnssecFault.denyName(DOMAIN)),
        attack("forged NXDOMAIN of an unsigned zone", forged -> DnssecFault.denyName(PLAIN)),
        attack("forged NODATA", forged -> DnssecFault.denyData(DOMAIN)),
        attack("SERVFAIL", forged -> DnsFault.SERVFAIL));
  }

  private static Arguments attack(String name, Function<String, DnsFault> fault) {
    return arguments(name, fault);
  }

  private String address(String host) {
    return net.server(host).address().getAddress().getHostAddress();
  }

  // RFC 7672 §2.1.2
  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule(value = "RFC 7672 D2", in = DnsJavaResolver.class)
  @Rule(value = "RFC 7672 D3", in = MailDelivery.class)
  void mailShouldWaitForTheMxRecords(String attack, Function<String, DnsFault> fault) {
    signed(ODD, key(ODD.leaf()));
    net.goodMx("attacker.test", 10, ATTACKER);
    net.dns().a(DOMAIN, address(ATTACKER));
    net.dns().fault(DOMAIN, "MX", fault.apply(DOMAIN + ". MX 10 " + ATTACKER + "."));

    assertHeldBack(deliver(), "450 4.4.3", "MX lookup of good.example failed");
    assertThat(net.server(ATTACKER).connections()).isEmpty();
    assertThat(net.server(MX).connections()).isEmpty();

    net.dns().heal(DOMAIN, "MX");
    assertThat(how()).contains("mx=mx.good.example", "verified");
  }

  // RFC 7672 §2.2.2
  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule(value = "RFC 7672 D2", in = DnsJavaResolver.class)
  void hostWithoutProvenAddressesShouldBePassedOver(
      String attack, Function<String, DnsFault> fault) {
    signed(ODD, key(ODD.leaf()));
    net.mx(DOMAIN, 20, BACKUP, ODD);
    tlsa(BACKUP, key(ODD.leaf()));
    net.goodMx("attacker.test", 10, ATTACKER);
    net.dns().fault(MX, "A", fault.apply(MX + ". A " + address(ATTACKER)));

    assertThat(how()).contains("mx=backup.good.example", "verified");
    assertThat(net.server(MX).connections()).isEmpty();
    assertThat(net.server(ATTACKER).connections()).isEmpty();

    net.dns().fault(BACKUP, "A", fault.apply(BACKUP + ". A " + address(ATTACKER)));
    DeliveryWorld.assertDeferred(deliver(), "450 4.4.3", "address lookup of");
    assertThat(received()).hasSize(1);
  }

  // RFC 7672 §2.1.1
  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule(value = "RFC 7672 D4", in = MailDelivery.class)
  void hostShouldNotBeContactedWhenItsRecordsAreDisproved(
      String attack, Function<String, DnsFault> fault) {
    signed(ODD, key(ODD.leaf()));
    String forged = tlsaName(MX) + ". TLSA " + key(OTHER.leaf());
    net.dns().fault(tlsaName(MX), "TLSA", fault.apply(forged));

    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.good.example: ", "TLSA lookup");
    assertThat(net.server(MX).connections()).isEmpty();

    net.dns().heal(tlsaName(MX), "TLSA");
    assertThat(how()).contains("mx=mx.good.example", "verified");
  }

  static Stream<Arguments> secondAttacks() {
    return Stream.of(
        arguments("the name that the host stands for", REAL),
        arguments("the name of the host, where the other has none", MX));
  }

  // RFC 7672 §2.2.3
  @ParameterizedTest(name = "{0}")
  @MethodSource("secondAttacks")
  @Rule(value = "RFC 7672 D4", in = DaneRecords.class)
  void noOtherNameShouldBeAskedOnceOneIsDisproved(String name, String attacked) {
    net.mx(PROVIDER, 10, REAL, ODD);
    net.dns().mx(DOMAIN, 10, MX).cname(MX, REAL);
    tlsa(MX, key(ODD.leaf()));
    net.dns().fault(tlsaName(attacked), "TLSA", DnssecFault.denyName(PLAIN));

    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.good.example: ", "TLSA lookup");
    assertThat(net.server(REAL).connections()).isEmpty();
  }

  // RFC 7672 §2.1.3: a question of its own, which an attacker can answer alone.
  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void hostShouldBePassedOverWhenItsFirstAliasIsDisproved(
      String attack, Function<String, DnsFault> fault) {
    net.mx(PLAIN, 10, PLAIN_MX, OTHER);
    net.dns().mx(DOMAIN, 10, MX).cname(MX, PLAIN_MX);
    tlsa(MX, key(ODD.leaf()));
    net.dns().fault(MX, "CNAME", fault.apply(MX + ". CNAME " + ATTACKER + "."));

    assertHeldBack(deliver(), "450 4.4.3", "address lookup of mx.good.example failed");
    assertThat(net.server(PLAIN_MX).connections()).isEmpty();

    net.dns().heal(MX, "CNAME");
    net.replaceMx(PLAIN_MX, ODD);
    assertThat(how()).contains("verified", "DANE mx.good.example");
  }

  @Test
  void aliasOfRecordsShouldNotLeadToOthersThatAreDisproved() {
    signed(ODD, key(ODD.leaf()));
    net.dns().remove(tlsaName(MX));
    net.dns().cname(tlsaName(MX), "keys." + PROVIDER);
    net.dns().add("keys." + PROVIDER + ". TLSA " + key(ODD.leaf()));
    assertThat(how()).contains("verified");
    int before = net.server(MX).connections().size();

    net.dns().sign(PROVIDER, Signing.standard().expired());

    DeliveryWorld.assertDeferred(deliver(), "450 4.7.5", "TLSA lookup");
    assertThat(net.server(MX).connections()).hasSize(before);
  }

  static Stream<Arguments> keyAttacks() {
    List<Arguments> all = new ArrayList<>();
    for (String type : List.of("DS", "DNSKEY")) {
      for (String zone : List.of(DOMAIN, "example")) {
        all.add(arguments(zone, type, "SERVFAIL", DnsFault.SERVFAIL));
        all.add(arguments(zone, type, "forged NODATA", DnssecFault.denyData(PLAIN)));
        all.add(arguments(zone, type, "stripped DNSSEC", DnssecFault.STRIP_DNSSEC));
      }
    }
    return all.stream();
  }

  /** Everything that the zone says looks as it would if the zone were not signed. */
  @ParameterizedTest(name = "{1} of {0}: {2}")
  @MethodSource("keyAttacks")
  void zoneShouldNotLookUnsignedWhenItsKeysAreKeptBack(
      String zone, String type, String attack, DnsFault fault) {
    signed(OTHER, key(ODD.leaf()));
    net.dns().fault(zone, type, fault);
    net.dns().fault(DOMAIN, "MX", DnssecFault.STRIP_DNSSEC);
    net.dns().fault(MX, "A", DnssecFault.STRIP_DNSSEC);
    net.dns().fault(MX, "AAAA", DnssecFault.STRIP_DNSSEC);
    net.dns().fault(tlsaName(MX), "TLSA", DnssecFault.denyName(PLAIN));

    assertHeldBack(deliver(), "450 4.4.3", "MX lookup of good.example failed");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  static Stream<Signing> brokenSignings() {
    return Stream.of(Signing.standard().expired(), Signing.standard().notYetValid());
  }

  @ParameterizedTest
  @MethodSource("brokenSignings")
  void mailShouldWaitForADomainThatSignsWrongly(Signing signing) {
    signed(ODD, key(ODD.leaf()));
    net.dns().sign(DOMAIN, signing);

    assertHeldBack(deliver(), "450 4.4.3", "MX lookup of good.example failed");

    net.dns().sign(DOMAIN);
    assertThat(how()).contains("verified");
  }
}
