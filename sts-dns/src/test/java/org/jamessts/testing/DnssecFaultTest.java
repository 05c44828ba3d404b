package org.jamessts.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class DnssecFaultTest {

  private static final String NAME = "_25._tcp.mx.good.test";
  private static final String FORGED = NAME + ". TLSA 3 1 1 " + "ee".repeat(32);

  private final PrivateDns dns = PrivateDns.start();
  private final DnssecClient client = new DnssecClient(dns);

  @BeforeEach
  void populate() {
    dns.sign("good.test").unsignedZone("plain.test").a("a.plain.test", "192.0.2.1");
    dns.add(NAME + ". TLSA 3 1 1 " + "ab".repeat(32));
  }

  @AfterEach
  void stop() {
    dns.close();
  }

  static List<Arguments> ofOneAnswer() {
    return List.of(
        Arguments.of("strip signatures", DnssecFault.STRIP_SIGNATURES),
        Arguments.of("strip all of DNSSEC", DnssecFault.STRIP_DNSSEC),
        Arguments.of("corrupt signatures", DnssecFault.CORRUPT_SIGNATURES),
        Arguments.of("deny the name", DnssecFault.denyName("good.test")),
        Arguments.of("deny the data", DnssecFault.denyData("good.test")),
        Arguments.of("forge", DnssecFault.forge(FORGED)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofOneAnswer")
  void faultShouldMakeASecureAnswerBogusAndLeaveOthersAlone(String what, DnsFault fault)
      throws Exception {
    assertThat(client.validate(NAME, "TLSA")).isEqualTo("secure NOERROR");
    dns.fault(NAME, "TLSA", fault);
    assertThat(client.validate(NAME, "TLSA")).isEqualTo("insecure SERVFAIL");
    assertThat(client.validate("good.test", "SOA")).isEqualTo("secure NOERROR");
    dns.heal(NAME, "TLSA");
    assertThat(client.validate(NAME, "TLSA")).isEqualTo("secure NOERROR");
  }

  @Test
  void missingProofsShouldMakeDenialsBogus() throws Exception {
    assertThat(client.validate("none.good.test", "A")).isEqualTo("secure NXDOMAIN");
    assertThat(client.validate("a.plain.test", "A")).isEqualTo("insecure NOERROR");
    dns.faultEverywhere(DnssecFault.STRIP_PROOFS);
    assertThat(client.validate("none.good.test", "A")).isEqualTo("insecure SERVFAIL");
    assertThat(client.validate("a.plain.test", "A")).isEqualTo("insecure SERVFAIL");
    assertThat(client.validate(NAME, "TLSA")).isEqualTo("secure NOERROR");
  }

  @Test
  void faultOfOneQuestionShouldGoBeforeTheFaultOfAll() throws Exception {
    dns.faultEverywhere(DnsFault.REFUSED).fault(NAME, "TLSA", DnsFault.rcode(Rcode.NXDOMAIN));
    assertThat(ask("good.test", "SOA").getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(ask(NAME, "TLSA").getRcode()).isEqualTo(Rcode.NXDOMAIN);
    dns.healEverywhere();
    assertThat(ask("good.test", "SOA").getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void serverWithoutEdnsShouldRefuseItAndAnswerWithout() throws Exception {
    dns.faultEverywhere(DnssecFault.WITHOUT_EDNS);
    Message refusal = ask(NAME, "TLSA");
    assertThat(refusal.getRcode()).isEqualTo(Rcode.FORMERR);
    assertThat(refusal.getOPT()).isNull();
    assertThat(client.askWithoutEdns(NAME, "TLSA").getSection(Section.ANSWER)).hasSize(1);
  }

  @Test
  void authenticDataShouldBeClaimedFalsely() throws Exception {
    dns.fault("a.plain.test", "A", DnssecFault.CLAIM_AUTHENTIC_DATA);
    assertThat(DnssecClient.isAuthentic(ask("a.plain.test", "A"))).isTrue();
    assertThat(client.validate("a.plain.test", "A")).isEqualTo("insecure NOERROR");
  }

  // What of another zone arrives in the answer. Whether a validator falls for it is its own matter.

  @Test
  void forgedRecordsShouldBeSignedByTheOtherZone() throws Exception {
    dns.fault(NAME, "TLSA", DnssecFault.forgeSignedBy("plain.test", FORGED));
    List<Record> answer = ask(NAME, "TLSA").getSection(Section.ANSWER);
    assertThat(answer).extracting(Record::getType).containsExactly(Type.TLSA, Type.RRSIG);
    assertThat(answer.get(0).rdataToString()).endsWith("EE".repeat(32));
    assertThat(((RRSIGRecord) answer.get(1)).getSigner()).hasToString("plain.test.");
  }

  @Test
  void denialShouldCarryTheSoaOfTheOtherZone() throws Exception {
    dns.fault(NAME, "TLSA", DnssecFault.denyName("plain.test"));
    Message answer = ask(NAME, "TLSA");
    assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    assertThat(answer.getSection(Section.AUTHORITY))
        .extracting(record -> record.getName().toString(true))
        .containsExactly("plain.test");
  }

  @Test
  void unsignedRecordsShouldBeAppendedToTheRightAnswer() throws Exception {
    dns.fault(NAME, "TLSA", DnssecFault.appendToAuthority("plain.test. NSEC a.plain.test. A"));
    Message answer = ask(NAME, "TLSA");
    assertThat(answer.getSection(Section.ANSWER)).hasSize(2);
    assertThat(answer.getSection(Section.AUTHORITY))
        .extracting(record -> record.getName().toString(true))
        .containsExactly("plain.test");
  }

  @Test
  void changedAnswerShouldStillBeTruncatedOverUdp() throws Exception {
    for (int i = 0; i < 40; i++) {
      dns.txt("big.good.test", "x".repeat(200) + i);
    }
    dns.fault("big.good.test", "TXT", DnssecFault.STRIP_SIGNATURES);
    assertThat(ask("big.good.test", "TXT").getSection(Section.ANSWER)).hasSize(40);
    assertThat(dns.queries()).contains(new PrivateDns.Query("big.good.test", "TXT", true));
  }

  private Message ask(String name, String type) throws Exception {
    return client.ask(name, type, DnssecClient.DO, Flags.RD);
  }
}
