package org.jamessts.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.testing.KeyAlgorithm.ECDSAP256SHA256;
import static org.jamessts.testing.KeyAlgorithm.RSASHA256;

import java.io.IOException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The signed zones of {@link PrivateDns}, as a validator that is not ours sees them. */
class SignedDnsTest {

  private final PrivateDns dns = PrivateDns.start();
  private final DnssecClient client = new DnssecClient(dns);

  @AfterEach
  void stop() {
    dns.close();
  }

  @ParameterizedTest
  @EnumSource(value = KeyAlgorithm.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void eachAlgorithmShouldSign(KeyAlgorithm algorithm) throws Exception {
    dns.sign("good.test", Signing.standard().withKeys(ZoneKey.csk(algorithm)));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("secure NOERROR");
  }

  @Test
  void unknownAlgorithmShouldBeInsecure() throws Exception {
    dns.sign("good.test", Signing.standard().withKeys(ZoneKey.csk(KeyAlgorithm.UNKNOWN)));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("insecure NOERROR");
  }

  @Test
  void keySigningKeyAndZoneSigningKeyShouldShareTheWork() throws Exception {
    dns.sign(
        "good.test",
        Signing.standard().withKeys(ZoneKey.ksk(ECDSAP256SHA256), ZoneKey.zsk(ECDSAP256SHA256)));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("secure NOERROR");
    assertThat(signatures("good.test", "DNSKEY")).isEqualTo(1);
    assertThat(signatures("a.good.test", "A")).isEqualTo(1);
  }

  static Stream<ZoneKey> successors() {
    return Stream.of(ZoneKey.csk(ECDSAP256SHA256), ZoneKey.csk(RSASHA256).number(1));
  }

  @ParameterizedTest
  @MethodSource("successors")
  void oldAndNewKeyShouldBothSignDuringARollover(ZoneKey successor) throws Exception {
    dns.sign("good.test", Signing.standard().withKeys(ZoneKey.csk(RSASHA256), successor));
    dns.a("a.good.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("secure NOERROR");
    assertThat(signatures("good.test", "DNSKEY")).isEqualTo(2);
    assertThat(signatures("a.good.test", "A")).isEqualTo(2);
  }

  @Test
  void largeSetOfKeysShouldComeOverTcp() throws Exception {
    dns.sign("good.test", Signing.standard().withStandbyKeys(12)).a("a.good.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("secure NOERROR");
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
    assertThat(client.validate("a.good.test", "A")).isEqualTo("insecure SERVFAIL");
  }

  @Test
  void optOutShouldMakeADelegationInsecureAndNoNameCertain() throws Exception {
    dns.sign("test", Signing.standard().withDenial(Denial.NSEC3.withOptOut()))
        .sign("good.test")
        .unsignedZone("plain.test")
        .a("a.good.test", "192.0.2.1")
        .a("a.plain.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("secure NOERROR");
    assertThat(client.validate("a.plain.test", "A")).isEqualTo("insecure NOERROR");
    assertThat(client.validate("none.test", "A")).isEqualTo("insecure NXDOMAIN");
    assertThat(client.validate("test", "TXT")).isEqualTo("secure NOERROR");
  }

  @Test
  void manyIterationsShouldBeInsecure() throws Exception {
    dns.sign("good.test", Signing.standard().withDenial(Denial.nsec3(3000, "")))
        .a("a.good.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("secure NOERROR");
    assertThat(client.validate("none.good.test", "A")).isEqualTo("insecure NXDOMAIN");
  }

  @ParameterizedTest(name = "digest type {0}")
  @CsvSource({"2, insecure SERVFAIL", "250, insecure NOERROR"})
  void dsOfTheTestShouldStandInThePlaceOfTheRightOne(int digestType, String expected)
      throws Exception {
    dns.sign("good.test").a("a.good.test", "192.0.2.1");
    dns.add("good.test. DS 1 13 " + digestType + " " + "00".repeat(32));
    assertThat(client.validate("a.good.test", "A")).isEqualTo(expected);
  }

  @Test
  void recordsOfASignedZoneShouldComeAndGo() throws Exception {
    dns.sign("good.test").a("a.good.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("secure NOERROR");
    dns.remove("a.good.test").a("b.good.test", "192.0.2.1");
    assertThat(client.validate("a.good.test", "A")).isEqualTo("secure NXDOMAIN");
    assertThat(client.validate("b.good.test", "A")).isEqualTo("secure NOERROR");
  }

  @Test
  void withoutDoNothingOfDnssecShouldBeSent() throws Exception {
    SignedWorld.populate(dns, Denial.NSEC);
    for (String name : new String[] {"a.good.test", "none.good.test", "any.wild.good.test"}) {
      Message answer = client.ask(name, "A", 0, Flags.RD);
      assertThat(answer.toString()).doesNotContain("RRSIG", "NSEC");
      assertThat(answer.getOPT().getFlags()).isZero();
    }
  }

  @Test
  void noZoneShouldBeSignedUnlessATestSaysSo() throws Exception {
    dns.unsignedZone("plain.test").a("a.plain.test", "192.0.2.1");
    Message answer = client.ask("a.plain.test", "A", DnssecClient.DO, Flags.RD);
    assertThat(answer.getSection(Section.ANSWER))
        .extracting(Record::getType)
        .containsExactly(Type.A);
    assertThat(answer.getOPT().getFlags()).isZero();
    assertThatThrownBy(dns::trustAnchor).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.good.test", "across.good.test", "none.good.test"})
  void authenticDataShouldBeClaimedOfSignedZonesOnDemand(String name) throws Exception {
    SignedWorld.populate(dns, Denial.NSEC);
    assertThat(DnssecClient.isAuthentic(client.ask(name, "A", DnssecClient.DO, Flags.RD)))
        .isFalse();
    dns.claimsAuthenticData(true);
    assertThat(DnssecClient.isAuthentic(client.ask(name, "A", DnssecClient.DO, Flags.RD))).isTrue();
    assertThat(DnssecClient.isAuthentic(client.ask(name, "A", 0, Flags.AD))).isTrue();
    assertThat(DnssecClient.isAuthentic(client.ask(name, "A", 0, Flags.RD))).isFalse();
    Message unchecked = client.ask(name, "A", DnssecClient.DO, Flags.CD);
    assertThat(DnssecClient.isAuthentic(unchecked)).isFalse();
    assertThat(unchecked.getHeader().getFlag(Flags.CD)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.plain.test",
        "astray.good.test",
        "lost.good.test",
        "back.plain.test",
        "a.island.test",
        "a.isle.plain.test"
      })
  void authenticDataShouldNotBeClaimedWhereAnyLinkIsUnsigned(String name) throws Exception {
    SignedWorld.populate(dns, Denial.NSEC);
    dns.claimsAuthenticData(true);
    assertThat(DnssecClient.isAuthentic(client.ask(name, "A", DnssecClient.DO, Flags.RD)))
        .isFalse();
  }

  @Test
  void masterFileShouldHoldWhatASignerNeedsAndNothingThatItMakes() {
    SignedWorld.populate(dns, Denial.NSEC3);
    assertThat(dns.masterFile("good.test").lines().map(line -> line.replaceAll("\\s+", " ")))
        .startsWith(
            "good.test. 60 IN SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60",
            "good.test. 60 IN NS ns.invalid.",
            "a.good.test. 60 IN A 192.0.2.1")
        .contains("er.good.test. 60 IN NS ns.invalid.")
        .noneMatch(line -> line.matches(".* IN (DNSKEY|DS|RRSIG|NSEC.*) .*"))
        .noneMatch(line -> line.startsWith("a.deep.er"));
    assertThatThrownBy(() -> dns.masterFile("a.good.test"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private long signatures(String name, String type) throws IOException {
    return client.ask(name, type, DnssecClient.DO, Flags.CD).getSection(Section.ANSWER).stream()
        .filter(record -> record.getType() == Type.RRSIG)
        .count();
  }
}
