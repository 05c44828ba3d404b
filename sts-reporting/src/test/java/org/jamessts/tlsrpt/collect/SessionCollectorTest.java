package org.jamessts.tlsrpt.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jamessts.tlsrpt.collect.Sessions.DAY;
import static org.jamessts.tlsrpt.collect.Sessions.DOMAIN;
import static org.jamessts.tlsrpt.collect.Sessions.NOON;
import static org.jamessts.tlsrpt.collect.Sessions.domain;
import static org.jamessts.tlsrpt.collect.Sessions.failed;
import static org.jamessts.tlsrpt.collect.Sessions.failure;
import static org.jamessts.tlsrpt.collect.Sessions.success;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jamessts.dns.DomainName;
import org.jamessts.store.FailingDatabase;
import org.jamessts.store.FailingDatabase.Failure;
import org.jamessts.store.StoreException;
import org.jamessts.testing.SettableClock;
import org.jamessts.tlsrpt.collect.SessionCollector.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.Kind.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SessionCollectorTest {

  private static final Duration NEVER = Duration.ofDays(1);
  private static final Settings BY_HAND =
      new Settings(NEVER, Duration.ofDays(7), SessionLimits.DEFAULT);

  private static final List<Failure> FAILURES = List.of(Failure.values());

  private final SettableClock clock = new SettableClock();
  private final TestDatabase database;
  private final FailingDatabase failing;
  private final SessionStore store;

  SessionCollectorTest(TestDatabase.Kind kind, @TempDir Path directory) {
    clock.set(NOON);
    database = new TestDatabase(kind, directory);
    failing = database.database();
    store = new SessionStore(database.access(failing), SessionLimits.DEFAULT, Sessions.TIMES);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private SessionCollector collector(Settings settings) {
    return new SessionCollector(store, settings, clock);
  }

  private long stored(DomainName domain) throws StoreException {
    return store.of(DAY, List.of(domain)).getOrDefault(domain, List.of()).stream()
        .mapToLong(summary -> summary.successfulSessions() + summary.failedSessions())
        .sum();
  }

  @Test
  void sessionsShouldReachTheStoreWithinTheInterval() {
    SessionCollector collector =
        collector(new Settings(Duration.ofMillis(50), Duration.ofDays(7), SessionLimits.DEFAULT));
    collector.start();
    collector.start();

    collector.record(success(DOMAIN));

    await().until(() -> stored(DOMAIN) == 1);
    collector.record(success(DOMAIN));
    await().until(() -> stored(DOMAIN) == 2);
  }

  @Test
  void sessionsShouldReachTheStoreSoonerWhenMemoryIsHalfFull() {
    SessionCollector collector =
        collector(
            new Settings(NEVER, Duration.ofDays(7), new SessionLimits(30_000, 1_000, 16, 100)));
    collector.start();

    for (int i = 0; i < 60; i++) {
      collector.record(success(domain(i)));
    }

    await().until(() -> stored(domain(0)) == 1);
    await().until(() -> collector.fill() < 0.5);
  }

  @Test
  void stopShouldLoseNothing() throws Exception {
    SessionCollector collector = collector(BY_HAND);
    collector.record(success(DOMAIN));

    collector.keep();

    assertThat(stored(DOMAIN)).isEqualTo(1);
    assertThat(collector.fill()).isZero();
    assertThat(collector.dropped()).isZero();
  }

  @Test
  void manySessionsShouldBeAddedInParts() throws Exception {
    SessionCollector collector = collector(BY_HAND);
    for (int i = 0; i < 4_500; i++) {
      collector.record(success(domain(i)));
    }

    collector.flush();

    assertThat(store.domains(DAY, Optional.empty(), 10_000)).hasSize(4_500);
    assertThat(stored(domain(4_499))).isEqualTo(1);
  }

  @Test
  void sessionsShouldStayInMemoryWhileTheStoreFails() throws Exception {
    SessionCollector collector = collector(BY_HAND);
    collector.record(success(DOMAIN));
    failing.fail(Failure.ALL);

    collector.keep();
    collector.record(success(DOMAIN));
    assertThatThrownBy(collector::flush).isInstanceOf(StoreException.class);

    assertThat(collector.trouble()).hasValueSatisfying(why -> assertThat(why).contains("full"));
    assertThat(collector.fill()).isPositive();
    failing.fail(Failure.NONE);
    await().untilAsserted(collector::flush);
    assertThat(stored(DOMAIN)).isEqualTo(2);
    assertThat(collector.fill()).isZero();
    assertThat(collector.trouble()).isEmpty();
  }

  @Test
  void memoryShouldStayBoundedWhileTheStoreFails() {
    SessionCollector collector =
        collector(
            new Settings(NEVER, Duration.ofDays(7), new SessionLimits(30_000, 1_000, 16, 100)));
    failing.fail(Failure.ALL);

    for (int i = 0; i < 1_000; i++) {
      collector.record(success(domain(i)));
      if (i % 100 == 0) {
        collector.keep();
      }
    }

    assertThat(collector.fill()).isLessThanOrEqualTo(1);
    assertThat(collector.dropped()).isBetween(850L, 950L);
  }

  /** Threads record, somebody flushes, the store fails in each way it can, and then all stops. */
  @Test
  void nothingShouldBeLostOrDoubledWhateverFails() throws Exception {
    SessionCollector collector = collector(BY_HAND);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    Future<?> failures = threads.submit(() -> failNowAndThen(done, new Random(7)));
    List<Future<?>> flushes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      flushes.add(
          threads.submit(
              () -> {
                while (!done.get()) {
                  collector.keep();
                }
              }));
    }
    List<Future<?>> recording = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Random random = new Random(i);
      recording.add(threads.submit(() -> recordFor(random, collector)));
    }
    for (Future<?> one : recording) {
      one.get();
    }
    done.set(true);
    failures.get();
    for (Future<?> one : flushes) {
      one.get();
    }
    threads.shutdown();
    failing.fail(Failure.NONE);
    await().untilAsserted(collector::flush);

    long all = 0;
    for (int i = 0; i < 10; i++) {
      all += stored(domain(i));
    }
    assertThat(collector.dropped()).isZero();
    assertThat(all).isEqualTo(4 * 50_000);
  }

  private void failNowAndThen(AtomicBoolean done, Random random) {
    while (!done.get()) {
      failing.fail(FAILURES.get(random.nextInt(FAILURES.size())));
      try {
        Thread.sleep(random.nextInt(40));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void recordFor(Random random, SessionCollector collector) {
    for (int i = 0; i < 50_000; i++) {
      DomainName domain = domain(random.nextInt(10));
      collector.record(
          random.nextInt(10) > 0
              ? success(domain)
              : failed(domain, failure("reason " + random.nextInt(20))));
    }
  }

  @Test
  void oldDaysShouldBeDeletedInTime() throws Exception {
    SessionCollector collector =
        collector(new Settings(Duration.ofMillis(20), Duration.ofDays(7), SessionLimits.DEFAULT));
    collector.record(success(DOMAIN));
    collector.flush();
    clock.advance(Duration.ofDays(7));
    collector.start();
    Thread.sleep(200);
    assertThat(stored(DOMAIN)).isEqualTo(1);

    clock.advance(Duration.ofDays(1));

    await().until(() -> stored(DOMAIN) == 0);
  }
}
