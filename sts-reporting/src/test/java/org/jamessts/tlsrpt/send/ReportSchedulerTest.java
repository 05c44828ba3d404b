package org.jamessts.tlsrpt.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jamessts.tlsrpt.collect.Sessions.DAY;
import static org.jamessts.tlsrpt.collect.Sessions.DOMAIN;
import static org.jamessts.tlsrpt.collect.Sessions.TIMES;
import static org.jamessts.tlsrpt.collect.Sessions.domain;
import static org.jamessts.tlsrpt.collect.Sessions.failure;
import static org.jamessts.tlsrpt.collect.Sessions.success;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.dns.DomainName;
import org.jamessts.store.FailingDatabase;
import org.jamessts.store.FailingDatabase.Failure;
import org.jamessts.store.StoreAccess;
import org.jamessts.store.StoreException;
import org.jamessts.testing.SettableClock;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.SessionResult;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.collect.Sessions;
import org.jamessts.tlsrpt.collect.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(TestDatabase.Kind.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReportSchedulerTest {

  private static final SendSettings SETTINGS = settings(false);
  private static final Instant DUE = TIMES.firstTry(DAY, new java.util.Random());

  private final SettableClock clock = new SettableClock();
  private final RecordingCourier courier = new RecordingCourier();
  private final List<ReportScheduler> schedulers = new ArrayList<>();
  private final TestDatabase database;
  private final FailingDatabase failing;
  private final StoreAccess access;
  private final SessionStore sessions;
  private final ReportStore reports;
  private final StoredSuppressions suppressions;

  ReportSchedulerTest(TestDatabase.Kind kind, @TempDir Path directory) {
    clock.set(DUE.minusSeconds(1));
    database = new TestDatabase(kind, directory);
    failing = database.database();
    access = database.access(failing);
    sessions = new SessionStore(access, SessionLimits.DEFAULT, TIMES);
    reports = new ReportStore(access);
    suppressions = new StoredSuppressions(access, clock);
  }

  @AfterEach
  void close() {
    schedulers.forEach(ReportScheduler::close);
    database.close();
  }

  private static SendSettings settings(boolean forensicDetails) {
    return new SendSettings(
        4,
        Duration.ofMinutes(3),
        Duration.ofMinutes(15),
        Duration.ofHours(24),
        Duration.ofMillis(200),
        forensicDetails);
  }

  private ReportScheduler scheduler() {
    return scheduler(access, courier);
  }

  private ReportScheduler scheduler(StoreAccess of, ReportCourier with) {
    return scheduler(of, with, SETTINGS);
  }

  private ReportScheduler scheduler(StoreAccess of, ReportCourier with, SendSettings settings) {
    ReportScheduler scheduler =
        new ReportScheduler(
            new ReportStore(of),
            new SessionStore(of, SessionLimits.DEFAULT, TIMES),
            new StoredSuppressions(of, clock),
            with,
            settings,
            clock);
    schedulers.add(scheduler);
    return scheduler;
  }

  private void happened(SessionResult... results) throws StoreException {
    SessionCollector collector =
        new SessionCollector(
            sessions,
            new SessionCollector.Settings(
                Duration.ofDays(1), Duration.ofDays(7), SessionLimits.DEFAULT),
            clock);
    for (SessionResult result : results) {
      collector.record(result);
    }
    collector.flush();
  }

  private void happenedWith(int domains) throws StoreException {
    SessionResult[] results = new SessionResult[domains];
    for (int i = 0; i < domains; i++) {
      results[i] = success(domain(i));
    }
    happened(results);
  }

  private PlannedReport report(DomainName domain) throws StoreException {
    return reports.reports(DAY, Optional.empty(), Optional.empty(), 10_000).stream()
        .filter(report -> report.domain().equals(domain))
        .findFirst()
        .orElseThrow();
  }

  private long inState(ReportState state) throws StoreException {
    return reports.counts(DAY).getOrDefault(state, 0L);
  }

  /** Time goes on, and those who sleep notice. */
  private void comes(Instant moment) {
    clock.set(moment);
    schedulers.forEach(ReportScheduler::lookAgain);
  }

  private void passes(Duration time) {
    comes(clock.instant().plus(time));
  }

  private void awaitState(ReportState state, long count) {
    await().until(() -> inState(state) == count);
  }

  /** Who no longer wants it told does not tell what is kept, either. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatHostsShowedShouldBeToldWhereTheOperatorWantsIt(boolean wanted) throws Exception {
    happened(Sessions.detailed(failure("expired"), Sessions.shown("hello", "AAAA")));
    scheduler(access, courier, settings(wanted)).start();

    comes(DUE);
    awaitState(ReportState.SENT, 1);

    assertThat(courier.taken().get(0).policies().get(0).failures())
        .extracting(CountedFailure::details)
        .containsExactly(wanted ? Optional.of(Sessions.shown("hello", "AAAA")) : Optional.empty());
  }

  @Test
  void reportShouldBeSentWhenItIsDueAndOnce() throws Exception {
    happened(
        success(DOMAIN),
        new SessionResult(Sessions.NOON, AppliedPolicy.none(DOMAIN), List.of(failure("expired"))));
    ReportScheduler scheduler = scheduler();
    scheduler.start();
    Thread.sleep(300);
    assertThat(courier.taken()).isEmpty();
    assertThat(report(DOMAIN).state()).isEqualTo(ReportState.PENDING);

    comes(DUE);
    awaitState(ReportState.SENT, 1);
    Thread.sleep(300);

    DailyReport taken = courier.taken().get(0);
    assertThat(courier.taken()).hasSize(1);
    assertThat(taken.day()).isEqualTo(DAY);
    assertThat(taken.policyDomain()).isEqualTo(DOMAIN);
    assertThat(taken.policies())
        .containsExactly(
            new PolicySummary(
                AppliedPolicy.none(DOMAIN),
                1,
                1,
                List.of(new CountedFailure(failure("expired"), 1))));
    PlannedReport sent = report(DOMAIN);
    assertThat(sent.id()).isEqualTo(taken.id());
    assertThat(sent.outcome()).isEqualTo("mailto:reports@example.com");
    assertThat(sent.attempts()).isEqualTo(1);
    assertThat(sent.planned()).isEqualTo(DUE);
    assertThat(sent.due()).isEqualTo(DUE);
  }

  @Test
  void whatNobodyAcceptsShouldBeTriedAgainWithTheSameIdAndThenGivenUp() throws Exception {
    courier.answer(report -> new CourierResult.Failed("no connection"));
    happened(success(DOMAIN));
    scheduler().start();
    List<Duration> waits = new ArrayList<>();
    comes(DUE);
    int attempts = 0;
    Instant last = clock.instant();
    while (report(DOMAIN).state() == ReportState.PENDING) {
      int before = attempts;
      await().until(() -> report(DOMAIN).attempts() > before);
      attempts++;
      PlannedReport after = report(DOMAIN);
      assertThat(after.attempts()).isEqualTo(attempts);
      assertThat(after.outcome()).isEqualTo("no connection");
      if (after.state() == ReportState.PENDING) {
        waits.add(Duration.between(last, after.due()));
        comes(after.due());
        last = after.due();
      }
    }

    assertThat(report(DOMAIN).state()).isEqualTo(ReportState.GIVEN_UP);
    assertThat(waits)
        .startsWith(
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4),
            Duration.ofHours(4))
        .hasSize(9);
    assertThat(Duration.between(DUE, last)).isLessThan(Duration.ofHours(24));
    assertThat(courier.taken()).hasSize(10);
    assertThat(new HashSet<>(courier.taken())).as("equal each time").hasSize(1);
  }

  @Test
  void laterAttemptShouldSucceed() throws Exception {
    courier.answer(report -> new CourierResult.Failed("no connection"));
    happened(success(DOMAIN));
    scheduler().start();
    comes(DUE);
    await().until(() -> report(DOMAIN).attempts() == 1);

    courier.answer(report -> new CourierResult.Accepted("https://r.example/"));
    passes(Duration.ofMinutes(15));

    awaitState(ReportState.SENT, 1);
    assertThat(report(DOMAIN).attempts()).isEqualTo(2);
    assertThat(report(DOMAIN).outcome()).isEqualTo("https://r.example/");
  }

  @Test
  void troubleShouldBeToldWhileNobodyTakesAnyReport() throws Exception {
    courier.answer(report -> new CourierResult.Failed("no connection"));
    happenedWith(5);
    ReportScheduler scheduler = scheduler();
    assertThat(scheduler.trouble()).isEmpty();
    scheduler.start();
    comes(DUE);
    await().until(() -> scheduler.trouble().isPresent());
    assertThat(scheduler.trouble().orElseThrow()).contains(domain(0).value());
    assertThat(reports.pending()).isEqualTo(5);

    courier.answer(report -> new CourierResult.Accepted("https://r.example/"));
    await()
        .until(
            () ->
                reports.reports(DAY, Optional.empty(), Optional.empty(), 10).stream()
                    .allMatch(report -> report.attempts() == 1));
    passes(Duration.ofMinutes(15));

    awaitState(ReportState.SENT, 5);
    assertThat(scheduler.trouble()).isEmpty();
    assertThat(reports.pending()).isZero();
  }

  @Test
  void courierThatBreaksShouldCountAsFailed() throws Exception {
    courier.answer(
        report -> {
          throw new IllegalStateException("a bug");
        });
    happened(success(DOMAIN));
    scheduler().start();
    comes(DUE);

    await().until(() -> report(DOMAIN).attempts() == 1);

    assertThat(report(DOMAIN).state()).isEqualTo(ReportState.PENDING);
    assertThat(report(DOMAIN).outcome()).contains("a bug");
  }

  @Test
  void whatNobodyWantsShouldNotBeTriedAgain() throws Exception {
    courier.answer(report -> new CourierResult.NotWanted("no TLSRPT record"));
    happened(success(DOMAIN));
    scheduler().start();
    comes(DUE);

    awaitState(ReportState.NOT_WANTED, 1);

    passes(Duration.ofHours(5));
    Thread.sleep(300);
    assertThat(courier.taken()).hasSize(1);
    assertThat(report(DOMAIN).outcome()).isEqualTo("no TLSRPT record");
  }

  @Test
  void suppressedDomainShouldGetNoneUntilTheEnd() throws Exception {
    suppressions.put(SuppressionTarget.of(DOMAIN), DUE.plusSeconds(60), "the operator");
    suppressions.put(SuppressionTarget.of(domain(1)), DUE, "the operator");
    happened(success(DOMAIN), success(domain(1)));
    scheduler().start();
    comes(DUE);

    awaitState(ReportState.NOT_WANTED, 1);
    awaitState(ReportState.SENT, 1);

    assertThat(courier.taken()).extracting(DailyReport::policyDomain).containsExactly(domain(1));
    assertThat(report(DOMAIN).outcome()).contains("suppressed");
  }

  @Test
  void nothingShouldBeSentWhileNobodyKnowsWhoIsSuppressed() throws Exception {
    happened(success(DOMAIN));
    failing.fail(Failure.ALL);
    scheduler().start();
    comes(DUE);
    Thread.sleep(300);

    assertThat(courier.taken()).isEmpty();
  }

  @Test
  void noMoreThanSomeShouldBeUnderWayAtATime() throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    courier.answer(
        report -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          sleep(10);
          underWay.decrementAndGet();
          return new CourierResult.Accepted("x");
        });
    happenedWith(100);
    scheduler().start();
    comes(DUE);

    awaitState(ReportState.SENT, 100);

    assertThat(most.get()).isEqualTo(SETTINGS.atOnce());
    assertThat(courier.taken()).hasSize(100);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void severalServersShouldSendEachOnce() throws Exception {
    happenedWith(400);
    comes(DUE);
    // Neither is done before the other has begun.
    CountDownLatch begun = new CountDownLatch(2);
    RecordingCourier other = new RecordingCourier();
    for (RecordingCourier each : List.of(courier, other)) {
      AtomicBoolean first = new AtomicBoolean(true);
      each.answer(
          report -> {
            if (first.getAndSet(false)) {
              begun.countDown();
            }
            awaitUninterruptibly(begun);
            return new CourierResult.Accepted("x");
          });
    }
    ReportScheduler one = scheduler();
    ReportScheduler another = scheduler(database.access(), other);
    one.start();
    another.start();

    awaitState(ReportState.SENT, 400);

    List<DailyReport> all = new ArrayList<>(courier.taken());
    all.addAll(other.taken());
    assertThat(all).hasSize(400);
    assertThat(all.stream().map(DailyReport::policyDomain).distinct()).hasSize(400);
    assertThat(all.stream().map(DailyReport::id).distinct()).hasSize(400);
    assertThat(courier.taken()).isNotEmpty();
    assertThat(other.taken()).isNotEmpty();
  }

  @Test
  void claimOfADeadServerShouldEnd() throws Exception {
    happened(success(DOMAIN));
    comes(DUE);
    PlannedReport claimed = reports.claim("dead", DUE, DUE.plus(SETTINGS.lease()), 10).get(0);
    scheduler().start();
    Thread.sleep(300);
    assertThat(courier.taken()).isEmpty();

    passes(SETTINGS.lease());

    awaitState(ReportState.SENT, 1);
    assertThat(courier.taken().get(0).id()).isEqualTo(claimed.id());
    // It was not dead after all: too late.
    assertThat(
            reports.settle(
                "dead",
                List.of(new ReportStore.Settled(claimed, ReportState.GIVEN_UP, DUE, "failed", 1))))
        .isEmpty();
    assertThat(reports.renew("dead", List.of(claimed), DUE.plus(SETTINGS.lease()))).isEmpty();
    assertThat(report(DOMAIN).state()).isEqualTo(ReportState.SENT);
  }

  @Test
  void claimShouldBeRenewedAsLongAsTheCourierTakes() throws Exception {
    Semaphore goOn = new Semaphore(0);
    courier.answer(
        report -> {
          goOn.acquireUninterruptibly();
          return new CourierResult.Accepted("x");
        });
    happened(success(DOMAIN));
    comes(DUE);
    ReportScheduler slow = scheduler();
    slow.start();
    await().until(() -> courier.taken().size() == 1);
    for (int i = 0; i < 4; i++) {
      passes(SETTINGS.lease().dividedBy(2).plusSeconds(1));
      Instant now = clock.instant();
      await().until(() -> report(DOMAIN).due().isAfter(now.plus(SETTINGS.lease().dividedBy(2))));
      assertThat(reports.claim("other", now, now.plusSeconds(60), 10)).isEmpty();
    }
    goOn.release();

    awaitState(ReportState.SENT, 1);
    assertThat(courier.taken()).hasSize(1);
  }

  @Test
  void resultShouldBeNotedLaterWhenTheStoreFails() throws Exception {
    courier.answer(
        report -> {
          failing.fail(Failure.WRITES);
          return new CourierResult.Accepted("x");
        });
    happened(success(DOMAIN));
    comes(DUE);
    scheduler().start();
    await().until(() -> courier.taken().size() == 1);
    Thread.sleep(200);
    assertThat(inState(ReportState.SENT)).isZero();

    failing.fail(Failure.NONE);
    Thread.sleep(50);
    passes(Duration.ZERO);

    awaitState(ReportState.SENT, 1);
    assertThat(courier.taken()).hasSize(1);
  }

  @Test
  void stopShouldGiveBackWhatWasNotBegun() throws Exception {
    CountDownLatch begun = new CountDownLatch(SETTINGS.atOnce());
    Set<DomainName> finished = new HashSet<>();
    courier.answer(
        report -> {
          begun.countDown();
          sleep(50);
          synchronized (finished) {
            finished.add(report.policyDomain());
          }
          return new CourierResult.Accepted("x");
        });
    happenedWith(30);
    comes(DUE);
    ReportScheduler stopped = scheduler();
    stopped.start();
    begun.await();

    stopped.close();

    long sent = inState(ReportState.SENT);
    assertThat(sent).isEqualTo(finished.size()).isBetween(4L, 29L);
    List<PlannedReport> free = reports.claim("next", clock.instant(), clock.instant(), 100);
    assertThat(free).hasSize(30 - (int) sent);
    assertThat(free).allSatisfy(report -> assertThat(report.attempts()).isZero());
  }

  @Test
  void reportsThatNobodySentInTheirTimeShouldBeGivenUp() throws Exception {
    happenedWith(3);
    clock.set(DUE.plus(Duration.ofHours(24)));
    scheduler().start();

    awaitState(ReportState.GIVEN_UP, 3);

    assertThat(courier.taken()).isEmpty();
    assertThat(reports.reports(DAY, Optional.empty(), Optional.empty(), 10))
        .allSatisfy(report -> assertThat(report.attempts()).isZero());
  }

  @Test
  void reportsShouldBeSentNowWhenTold() throws Exception {
    happened(success(DOMAIN), success(domain(1)), success(domain(2)));
    ReportScheduler scheduler = scheduler();
    scheduler.start();
    comes(DAY.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));

    assertThat(scheduler.sendNow(DAY, Optional.of(DOMAIN))).isEqualTo(1);
    awaitState(ReportState.SENT, 1);
    assertThat(courier.taken()).extracting(DailyReport::policyDomain).containsExactly(DOMAIN);

    assertThat(scheduler.sendNow(DAY, Optional.empty())).as("the others").isEqualTo(2);
    awaitState(ReportState.SENT, 3);
    assertThat(scheduler.sendNow(DAY, Optional.empty())).isZero();
    assertThat(scheduler.sendNow(DAY.minusDays(1), Optional.empty())).isZero();
  }

  @Test
  void whatWasGivenUpShouldBeSentWhenToldWithTheSameId() throws Exception {
    happened(success(DOMAIN));
    clock.set(DUE.plus(Duration.ofHours(30)));
    ReportScheduler scheduler = scheduler();
    scheduler.start();
    awaitState(ReportState.GIVEN_UP, 1);
    PlannedReport before = report(DOMAIN);

    assertThat(scheduler.sendNow(DAY, Optional.of(DOMAIN))).isEqualTo(1);

    awaitState(ReportState.SENT, 1);
    assertThat(courier.taken().get(0).id()).isEqualTo(before.id());
  }

  @Test
  void dayThatHasNotEndedShouldNotBeSent() {
    clock.set(Sessions.NOON);

    assertThatThrownBy(() -> scheduler().sendNow(DAY, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has not ended");
  }

  @Test
  void reportsShouldBeListedInPagesAndByState() throws Exception {
    happenedWith(5);
    comes(DUE);
    List<PlannedReport> claimed = reports.claim("me", DUE, DUE.plusSeconds(60), 1);
    reports.settle(
        "me", List.of(new ReportStore.Settled(claimed.get(0), ReportState.SENT, DUE, "x", 1)));

    assertThat(reports.reports(DAY, Optional.of(ReportState.SENT), Optional.empty(), 10))
        .extracting(PlannedReport::domain)
        .containsExactly(claimed.get(0).domain());
    assertThat(reports.reports(DAY, Optional.of(ReportState.PENDING), Optional.empty(), 10))
        .hasSize(4);
    List<PlannedReport> page = reports.reports(DAY, Optional.empty(), Optional.empty(), 2);
    assertThat(page).extracting(PlannedReport::domain).containsExactly(domain(0), domain(1));
    assertThat(reports.reports(DAY, Optional.empty(), Optional.of(domain(1)), 10))
        .extracting(PlannedReport::domain)
        .containsExactly(domain(2), domain(3), domain(4));
    assertThat(reports.counts(DAY))
        .containsEntry(ReportState.SENT, 1L)
        .containsEntry(ReportState.PENDING, 4L)
        .hasSize(2);
    assertThat(reports.counts(DAY.plusDays(1))).isEmpty();
  }
}
