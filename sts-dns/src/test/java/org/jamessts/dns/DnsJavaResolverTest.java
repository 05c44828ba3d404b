package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class DnsJavaResolverTest {

  private static final DomainName DOMAIN = new DomainName("example.com");

  private final PrivateDns dns = PrivateDns.start();
  private final Resolver resolver = resolver(dns.address());

  @AfterEach
  void stop() {
    dns.close();
  }

  @Test
  void mxShouldGiveTargetsAsTextAndTheRootAsEmpty() {
    dns.mx("example.com", 10, "mx.example.com").mx("example.com", 0, ".");
    assertThat(records(resolver.mx(DOMAIN).answer()))
        .containsExactly(new MxRecord(10, "mx.example.com"), new MxRecord(0, ""));
  }

  @Test
  void addressesShouldCarryNoName() {
    dns.a("example.com", "192.0.2.1").aaaa("example.com", "2001:db8::1");
    assertThat(records(resolver.a(DOMAIN).answer()))
        .extracting(Object::toString)
        .containsExactly("/192.0.2.1");
    assertThat(records(resolver.aaaa(DOMAIN).answer()))
        .extracting(Object::toString)
        .containsExactly("/2001:db8:0:0:0:0:0:1");
  }

  @Test
  void mappedAddressInAaaaShouldStayIpv6() {
    dns.aaaa("example.com", "::ffff:192.0.2.1");
    assertThat(records(resolver.aaaa(DOMAIN).answer())).hasSize(1);
  }

  @Test
  @Rule(value = "RFC 8461 S2", in = DnsJavaResolver.class)
  void stringsOfOneTxtRecordShouldBeJoinedAndRecordsKeptApart() {
    dns.txt("_mta-sts.example.com", "v=STS", "v1; id=", "1;")
        .txt("_mta-sts.example.com", "other")
        .txt("_mta-sts.example.com", "\\195\\164\\000");
    assertThat(records(resolver.txt("_mta-sts", DOMAIN).answer()))
        .containsExactly("v=STSv1; id=1;", "other", "\u00c3\u00a4\u0000");
  }

  @Test
  void labelMayBeSeveral() {
    dns.txt("_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:a@example.com");
    assertThat(records(resolver.txt("_smtp._tls", DOMAIN).answer())).hasSize(1);
  }

  @Test
  void longTxtShouldComeWholeOverTcp() {
    String[] strings = new String[60];
    Arrays.fill(strings, "x".repeat(255));
    dns.txt("_mta-sts.example.com", strings);
    assertThat(records(resolver.txt("_mta-sts", DOMAIN).answer()).get(0)).hasSize(60 * 255);
    assertThat(dns.queries()).extracting(PrivateDns.Query::tcp).containsExactly(false, true);
  }

  @Test
  void truncatedAnswerShouldBeAskedAgainOverTcp() {
    dns.a("example.com", "192.0.2.1").fault("example.com", "A", DnsFault.TRUNCATE_UDP);
    assertThat(records(resolver.a(DOMAIN).answer())).hasSize(1);
  }

  @Test
  void noMoreThanAHundredRecordsShouldBeTaken() {
    for (int i = 0; i < 150; i++) {
      dns.txt("_mta-sts.example.com", "record " + i);
    }
    assertThat(records(resolver.txt("_mta-sts", DOMAIN).answer()))
        .hasSize(100)
        .contains("record 99");
  }

  @Test
  void absenceOfRecordsShouldDifferFromAbsenceOfTheName() {
    dns.a("example.com", "192.0.2.1").a("mx.example.net", "192.0.2.1");
    assertThat(resolver.mx(DOMAIN).answer())
        .isEqualTo(new DnsAnswer.Absent<>(true, Security.INSECURE));
    assertThat(resolver.mx(new DomainName("example.net")).answer())
        .as("an empty non-terminal exists")
        .isEqualTo(new DnsAnswer.Absent<>(true, Security.INSECURE));
    assertThat(resolver.mx(new DomainName("example.org")).answer())
        .isEqualTo(new DnsAnswer.Absent<>(false, Security.INSECURE));
  }

  @Test
  void nameTooLongToExistShouldBeAbsentUnasked() {
    String domain = ("a".repeat(60) + ".").repeat(4) + "test";
    assertThat(resolver.txt("_mta-sts", new DomainName(domain)).answer())
        .isEqualTo(new DnsAnswer.Absent<>(false, Security.INSECURE));
    assertThat(dns.queries()).isEmpty();
  }

  @Test
  void nameShouldBeTakenAsAbsolute() {
    assertThat(resolver.a(new DomainName("localhost")).answer())
        .isInstanceOf(DnsAnswer.Absent.class);
    assertThat(dns.queries()).containsExactly(new PrivateDns.Query("localhost", "A", false));
  }

  @Test
  @Rule(value = "RFC 8461 S2", in = DnsJavaResolver.class)
  void chainOfAliasesShouldBeFollowed() {
    dns.cname("_mta-sts.example.com", "_mta-sts.provider.test")
        .cname("_mta-sts.provider.test", "sts.provider.test")
        .txt("sts.provider.test", "v=STSv1; id=1;");
    assertThat(records(resolver.txt("_mta-sts", DOMAIN).answer()))
        .containsExactly("v=STSv1; id=1;");
    assertThat(dns.queries()).hasSize(1);
  }

  @Test
  void aliasesThatTheServerLeavesOpenShouldBeFollowedByFurtherQuestions() {
    dns.cname("example.com", "b.test").cname("b.test", "c.test").a("c.test", "192.0.2.1");
    dns.fault("example.com", "A", firstRecordOnly()).fault("b.test", "A", firstRecordOnly());
    assertThat(records(resolver.a(DOMAIN).answer())).hasSize(1);
    assertThat(dns.queries()).hasSize(3);
  }

  @Test
  void aliasToNowhereShouldBeAbsent() {
    dns.cname("example.com", "nowhere.test")
        .cname("example.net", "exists.test")
        .txt("exists.test", "x");
    assertThat(resolver.a(DOMAIN).answer())
        .isEqualTo(new DnsAnswer.Absent<>(false, Security.INSECURE));
    assertThat(resolver.a(new DomainName("example.net")).answer())
        .isEqualTo(new DnsAnswer.Absent<>(true, Security.INSECURE));
  }

  @Test
  void longChainShouldBeFollowedUpToSixteenAliases() {
    for (int i = 1; i < 17; i++) {
      dns.cname("n" + i + ".test", "n" + (i + 1) + ".test");
    }
    dns.a("n17.test", "192.0.2.1");
    assertThat(records(resolver.a(new DomainName("n1.test")).answer())).hasSize(1);
    dns.cname("n0.test", "n1.test");
    assertThat(resolver.a(new DomainName("n0.test")).answer())
        .isInstanceOfSatisfying(
            DnsAnswer.Failed.class,
            failed -> assertThat(failed.failure()).isEqualTo(DnsAnswer.Failure.MALFORMED));
  }

  @Test
  void recordsOfOtherNamesInTheAnswerShouldBeLeft() {
    dns.a("example.com", "192.0.2.1")
        .fault(
            "example.com",
            "A",
            DnsFault.tamper(
                answer -> {
                  Record own = answer.getSection(Section.ANSWER).get(0);
                  Name evil = Name.fromConstantString("evil.test.");
                  try {
                    answer.addRecord(
                        Record.fromString(evil, Type.A, 1, 60, "203.0.113.66", evil),
                        Section.ANSWER);
                    answer.addRecord(own, Section.ANSWER);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                  return answer;
                }));
    assertThat(records(resolver.a(DOMAIN).answer()))
        .extracting(Object::toString)
        .containsExactly("/192.0.2.1");
  }

  @Test
  void serverShouldBeAskedOverIpv6() throws Exception {
    try (PrivateDns six = PrivateDns.start(InetAddress.getAllByName("::1")[0])) {
      six.a("example.com", "192.0.2.1").fault("example.com", "A", DnsFault.TRUNCATE_UDP);
      assertThat(records(resolver(six.address()).a(DOMAIN).answer())).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SERVFAIL", "REFUSED", "GARBAGE", "SILENCE", "WRONG_ID", "WRONG_QUESTION"})
  void secondServerShouldAnswerWhenTheFirstDoesNot(String fault) throws Exception {
    try (PrivateDns second = PrivateDns.start()) {
      dns.fault("example.com", "A", (DnsFault) DnsFault.class.getField(fault).get(null));
      second.a("example.com", "192.0.2.1");
      Resolver both =
          new DnsJavaResolver(
              List.of(dns.address(), second.address()),
              Duration.ofSeconds(4),
              0,
              Clock.systemUTC());
      assertThat(records(both.a(DOMAIN).answer())).hasSize(1);
      assertThat(dns.queries("example.com", "A")).isEqualTo(1);
    }
  }

  @Test
  void secondServerShouldAnswerWhenNobodyListensAtTheFirst() {
    InetSocketAddress closed = closedPort();
    dns.a("example.com", "192.0.2.1");
    assertThat(records(resolver(closed, dns.address()).a(DOMAIN).answer())).hasSize(1);
  }

  @Test
  void lostDatagramShouldBeSentAgain() {
    dns.a("example.com", "192.0.2.1");
    dns.fault("example.com", "A", onlyOnce(dns));
    Resolver hasty =
        new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(3), 0, Clock.systemUTC());
    assertThat(records(hasty.a(DOMAIN).answer())).hasSize(1);
  }

  @Test
  void forgedAnswersBeforeTheTrueOneShouldNotMatter() {
    dns.a("example.com", "192.0.2.1").fault("example.com", "A", DnsFault.FORGED_FIRST);
    assertThat(records(resolver.a(DOMAIN).answer()))
        .extracting(Object::toString)
        .containsExactly("/192.0.2.1");
    assertThat(dns.queries()).hasSize(1);
  }

  @Test
  void resolverShouldNotStartWithoutServersOrTime() {
    assertThatThrownBy(() -> resolver()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new DnsJavaResolver(List.of(dns.address()), Duration.ZERO, 0, Clock.systemUTC()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static InetSocketAddress closedPort() {
    PrivateDns gone = PrivateDns.start();
    gone.close();
    return gone.address();
  }

  private static Resolver resolver(InetSocketAddress... servers) {
    return new DnsJavaResolver(List.of(servers), Duration.ofSeconds(10), 0, Clock.systemUTC());
  }

  private static <T> List<T> records(DnsAnswer<T> answer) {
    assertThat(answer).isInstanceOf(DnsAnswer.Found.class);
    return ((DnsAnswer.Found<T>) answer).records();
  }

  /** An answer of a server that does not follow aliases. */
  private static DnsFault firstRecordOnly() {
    return DnsFault.tamper(
        answer -> {
          List<Record> records = List.copyOf(answer.getSection(Section.ANSWER));
          records.stream().skip(1).forEach(record -> answer.removeRecord(record, Section.ANSWER));
          return answer;
        });
  }

  private static DnsFault onlyOnce(PrivateDns dns) {
    return (answer, tcp) -> {
      dns.heal("example.com", "A");
      return List.of();
    };
  }
}
