package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Bad answers are typed failures, in time, and never look like absence. */
class DnsFailureTest {

  private static final Duration TIMEOUT = Duration.ofMillis(600);
  private static final Name NAME = Name.fromConstantString("example.com.");
  private static final Name OTHER = Name.fromConstantString("other.test.");

  private final PrivateDns dns = PrivateDns.start();

  @AfterEach
  void stop() {
    dns.close();
  }

  static Stream<Arguments> badAnswers() {
    return Stream.of(
        arguments("SERVFAIL", DnsFault.SERVFAIL, Failure.SERVER_FAILURE, "SERVFAIL"),
        arguments("REFUSED", DnsFault.REFUSED, Failure.SERVER_FAILURE, "REFUSED"),
        arguments("FORMERR", DnsFault.rcode(Rcode.FORMERR), Failure.SERVER_FAILURE, "FORMERR"),
        arguments("referral", message(DnsFailureTest::refer), Failure.SERVER_FAILURE, "referral"),
        arguments("silence", DnsFault.SILENCE, Failure.TIMEOUT, "no answer in time"),
        arguments("too late", DnsFault.delay(Duration.ofSeconds(5)), Failure.TIMEOUT, "in time"),
        arguments("garbage", DnsFault.GARBAGE, Failure.MALFORMED, "no DNS message"),
        arguments("no octets", wire(octets -> new byte[0]), Failure.MALFORMED, "no DNS message"),
        arguments("half a header", cutAt(6), Failure.MALFORMED, "no DNS message"),
        arguments("half a message", cutAt(50), Failure.MALFORMED, "no DNS message"),
        arguments("more records than octets", wire(o -> set(o, 7, 9)), Failure.MALFORMED, "no DNS"),
        arguments("compression loop", wire(o -> set(o, 30, 29)), Failure.MALFORMED, "no DNS"),
        arguments("short address", wire(o -> set(o, 40, 3)), Failure.MALFORMED, "no DNS"),
        arguments("wrong id", DnsFault.WRONG_ID, Failure.MALFORMED, "another id"),
        arguments("wrong name", DnsFault.WRONG_QUESTION, Failure.MALFORMED, "another question"),
        arguments("wrong type", wire(o -> set(o, 26, 28)), Failure.MALFORMED, "another question"),
        arguments("wrong class", wire(o -> set(o, 28, 3)), Failure.MALFORMED, "another question"),
        arguments("no question", message(DnsFailureTest::unask), Failure.MALFORMED, "question"),
        arguments("a query", header(DnsFailureTest::query), Failure.MALFORMED, "no response"),
        arguments("a notify", header(DnsFailureTest::notify), Failure.MALFORMED, "no response"),
        arguments("records and NXDOMAIN", header(DnsFailureTest::deny), Failure.MALFORMED, "NXDOM"),
        arguments("two CNAMEs", message(DnsFailureTest::fork), Failure.MALFORMED, "several CNAMEs"),
        arguments("truncated over TCP", header(DnsFailureTest::cut), Failure.MALFORMED, "TCP"),
        arguments("TCP closed", overTcp(DnsFault.SILENCE), Failure.NETWORK, "network error"),
        arguments("TCP garbage", overTcp(DnsFault.GARBAGE), Failure.MALFORMED, "no DNS message"),
        arguments("TCP wrong id", overTcp(DnsFault.WRONG_ID), Failure.MALFORMED, "another id"),
        arguments(
            "TCP silence",
            overTcp(DnsFault.delay(Duration.ofSeconds(5))),
            Failure.TIMEOUT,
            "no answer in time"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void badAnswerShouldBeATypedFailureInTime(
      String name, DnsFault fault, Failure failure, String detail) {
    dns.a("example.com", "192.0.2.1").fault("example.com", "A", fault);
    Instant start = Instant.now();
    DnsAnswer.Failed<?> failed = failed(ask(dns.address()));
    assertThat(failed.failure()).isEqualTo(failure);
    assertThat(failed.detail()).contains(detail).contains("A of example.com");
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void aliasLoopShouldBeMalformed() {
    dns.cname("example.com", "b.test").cname("b.test", "example.com");
    DnsAnswer.Failed<?> failed = failed(ask(dns.address()));
    assertThat(failed.failure()).isEqualTo(Failure.MALFORMED);
    assertThat(failed.detail()).contains("CNAME loop");
  }

  @Test
  void aliasOfItselfShouldBeMalformed() {
    dns.cname("example.com", "example.com");
    assertThat(failed(ask(dns.address())).failure()).isEqualTo(Failure.MALFORMED);
  }

  @Test
  void portWhereNobodyListensShouldBeANetworkFailure() {
    assertThat(failed(ask(DnsJavaResolverTest.closedPort())).failure()).isEqualTo(Failure.NETWORK);
  }

  @Test
  void timeoutShouldBoundAllServersTogether() {
    dns.fault("example.com", "A", DnsFault.SILENCE);
    try (PrivateDns second = PrivateDns.start();
        PrivateDns third = PrivateDns.start()) {
      second.fault("example.com", "A", DnsFault.SILENCE);
      third.fault("example.com", "A", DnsFault.SILENCE);
      Instant start = Instant.now();
      DnsAnswer.Failed<?> failed = failed(ask(dns.address(), second.address(), third.address()));
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
      assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
      assertThat(failed.detail())
          .contains("#" + dns.address().getPort())
          .contains("#" + second.address().getPort())
          .contains("#" + third.address().getPort());
      assertThat(third.queries("example.com", "A")).isPositive();
    }
  }

  @Test
  void serverThatAnswersBadlyShouldNotBeAskedTwice() {
    dns.fault("example.com", "A", DnsFault.SERVFAIL);
    assertThat(failed(ask(dns.address())).failure()).isEqualTo(Failure.SERVER_FAILURE);
    assertThat(dns.queries()).hasSize(1);
  }

  private static DnsAnswer<?> ask(InetSocketAddress... servers) {
    return new DnsJavaResolver(List.of(servers), TIMEOUT, 100, Clock.systemUTC())
        .a(new DomainName("example.com"))
        .answer();
  }

  private static DnsAnswer.Failed<?> failed(DnsAnswer<?> answer) {
    assertThat(answer).isInstanceOf(DnsAnswer.Failed.class);
    return (DnsAnswer.Failed<?>) answer;
  }

  private static DnsFault wire(UnaryOperator<byte[]> change) {
    return DnsFault.tamperWire(change);
  }

  private static DnsFault message(UnaryOperator<Message> change) {
    return DnsFault.tamper(change);
  }

  private static DnsFault header(UnaryOperator<Message> change) {
    return DnsFault.tamper(change);
  }

  private static DnsFault overTcp(DnsFault fault) {
    return (answer, tcp) ->
        tcp ? fault.apply(answer, true) : DnsFault.TRUNCATE_UDP.apply(answer, false);
  }

  private static DnsFault cutAt(int length) {
    return wire(octets -> Arrays.copyOf(octets, length));
  }

  private static byte[] set(byte[] octets, int at, int value) {
    octets[at] = (byte) value;
    return octets;
  }

  private static Message refer(Message answer) {
    Message referral = DnsFailureTest.empty(answer);
    referral.addRecord(new NSRecord(NAME, DClass.IN, 60, OTHER), Section.AUTHORITY);
    return referral;
  }

  private static Message empty(Message answer) {
    answer.removeAllRecords(Section.ANSWER);
    answer.removeAllRecords(Section.AUTHORITY);
    return answer;
  }

  private static Message unask(Message answer) {
    answer.removeAllRecords(Section.QUESTION);
    return answer;
  }

  private static Message query(Message answer) {
    answer.getHeader().unsetFlag(Flags.QR);
    return answer;
  }

  private static Message notify(Message answer) {
    answer.getHeader().setOpcode(Opcode.NOTIFY);
    return answer;
  }

  private static Message deny(Message answer) {
    answer.getHeader().setRcode(Rcode.NXDOMAIN);
    return answer;
  }

  private static Message cut(Message answer) {
    answer.getHeader().setFlag(Flags.TC);
    return answer;
  }

  private static Message fork(Message answer) {
    Record address = answer.getSection(Section.ANSWER).get(0);
    Message forked = empty(answer);
    forked.addRecord(new CNAMERecord(NAME, DClass.IN, 60, OTHER), Section.ANSWER);
    forked.addRecord(new CNAMERecord(NAME, DClass.IN, 60, Name.root), Section.ANSWER);
    forked.addRecord(
        new ARecord(OTHER, DClass.IN, 60, ((ARecord) address).getAddress()), Section.ANSWER);
    return forked;
  }
}
