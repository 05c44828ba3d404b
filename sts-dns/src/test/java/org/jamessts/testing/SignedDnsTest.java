package org.jamessts.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.testing.KeyAlgorithm.ECDSAP256SHA256;
import static org.jamessts.testing.KeyAlgorithm.RSASHA256;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/** The signed zones of {@link PrivateDns}, as a validator that is not ours sees them. */
class SignedDnsTest {

  private final PrivateDns dns = PrivateDns.start();

  @AfterEach
  void stop() {
    dns.close();
  }

  /** One question about the world of {@link #populate}: what a validator makes of the answer. */
  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of("a.good.test.", Type.A, "secure NOERROR", "records"),
        Arguments.of("a.good.test.", Type.TXT, "secure NOERROR", "another type at the name"),
        Arguments.of("good.test.", Type.TXT, "secure NOERROR", "another type at the apex"),
        Arguments.of("b.good.test.", Type.A, "secure NXDOMAIN", "a name between two"),
        Arguments.of("zz.good.test.", Type.A, "secure NXDOMAIN", "a name after the last"),
        Arguments.of("x.a.good.test.", Type.A, "secure NXDOMAIN", "a name below one with records"),
        Arguments.of("_tcp.a.good.test.", Type.A, "secure NOERROR", "an empty non-terminal"),
        Arguments.of("_9._tcp.a.good.test.", Type.A, "secure NXDOMAIN", "below an empty one"),
        Arguments.of("any.wild.good.test.", Type.A, "secure NOERROR", "a wildcard"),
        Arguments.of("two.any.wild.good.test.", Type.A, "secure NOERROR", "two labels of it"),
        Arguments.of("any.wild.good.test.", Type.TXT, "secure NOERROR", "wildcard, other type"),
        Arguments.of("here.wild.good.test.", Type.TXT, "secure NOERROR", "beside the wildcard"),
        Arguments.of("x.here.wild.good.test.", Type.A, "secure NXDOMAIN", "below that name"),
        Arguments.of("any.alias.good.test.", Type.A, "secure NOERROR", "a wildcard alias"),
        Arguments.of("chain.good.test.", Type.A, "secure NOERROR", "an alias in the zone"),
        Arguments.of("across.good.test.", Type.A, "secure NOERROR", "an alias to a signed zone"),
        Arguments.of("dangling.good.test.", Type.A, "secure NXDOMAIN", "an alias to no name"),
        Arguments.of("typeless.good.test.", Type.TXT, "secure NOERROR", "an alias to no data"),
        Arguments.of("astray.good.test.", Type.A, "insecure NOERROR", "an alias to unsigned"),
        Arguments.of("lost.good.test.", Type.A, "insecure NXDOMAIN", "an alias to unsigned none"),
        Arguments.of("back.plain.test.", Type.A, "insecure NOERROR", "an alias from unsigned"),
        Arguments.of("a.plain.test.", Type.A, "insecure NOERROR", "an unsigned delegation"),
        Arguments.of("b.plain.test.", Type.A, "insecure NXDOMAIN", "no name in it"),
        Arguments.of("plain.test.", Type.TXT, "insecure NOERROR", "no data in it"),
        Arguments.of("a.island.test.", Type.A, "insecure NOERROR", "signed without a DS"),
        Arguments.of("a.isle.plain.test.", Type.A, "insecure NOERROR", "signed below unsigned"),
        Arguments.of("a.deep.er.good.test.", Type.A, "secure NOERROR", "a zone two labels below"),
        Arguments.of("er.good.test.", Type.A, "secure NOERROR", "the zone between"),
        Arguments.of("good.test.", Type.DS, "secure NOERROR", "the DS of a zone"),
        Arguments.of("plain.test.", Type.DS, "secure NOERROR", "no DS at a delegation"),
        Arguments.of("a.good.test.", Type.DS, "secure NOERROR", "no DS where no zone begins"),
        Arguments.of("good.test.", Type.DNSKEY, "secure NOERROR", "the keys"),
        Arguments.of("good.test.", Type.NS, "secure NOERROR", "the name servers of the child"),
        Arguments.of("good.test.", Type.SOA, "secure NOERROR", "the start of authority"),
        Arguments.of("A.GOOD.test.", Type.A, "secure NOERROR", "in other letters"),
        Arguments.of("none.", Type.A, "secure NXDOMAIN", "no name below the root"),
        Arguments.of("test.", Type.A, "secure NOERROR", "a name of the root, no data"));
  }

  @ParameterizedTest(name = "{3}: {0} {1} with NSEC")
  @MethodSource("answers")
  void nsecShouldProve(String name, int type, String expected, String what) throws Exception {
    populate(Denial.NSEC);
    assertThat(validate(name, type)).as(what).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{3}: {0} {1} with NSEC3")
  @MethodSource("answers")
  void nsec3ShouldProve(String name, int type, String expected, String what) throws Exception {
    populate(Denial.nsec3(2, "aabbccdd"));
    assertThat(validate(name, type)).as(what).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyAlgorithm.class,
      names = {"UNKNOWN", "RSASHA1_NSEC3_SHA1"},
      mode = EnumSource.Mode.EXCLUDE)
  void eachAlgorithmShouldSign(KeyAlgorithm algorithm) throws Exception {
    dns.sign("good.test", Signing.standard().withKeys(ZoneKey.csk(algorithm)));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NOERROR");
  }

  @Test
  void sha1ShouldSign() throws Exception {
    dns.sign(
        "good.test", Signing.standard().withKeys(ZoneKey.csk(KeyAlgorithm.RSASHA1_NSEC3_SHA1)));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NOERROR");
  }

  @Test
  void unknownAlgorithmShouldBeInsecure() throws Exception {
    dns.sign("good.test", Signing.standard().withKeys(ZoneKey.csk(KeyAlgorithm.UNKNOWN)));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("insecure NOERROR");
  }

  @Test
  void keySigningKeyAndZoneSigningKeyShouldShareTheWork() throws Exception {
    dns.sign(
        "good.test",
        Signing.standard().withKeys(ZoneKey.ksk(ECDSAP256SHA256), ZoneKey.zsk(RSASHA256)));
    dns.sign(
        "good.test",
        Signing.standard().withKeys(ZoneKey.ksk(ECDSAP256SHA256), ZoneKey.zsk(ECDSAP256SHA256)));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NOERROR");
    assertThat(signatures("good.test.", Type.DNSKEY)).isEqualTo(1);
    assertThat(signatures("a.good.test.", Type.A)).isEqualTo(1);
  }

  @Test
  void bothAlgorithmsShouldSignDuringARollover() throws Exception {
    dns.sign(
        "good.test",
        Signing.standard().withKeys(ZoneKey.csk(RSASHA256), ZoneKey.csk(ECDSAP256SHA256)));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NOERROR");
    assertThat(signatures("good.test.", Type.DNSKEY)).isEqualTo(2);
    assertThat(signatures("a.good.test.", Type.A)).isEqualTo(2);
  }

  @Test
  void largeSetOfKeysShouldComeOverTcp() throws Exception {
    dns.sign("good.test", Signing.standard().withStandbyKeys(12)).a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NOERROR");
    assertThat(dns.queries())
        .contains(
            new PrivateDns.Query("good.test", "DNSKEY", false),
            new PrivateDns.Query("good.test", "DNSKEY", true));
  }

  static Stream<UnaryOperator<Signing>> timesOutside() {
    return Stream.of(Signing::expired, Signing::notYetValid);
  }

  @ParameterizedTest
  @MethodSource("timesOutside")
  void signatureOutsideItsTimeShouldBeBogus(UnaryOperator<Signing> time) throws Exception {
    dns.sign("good.test", time.apply(Signing.standard())).a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("insecure SERVFAIL");
  }

  @Test
  void optOutShouldMakeADelegationInsecureAndNoNameCertain() throws Exception {
    dns.sign("test", Signing.standard().withDenial(Denial.NSEC3.withOptOut()))
        .sign("good.test")
        .unsignedZone("plain.test")
        .a("a.good.test", "192.0.2.1")
        .a("a.plain.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NOERROR");
    assertThat(validate("a.plain.test.", Type.A)).isEqualTo("insecure NOERROR");
    assertThat(validate("none.test.", Type.A)).isEqualTo("insecure NXDOMAIN");
    assertThat(validate("test.", Type.TXT)).isEqualTo("secure NOERROR");
  }

  @Test
  void manyIterationsShouldBeInsecure() throws Exception {
    dns.sign("good.test", Signing.standard().withDenial(Denial.nsec3(3000, "")))
        .a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NOERROR");
    assertThat(validate("none.good.test.", Type.A)).isEqualTo("insecure NXDOMAIN");
  }

  @Test
  void wrongDsShouldBeBogus() throws Exception {
    dns.sign("good.test").a("a.good.test", "192.0.2.1");
    dns.add("good.test. DS 1 13 2 " + "00".repeat(32));
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("insecure SERVFAIL");
  }

  @Test
  void recordsOfASignedZoneShouldComeAndGo() throws Exception {
    dns.sign("good.test").a("a.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NOERROR");
    dns.remove("a.good.test").a("b.good.test", "192.0.2.1");
    assertThat(validate("a.good.test.", Type.A)).isEqualTo("secure NXDOMAIN");
    assertThat(validate("b.good.test.", Type.A)).isEqualTo("secure NOERROR");
  }

  @Test
  void withoutDoNothingOfDnssecShouldBeSent() throws Exception {
    populate(Denial.NSEC);
    for (String name : new String[] {"a.good.test.", "none.good.test.", "any.wild.good.test."}) {
      Message answer = ask(name, Type.A, 0, Flags.RD);
      assertThat(answer.toString()).doesNotContain("RRSIG", "NSEC");
      assertThat(answer.getOPT().getFlags()).isZero();
    }
  }

  @Test
  void noZoneShouldBeSignedUnlessATestSaysSo() throws Exception {
    dns.unsignedZone("plain.test").a("a.plain.test", "192.0.2.1");
    Message answer = ask("a.plain.test.", Type.A, DO, Flags.RD);
    assertThat(answer.getSection(Section.ANSWER)).extracting(Record::getType).containsExactly(1);
    assertThat(answer.getOPT().getFlags()).isZero();
    assertThatThrownBy(dns::trustAnchor).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.good.test.", "across.good.test.", "none.good.test."})
  void authenticDataShouldBeClaimedOfSignedZonesOnDemand(String name) throws Exception {
    populate(Denial.NSEC);
    assertThat(isAuthentic(ask(name, Type.A, DO, Flags.RD))).isFalse();
    dns.claimsAuthenticData(true);
    assertThat(isAuthentic(ask(name, Type.A, DO, Flags.RD))).isTrue();
    assertThat(isAuthentic(ask(name, Type.A, 0, Flags.AD))).isTrue();
    assertThat(isAuthentic(ask(name, Type.A, 0, Flags.RD))).isFalse();
    Message unchecked = ask(name, Type.A, DO, Flags.CD);
    assertThat(isAuthentic(unchecked)).isFalse();
    assertThat(unchecked.getHeader().getFlag(Flags.CD)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.plain.test.",
        "astray.good.test.",
        "lost.good.test.",
        "back.plain.test.",
        "a.island.test.",
        "a.isle.plain.test."
      })
  void authenticDataShouldNotBeClaimedWhereAnyLinkIsUnsigned(String name) throws Exception {
    populate(Denial.NSEC);
    dns.claimsAuthenticData(true);
    assertThat(isAuthentic(ask(name, Type.A, DO, Flags.RD))).isFalse();
  }

  @Test
  void masterFileShouldHoldWhatASignerNeedsAndNothingThatItMakes() {
    populate(Denial.NSEC3);
    assertThat(dns.masterFile("good.test").lines().map(line -> line.replaceAll("\\s+", " ")))
        .startsWith(
            "good.test. 60 IN SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60",
            "good.test. 60 IN NS ns.invalid.",
            "a.good.test. 60 IN A 192.0.2.1")
        .contains("er.good.test. 60 IN NS ns.invalid.")
        .noneMatch(line -> line.matches(".* IN (DNSKEY|DS|RRSIG|NSEC.*) .*"))
        .noneMatch(line -> line.startsWith("a.deep.er."));
    assertThatThrownBy(() -> dns.masterFile("a.good.test"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static final int DO = org.xbill.DNS.ExtendedFlags.DO;

  private void populate(Denial denial) {
    Signing signing = Signing.standard().withDenial(denial);
    dns.sign("test", signing).sign("good.test", signing).sign("deep.er.good.test", signing);
    dns.sign("other.test", signing).sign("island.test", signing.withoutDs());
    dns.unsignedZone("plain.test").sign("isle.plain.test", signing);
    dns.a("a.good.test", "192.0.2.1")
        .add("_25._tcp.a.good.test. TLSA 3 1 1 " + "ab".repeat(32))
        .a("*.wild.good.test", "192.0.2.2")
        .a("here.wild.good.test", "192.0.2.3")
        .cname("*.alias.good.test", "a.other.test")
        .cname("chain.good.test", "a.good.test")
        .cname("across.good.test", "a.other.test")
        .cname("dangling.good.test", "none.other.test")
        .cname("typeless.good.test", "a.other.test")
        .cname("astray.good.test", "a.plain.test")
        .cname("lost.good.test", "none.plain.test")
        .cname("back.plain.test", "a.good.test");
    for (String zone : new String[] {"other", "plain", "island", "isle.plain", "deep.er.good"}) {
      dns.a("a." + zone + ".test", "192.0.2.4");
    }
  }

  private String validate(String name, int type) throws IOException {
    ValidatingResolver validator = new ValidatingResolver(client());
    validator.loadTrustAnchors(
        new ByteArrayInputStream(dns.trustAnchor().getBytes(StandardCharsets.US_ASCII)));
    Message answer = validator.send(query(name, type));
    return (isAuthentic(answer) ? "secure " : "insecure ") + Rcode.string(answer.getRcode());
  }

  private long signatures(String name, int type) throws IOException {
    return ask(name, type, DO, Flags.CD).getSection(Section.ANSWER).stream()
        .filter(record -> record.getType() == Type.RRSIG)
        .count();
  }

  private Message ask(String name, int type, int ednsFlags, int headerFlag) throws IOException {
    SimpleResolver client = client();
    client.setEDNS(0, PrivateDns.UDP_LARGEST, ednsFlags);
    Message query = query(name, type);
    query.getHeader().setFlag(headerFlag);
    return client.send(query);
  }

  private SimpleResolver client() {
    SimpleResolver client = new SimpleResolver(dns.address());
    client.setTimeout(Duration.ofSeconds(5));
    return client;
  }

  private static boolean isAuthentic(Message answer) {
    return answer.getHeader().getFlag(Flags.AD);
  }

  private static Message query(String name, int type) {
    return Message.newQuery(Record.newRecord(Name.fromConstantString(name), type, DClass.IN));
  }
}
