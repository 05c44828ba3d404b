package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.mtasts.StsMode;
import org.jamessts.policy.MtaStsPolicyService.Limits;
import org.jamessts.testing.PolicyHostEffect;
import org.junit.jupiter.api.Test;

/** Many lookups at once, many domains, slow hosts, a full store. */
class MtaStsLoadTest extends PolicyWorld {

  @Test
  void lookupShouldFetchOnceForManyEqualLookupsAtATime() throws Exception {
    publish("1", policy("enforce", WEEK));
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger fetches = new AtomicInteger();
    PolicyFetcher slow =
        domain -> {
          fetches.incrementAndGet();
          awaitQuietly(release);
          return fetcher.fetch(domain);
        };
    MtaStsPolicyService shared = new MtaStsPolicyService(resolver, slow, store, clock);

    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      List<Future<PolicyLookup>> lookups = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        lookups.add(threads.submit(() -> shared.lookup(name(DOMAIN))));
      }
      release.countDown();
      for (Future<PolicyLookup> lookup : lookups) {
        assertThat(mode(lookup.get())).isEqualTo(StsMode.ENFORCE);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(fetches).hasValue(1);
    assertThat(host.requests(DOMAIN)).isEqualTo(1);
  }

  @Test
  void lookupShouldNotWaitForAnotherDomain() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    publish("1", policy("enforce", WEEK));
    dns.txt("_mta-sts.slow.example", "v=STSv1; id=1");
    PolicyFetcher slow =
        domain -> {
          if (domain.equals(name("slow.example"))) {
            entered.countDown();
            awaitQuietly(release);
          }
          return fetcher.fetch(domain);
        };
    MtaStsPolicyService shared = new MtaStsPolicyService(resolver, slow, store, clock);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<PolicyLookup> waiting = threads.submit(() -> shared.lookup(name("slow.example")));
      entered.await();

      assertThat(mode(shared.lookup(name(DOMAIN)))).isEqualTo(StsMode.ENFORCE);

      release.countDown();
      none(waiting.get());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void lookupShouldNotWaitForeverForAnEqualOneAndHoldOnToTheKeptPolicy() throws Exception {
    KnownPolicy kept = publishedAndKept();
    announce("v=STSv1; id=2");
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    PolicyFetcher stuck =
        domain -> {
          entered.countDown();
          awaitQuietly(release);
          return fetcher.fetch(domain);
        };
    MtaStsPolicyService shared =
        new MtaStsPolicyService(
            resolver,
            stuck,
            store,
            clock,
            new Limits(Duration.ofMinutes(5), Duration.ofMillis(100), 10));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<PolicyLookup> first = threads.submit(() -> shared.lookup(name(DOMAIN)));
      entered.await();

      assertHolds(shared.lookup(name(DOMAIN)), kept, PolicyFailure.Kind.FETCH);

      release.countDown();
      assertThat(known(first.get()).id()).isEqualTo("2");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void lookupShouldCutOffAPolicyHostThatDrips() throws Exception {
    KnownPolicy kept = publishedAndKept();
    announce("v=STSv1; id=2");
    host.serve(
        DOMAIN,
        GOOD,
        new PolicyHostEffect.Drip(
            PolicyHostEffect.head("200 OK", "Content-Length: 60000\r\n"), "x", 100));
    try (HttpsPolicyFetcher impatient = fetcher(Duration.ofSeconds(1))) {
      MtaStsPolicyService slow = new MtaStsPolicyService(resolver, impatient, store, clock);

      assertHolds(slow.lookup(name(DOMAIN)), kept, PolicyFailure.Kind.FETCH);
    }
  }

  @Test
  void lookupShouldWorkAgainAfterAnUnforeseenFailure() {
    publish("1", policy("enforce", WEEK));
    AtomicInteger calls = new AtomicInteger();
    PolicyFetcher broken =
        domain -> {
          if (calls.getAndIncrement() == 0) {
            throw new IllegalStateException("a defect");
          }
          return fetcher.fetch(domain);
        };
    MtaStsPolicyService shared = new MtaStsPolicyService(resolver, broken, store, clock);

    assertThatThrownBy(() -> shared.lookup(name(DOMAIN))).hasMessage("a defect");
    assertThat(mode(shared.lookup(name(DOMAIN)))).isEqualTo(StsMode.ENFORCE);
  }

  @Test
  void lookupShouldAnswerFromTheFetchWhenTheStoreIsFull() {
    publish("1", policy("enforce", WEEK));
    MemoryPolicyStore full = new MemoryPolicyStore(0, clock);
    MtaStsPolicyService storeless = new MtaStsPolicyService(resolver, fetcher, full, clock);

    assertThat(mode(storeless.lookup(name(DOMAIN)))).isEqualTo(StsMode.ENFORCE);
    assertThat(storeless.known()).isEmpty();
  }

  @Test
  void lookupShouldAskTheDnsOnceWithinTheTtl() {
    publish("1", policy("enforce", WEEK));
    MtaStsPolicyService cached =
        new MtaStsPolicyService(
            new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(5), 100, clock),
            fetcher,
            store,
            clock);

    for (int i = 0; i < 50; i++) {
      cached.lookup(name(DOMAIN));
    }

    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(1);
    assertThat(host.requests(DOMAIN)).isEqualTo(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
