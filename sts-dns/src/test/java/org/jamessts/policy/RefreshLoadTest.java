package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.mtasts.StsMode;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.SamplePolicies;
import org.junit.jupiter.api.Test;

/** Many refreshes at once, several servers, refreshes that break. */
class RefreshLoadTest extends PolicyWorld {

  private static final Duration DAY = Duration.ofDays(1);

  private final RecordingLog log = new RecordingLog();

  private PolicyRefresher refresher(StsPolicyService of) {
    return new PolicyRefresher(of, stores.refreshes(), clock, log);
  }

  private StsPolicyService service(PolicyFetcher fetcher) throws Exception {
    return service(NOTHING_REMEMBERED, fetcher, Preloads.NONE);
  }

  /** So many policies that are due. */
  private void due(int count) {
    for (int i = 0; i < count; i++) {
      stores.policies().put(SamplePolicies.policy("d" + i + ".example", clock.instant()));
    }
    clock.advance(DAY);
  }

  @Test
  void pollShouldFetchEightAtATime() throws Exception {
    due(30);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch eight = new CountDownLatch(8);
    StsPolicyService slow =
        service(
            (host, path) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              eight.countDown();
              await(eight);
              FetchResult result = fetcher.fetch(host, path);
              now.decrementAndGet();
              return result;
            });

    refresher(slow).poll();

    assertThat(most).hasValue(8);
    assertThat(now).as("poll returns when all are done").hasValue(0);
    assertThat(log.drain()).as("each failed, and was told").hasSize(30);
    slow.close();
  }

  @Test
  void severalServersShouldRefreshEachPolicyOnce() throws Exception {
    due(24);
    Map<String, Integer> fetches = new ConcurrentHashMap<>();
    PolicyFetcher counting =
        (host, path) -> {
          fetches.merge(host.value(), 1, Integer::sum);
          return fetcher.fetch(host, path);
        };
    StsPolicyService first = service(counting);
    StsPolicyService second = service(counting);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<?>> polls = new ArrayList<>();
    for (StsPolicyService one : List.of(first, second)) {
      PolicyRefresher refresher = refresher(one);
      polls.add(
          threads.submit(
              () -> {
                refresher.poll();
                return "";
              }));
    }
    for (Future<?> poll : polls) {
      poll.get();
    }
    threads.shutdown();

    assertThat(fetches).hasSize(24);
    assertThat(fetches.values()).containsOnly(1);
    first.close();
    second.close();
  }

  @Test
  void aDefectInOneRefreshShouldNotEndTheOthersNorTheNext() throws Exception {
    publish("1", policy("enforce", WEEK));
    lookup();
    due(3);
    StsPolicyService broken =
        service(
            (host, path) -> {
              if (host.value().endsWith("d1.example")) {
                throw new IllegalStateException("a defect");
              }
              return fetcher.fetch(host, path);
            });
    PolicyRefresher refresher = refresher(broken);

    refresher.poll();

    assertThat(host.requests(DOMAIN)).isEqualTo(2);
    assertThat(log.drain())
        .anySatisfy(line -> assertThat(line).startsWith("WARN").contains("d1.example", "a defect"));

    clock.advance(DAY);
    refresher.poll();
    assertThat(host.requests(DOMAIN)).isEqualTo(3);
    broken.close();
  }

  @Test
  void mailShouldWaitForTheFetchOfARefreshAndNotFetchTwice() throws Exception {
    publishedAndKept();
    publish("2", policy("testing", WEEK));
    clock.advance(DAY);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    StsPolicyService slow =
        service(
            (host, path) -> {
              entered.countDown();
              await(release);
              return fetcher.fetch(host, path);
            });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    PolicyRefresher refresher = refresher(slow);
    Future<?> poll =
        threads.submit(
            () -> {
              refresher.poll();
              return "";
            });
    await(entered);
    Future<PolicyLookup> mail = threads.submit(() -> slow.lookup(name(DOMAIN)).published());
    Thread.sleep(50); // the lookup should be under way; if it is not, this shows less, but holds
    release.countDown();

    assertThat(mode(mail.get(30, TimeUnit.SECONDS))).isEqualTo(StsMode.TESTING);
    poll.get(30, TimeUnit.SECONDS);
    threads.shutdown();
    assertThat(host.requests(DOMAIN)).isEqualTo(2);
    slow.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
