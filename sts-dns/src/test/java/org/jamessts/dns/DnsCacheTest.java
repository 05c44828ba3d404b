package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

class DnsCacheTest {

  private static final String NAME = "example.com";

  private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final PrivateDns dns = PrivateDns.start();
  private final Resolver resolver = resolver(100);

  @AfterEach
  void stop() {
    dns.close();
  }

  @Test
  void answerShouldBeKeptForItsTtl() {
    dns.add("example.com. 300 IN A 192.0.2.1");
    ask(NAME);
    pass(299);
    ask("EXAMPLE.com");
    assertThat(asked(NAME)).isEqualTo(1);
    pass(1);
    ask(NAME);
    assertThat(asked(NAME)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    // Alias and record: the shorter TTL counts.
    "example.com. 300 IN CNAME b.test., b.test. 60 IN A 192.0.2.1, 60",
    "example.com. 30 IN CNAME b.test., b.test. 60 IN A 192.0.2.1, 30",
    // RFC 2308 §5: the smaller of the SOA's own TTL and its last field.
    "com. 300 IN SOA ns.test. h.test. 1 2 3 4 120, b.test. 60 IN A 192.0.2.1, 120",
    "com. 90 IN SOA ns.test. h.test. 1 2 3 4 120, b.test. 60 IN A 192.0.2.1, 90",
    // Bounds of our own.
    "example.com. 604800 IN A 192.0.2.1, b.test. 60 IN A 192.0.2.1, 86400",
    "example.com. 2147483647 IN A 192.0.2.1, b.test. 60 IN A 192.0.2.1, 86400",
    "com. 86400 IN SOA ns.test. h.test. 1 2 3 4 86400, b.test. 60 IN A 192.0.2.1, 3600",
  })
  void shortestTimeShouldCount(String first, String second, int seconds) {
    dns.add(first).add(second);
    DnsAnswer<?> answer = ask(NAME);
    pass(seconds - 1);
    assertThat(ask(NAME)).isEqualTo(answer);
    assertThat(asked(NAME)).isEqualTo(1);
    pass(1);
    ask(NAME);
    assertThat(asked(NAME)).isEqualTo(2);
  }

  @Test
  void absenceShouldBeKeptAndStayTheSameAbsence() {
    dns.txt(NAME, "exists");
    for (int i = 0; i < 2; i++) {
      assertThat(ask(NAME)).isEqualTo(new DnsAnswer.Absent<>(true, DnsAnswer.Security.INSECURE));
      assertThat(ask("none.test"))
          .isEqualTo(new DnsAnswer.Absent<>(false, DnsAnswer.Security.INSECURE));
    }
    assertThat(dns.queries()).hasSize(2);
  }

  @Test
  void absenceWithoutSoaShouldNotBeKept() {
    dns.fault(NAME, "A", DnsFault.rcode(3));
    ask(NAME);
    ask(NAME);
    assertThat(asked(NAME)).isEqualTo(2);
  }

  @Test
  void absenceWithTheSoaOfAnotherZoneShouldNotBeKept() {
    dns.fault(NAME, "A", DnsFault.tamper(DnsCacheTest::withForeignSoa));
    ask(NAME);
    ask(NAME);
    assertThat(asked(NAME)).isEqualTo(2);
  }

  @Test
  void failureShouldNotBeKept() {
    dns.fault(NAME, "A", DnsFault.SERVFAIL);
    assertThat(ask(NAME)).isInstanceOf(DnsAnswer.Failed.class);
    dns.heal(NAME, "A").a(NAME, "192.0.2.1");
    assertThat(ask(NAME)).isInstanceOf(DnsAnswer.Found.class);
  }

  @ParameterizedTest
  @CsvSource({"0", "2147483648", "4294967295"})
  void ttlOfZeroOrBeyondThirtyOneBitsShouldNotBeKept(long ttl) {
    dns.a(NAME, "192.0.2.1")
        .fault(
            NAME,
            "A",
            DnsFault.tamperWire(
                wire -> {
                  // The TTL stands 6 octets after the answer's compressed name at 29.
                  for (int i = 0; i < 4; i++) {
                    wire[35 + i] = (byte) (ttl >>> (24 - 8 * i));
                  }
                  return wire;
                }));
    assertThat(ask(NAME)).isInstanceOf(DnsAnswer.Found.class);
    ask(NAME);
    assertThat(asked(NAME)).isEqualTo(2);
  }

  @Test
  void typesShouldBeKeptApart() {
    dns.a(NAME, "192.0.2.1").aaaa(NAME, "2001:db8::1");
    ask(NAME);
    assertThat(resolver.aaaa(new DomainName(NAME)).answer()).isInstanceOf(DnsAnswer.Found.class);
    assertThat(dns.queries()).hasSize(2);
  }

  @Test
  void freshQuestionShouldBeAskedAnewAndItsAnswerKept() {
    DomainName domain = new DomainName("fresh.test");
    dns.add("_label.fresh.test. 3600 IN TXT old");
    assertThat(texts(resolver.txt("_label", domain).answer())).containsExactly("old");
    dns.remove("_label.fresh.test", "TXT").add("_label.fresh.test. 3600 IN TXT new");

    assertThat(texts(resolver.txt("_label", domain).answer())).containsExactly("old");
    assertThat(texts(resolver.freshTxt("_label", domain).answer())).containsExactly("new");
    assertThat(texts(resolver.txt("_label", domain).answer())).containsExactly("new");
  }

  private static List<String> texts(DnsAnswer<String> answer) {
    assertThat(answer).isInstanceOf(DnsAnswer.Found.class);
    return ((DnsAnswer.Found<String>) answer).records();
  }

  @Test
  void fullCacheShouldForgetWhatWasUsedLongestAgo() {
    Resolver small = resolver(2);
    dns.a("a.test", "192.0.2.1").a("b.test", "192.0.2.1").a("c.test", "192.0.2.1");
    for (String name : List.of("a.test", "b.test", "a.test", "c.test", "a.test", "b.test")) {
      small.a(new DomainName(name));
    }
    assertThat(asked("a.test")).isEqualTo(1);
    assertThat(asked("b.test")).isEqualTo(2);
  }

  @Test
  void cacheOfNoEntriesShouldKeepNothing() {
    dns.a(NAME, "192.0.2.1");
    Resolver none = resolver(0);
    none.a(new DomainName(NAME));
    none.a(new DomainName(NAME));
    assertThat(asked(NAME)).isEqualTo(2);
  }

  @Test
  void largeAnswerShouldNotBeKept() {
    dns.txt("_mta-sts.example.com", "x".repeat(255)).txt("_mta-sts.example.net", "small");
    for (int i = 0; i < 20; i++) {
      dns.txt("_mta-sts.example.com", i + "x".repeat(250));
    }
    for (int i = 0; i < 2; i++) {
      resolver.txt("_mta-sts", new DomainName("example.com"));
      resolver.txt("_mta-sts", new DomainName("example.net"));
    }
    assertThat(dns.queries().stream().filter(PrivateDns.Query::tcp)).hasSize(2);
    assertThat(dns.queries("_mta-sts.example.net", "TXT")).isEqualTo(1);
  }

  @Test
  void equalQuestionsAtTheSameTimeShouldBeAskedOnce() {
    dns.a(NAME, "192.0.2.1").fault(NAME, "A", DnsFault.delay(Duration.ofSeconds(1)));
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      List<CompletableFuture<DnsAnswer<?>>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(CompletableFuture.supplyAsync(() -> ask(NAME), threads));
      }
      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(DnsAnswer.Found.class));
      assertThat(asked(NAME)).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Message withForeignSoa(Message answer) {
    SOARecord own = (SOARecord) answer.getSection(Section.AUTHORITY).get(0);
    Name other = Name.fromConstantString("other.test.");
    answer.removeRecord(own, Section.AUTHORITY);
    answer.addRecord(
        new SOARecord(other, DClass.IN, 60, own.getHost(), own.getAdmin(), 1, 2, 3, 4, 60),
        Section.AUTHORITY);
    return answer;
  }

  private DnsAnswer<?> ask(String name) {
    try {
      return resolver.a(DomainName.parse(name)).answer();
    } catch (InvalidDomainNameException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private int asked(String name) {
    return (int) dns.queries().stream().filter(query -> query.name().equals(name)).count();
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  private Resolver resolver(int entries) {
    return new DnsJavaResolver(
        List.of(dns.address()), Duration.ofSeconds(10), entries, new SettableClock());
  }

  private final class SettableClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
