package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.MailLookup;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.SignedDomains;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;

/** What lookups with DNSSEC ask of the name server and of this process. */
class DnsLoadTest {

  /** Of {@link DnsTransport}. */
  private static final int SOCKETS = 500;

  private static final Duration LONG = Duration.ofMinutes(2);

  private final PrivateDns dns = PrivateDns.start();

  @AfterEach
  void stop() {
    dns.close();
  }

  private MailLookup validating() {
    return MailLookup.validating(dns.address(), dns.trustAnchor(), LONG);
  }

  private int questions(Runnable lookup) {
    int before = dns.queries().size();
    lookup.run();
    return dns.queries().size() - before;
  }

  @ParameterizedTest
  @EnumSource
  void unknownZoneShouldCostTwoQuestionsMoreAtMost(SignedDomains kind) {
    kind.publish(dns, 0);
    kind.publish(dns, 1);
    MailLookup plain = MailLookup.plain(dns.address(), kind.isSigned());
    MailLookup validating = validating();
    assertThat(validating.unproven(kind.domain(0)).isEmpty()).isEqualTo(kind.isSigned());

    int without = questions(() -> plain.unproven(kind.domain(1)));
    int with = questions(() -> validating.unproven(kind.domain(1)));

    // DS and DNSKEY.
    assertThat(with).isLessThanOrEqualTo(without + 2 * kind.zones());
  }

  @Test
  void equalLookupsAtOnceShouldAskNoMoreThanOne() {
    SignedDomains.OTHER_HOST.publish(dns, 0);
    dns.faultEverywhere(DnsFault.delay(Duration.ofMillis(20)));
    DomainName domain = SignedDomains.OTHER_HOST.domain(0);
    MailLookup alone = validating();
    MailLookup together = validating();

    int ofOne = questions(() -> assertThat(alone.unproven(domain)).isEmpty());
    int ofAll = questions(() -> atOnce(200, number -> together.unproven(domain).orElse("SECURE")));

    assertThat(ofAll).isEqualTo(ofOne);
  }

  @Test
  void manyDomainsAtOnceShouldAllBeProvenOverABoundedNumberOfSockets() {
    int domains = SOCKETS + 50;
    for (int number = 0; number <= domains; number++) {
      SignedDomains.OWN_HOST.publish(dns, number);
    }
    MailLookup lookup = validating();
    assertThat(lookup.unproven(SignedDomains.OWN_HOST.domain(domains))).isEmpty();
    Crowd crowd = new Crowd();
    dns.faultEverywhere(crowd);

    atOnce(
        domains,
        number -> security(lookup.resolver().mx(SignedDomains.OWN_HOST.domain(number)).answer()));

    assertThat(crowd.most).hasValue(SOCKETS);
  }

  private static String security(DnsAnswer<MxRecord> answer) {
    return answer instanceof DnsAnswer.Found<MxRecord> found
        ? found.security().name()
        : answer.toString();
  }

  private static void atOnce(int lookups, IntFunction<String> lookup) {
    ExecutorService threads = Executors.newFixedThreadPool(lookups);
    try {
      List<CompletableFuture<String>> all =
          IntStream.range(0, lookups)
              .mapToObj(
                  number -> CompletableFuture.supplyAsync(() -> lookup.apply(number), threads))
              .toList();
      assertThat(all).allSatisfy(one -> assertThat(one.join()).isEqualTo("SECURE"));
    } finally {
      threads.shutdownNow();
    }
  }

  /** Answers nobody before as many have asked as may ask at once, and no other has for a second. */
  private static final class Crowd implements DnsFault {
    private final CountDownLatch full = new CountDownLatch(SOCKETS);
    private final CountDownLatch overfull = new CountDownLatch(SOCKETS + 1);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Override
    public List<byte[]> apply(Message answer, boolean tcp) throws InterruptedException {
      most.accumulateAndGet(open.incrementAndGet(), Math::max);
      full.countDown();
      overfull.countDown();
      boolean unused = full.await(1, TimeUnit.MINUTES) && overfull.await(1, TimeUnit.SECONDS);
      open.decrementAndGet();
      return List.of(answer.toWire());
    }
  }
}
