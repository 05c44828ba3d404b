package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.https.HttpsPolicyFetcher;
import org.jamessts.mtasts.StsMode;
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
        (host, path) -> {
          fetches.incrementAndGet();
          awaitQuietly(release);
          return fetcher.fetch(host, path);
        };
    StsPolicyService shared = service(NOTHING_REMEMBERED, slow, Preloads.NONE);

    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      List<Future<PolicyLookup>> lookups = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        lookups.add(threads.submit(() -> shared.lookup(name(DOMAIN)).published()));
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
        (host, path) -> {
          if (host.equals(name("mta-sts.slow.example"))) {
            entered.countDown();
            awaitQuietly(release);
          }
          return fetcher.fetch(host, path);
        };
    StsPolicyService shared = service(NOTHING_REMEMBERED, slow, Preloads.NONE);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<PolicyLookup> waiting =
          threads.submit(() -> shared.lookup(name("slow.example")).published());
      entered.await();

      assertThat(mode(shared.lookup(name(DOMAIN)).published())).isEqualTo(StsMode.ENFORCE);

      release.countDown();
      none(waiting.get());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void lookupShouldNotWaitLongAndHoldOnToTheKeptPolicyUntilTheNewOneIsThere() throws Exception {
    KnownMtaStsPolicy kept = publishedAndKept();
    publish("2", policy("testing", WEEK));
    CountDownLatch release = new CountDownLatch(1);
    PolicyFetcher stuck =
        (host, path) -> {
          awaitQuietly(release);
          return fetcher.fetch(host, path);
        };
    StsPolicyService shared = service(waiting(Duration.ofMillis(100)), stuck, Preloads.NONE);

    assertHolds(shared.lookup(name(DOMAIN)).published(), kept, PolicyFailure.Kind.SLOW);
    assertHolds(shared.lookup(name(DOMAIN)).published(), kept, PolicyFailure.Kind.SLOW);

    release.countDown();
    while (known(shared.lookup(name(DOMAIN)).published()).equals(kept)) {
      Thread.sleep(10);
    }
    assertThat(mode(shared.lookup(name(DOMAIN)).published())).isEqualTo(StsMode.TESTING);
    assertThat(host.requests(DOMAIN)).isEqualTo(2);
  }

  @Test
  void lookupShouldCutOffAPolicyHostThatDrips() throws Exception {
    KnownMtaStsPolicy kept = publishedAndKept();
    announce("v=STSv1; id=2");
    host.serve(
        DOMAIN,
        GOOD,
        new PolicyHostEffect.Drip(
            PolicyHostEffect.head("200 OK", "Content-Length: 60000\r\n"), "x", 100));
    try (HttpsPolicyFetcher impatient = fetcher(Duration.ofSeconds(1))) {
      StsPolicyService slow = service(NOTHING_REMEMBERED, impatient, Preloads.NONE);

      assertHolds(slow.lookup(name(DOMAIN)).published(), kept, PolicyFailure.Kind.FETCH);
    }
  }

  @Test
  void lookupShouldWorkAgainAfterAnUnforeseenFailure() throws Exception {
    publish("1", policy("enforce", WEEK));
    AtomicInteger calls = new AtomicInteger();
    PolicyFetcher broken =
        (host, path) -> {
          if (calls.getAndIncrement() == 0) {
            throw new IllegalStateException("a defect");
          }
          return fetcher.fetch(host, path);
        };
    StsPolicyService shared = service(NOTHING_REMEMBERED, broken, Preloads.NONE);

    PolicyLookup first = shared.lookup(name(DOMAIN)).published();
    assertThat(failure(first).detail()).contains("a defect");
    assertThat(mode(shared.lookup(name(DOMAIN)).published())).isEqualTo(StsMode.ENFORCE);
  }

  @Test
  void lookupShouldAskTheDnsOnceWithinTheTtl() throws Exception {
    publish("1", policy("enforce", WEEK));
    StsPolicyService remembering = service(PolicySettings.DEFAULT);

    for (int i = 0; i < 50; i++) {
      assertThat(mode(remembering.lookup(name(DOMAIN)).published())).isEqualTo(StsMode.ENFORCE);
    }
    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(1);

    clock.advance(Duration.ofDays(2));
    remembering.lookup(name(DOMAIN));
    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(2);
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
