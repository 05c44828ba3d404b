package org.jamessts.tlsrpt.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.tlsrpt.collect.Sessions.DAY;
import static org.jamessts.tlsrpt.collect.Sessions.DOMAIN;
import static org.jamessts.tlsrpt.collect.Sessions.detailed;
import static org.jamessts.tlsrpt.collect.Sessions.domain;
import static org.jamessts.tlsrpt.collect.Sessions.failed;
import static org.jamessts.tlsrpt.collect.Sessions.failure;
import static org.jamessts.tlsrpt.collect.Sessions.shown;
import static org.jamessts.tlsrpt.collect.Sessions.sts;
import static org.jamessts.tlsrpt.collect.Sessions.success;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.SessionResult;
import org.jamessts.tlsrpt.collect.SessionBatch.Increment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCountsTest {

  private static final int THREADS = 8;
  private static final int SESSIONS = 20_000;
  private static final int DOMAINS = 50;

  private final SessionCounts counts = new SessionCounts(SessionLimits.DEFAULT);

  private List<PolicySummary> taken() {
    return counts.take().policies().stream().map(Increment::added).toList();
  }

  @Test
  void sessionsShouldBeCountedUnderTheirUtcDay() {
    counts.record(at("2026-05-01T23:59:59.999Z"));
    counts.record(at("2026-05-02T00:00:00Z"));

    assertThat(counts.take().policies())
        .extracting(Increment::day)
        .containsExactlyInAnyOrder(DAY, DAY.plusDays(1));
  }

  private static SessionResult at(String moment) {
    return new SessionResult(Instant.parse(moment), AppliedPolicy.none(DOMAIN), List.of());
  }

  @Test
  void sessionWithTwoFailuresShouldCountOnceInTheTotalAndOnceForEach() {
    counts.record(failed(DOMAIN, failure("expired"), failure("other name")));
    counts.record(failed(DOMAIN, failure("expired")));
    counts.record(success(DOMAIN));

    assertThat(taken())
        .containsExactly(
            new PolicySummary(
                AppliedPolicy.none(DOMAIN),
                1,
                2,
                List.of(
                    new CountedFailure(failure("expired"), 2),
                    new CountedFailure(failure("other name"), 1))));
  }

  @Test
  void policiesShouldBeCountedApartWhenTheyChangeWithinADay() {
    for (String mode : List.of("enforce", "testing", "enforce")) {
      counts.record(
          new SessionResult(
              Sessions.NOON, sts(DOMAIN, "version: STSv1", "mode: " + mode), List.of()));
    }

    assertThat(taken())
        .extracting(PolicySummary::successfulSessions)
        .containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void whatWasTakenShouldNotBeTakenAgain() {
    counts.record(success(DOMAIN));
    assertThat(taken()).hasSize(1);

    assertThat(taken()).isEmpty();
    counts.record(success(DOMAIN));
    assertThat(taken()).extracting(PolicySummary::successfulSessions).containsExactly(1L);
  }

  /** A thousand domains with a policy of 64 KiB each took a gigabyte. */
  @Test
  void furtherDomainsShouldBeDroppedAndCountedUntilTheStoreHasSome() {
    SessionCounts small = new SessionCounts(new SessionLimits(200_000, 1_000, 16, 100));
    List<String> lines = Collections.nCopies(1_000, "mx: a.b");
    for (int i = 0; i < 10; i++) {
      small.record(
          new SessionResult(
              Sessions.NOON, sts(domain(i), lines.toArray(new String[0])), List.of()));
    }

    assertThat(small.dropped()).isEqualTo(8);
    assertThat(small.fill()).isBetween(0.5, 1.0);
    SessionCounts.Taken taken = small.take();
    assertThat(taken.policies()).hasSize(2);
    assertThat(small.fill()).as("not yet in the store").isBetween(0.5, 1.0);
    small.back(taken);
    assertThat(small.fill()).isZero();
    small.record(success(DOMAIN));
    assertThat(small.dropped()).isEqualTo(8);
    assertThat(small.fill()).isPositive();
  }

  @Test
  void failuresShouldBeMergedByTypeWhenStrangersMakeUpTooMany() {
    SessionCounts few = new SessionCounts(new SessionLimits(1_000_000, 10, 10, 5));
    for (int i = 0; i < 20; i++) {
      few.record(failed(DOMAIN, failure("reason " + i)));
    }

    PolicySummary summary = few.take().policies().get(0).added();
    assertThat(summary.failedSessions()).isEqualTo(20);
    assertThat(summary.failures()).hasSize(6);
    assertThat(summary.failures().get(5))
        .isEqualTo(new CountedFailure(SessionLimits.merged(failure("any")), 15));
    assertThat(summary.failures().get(5).failure().peers()).isEqualTo(SessionPeers.NONE);
  }

  /** What hosts show is no part of what sessions are counted by. */
  @Test
  void whatTheFirstHostShowedShouldBeKeptAndMakeNoFurtherRow() {
    counts.record(detailed(failure("expired"), shown("first", "AAAA")));
    counts.record(detailed(failure("expired"), shown("second", "BBBB")));
    counts.record(detailed(failure("other"), shown("third")));

    assertThat(taken().get(0).failures())
        .containsExactly(
            new CountedFailure(failure("expired"), 2, Optional.of(shown("first", "AAAA"))),
            new CountedFailure(failure("other"), 1, Optional.of(shown("third"))));
    assertThat(counts.fill()).isPositive();
  }

  @Test
  void whatHostsShowedShouldBeForgottenBeforeASessionIs() {
    SessionCounts small = new SessionCounts(new SessionLimits(100_000, 10, 10, 100));
    for (int i = 0; i < 20; i++) {
      small.record(detailed(failure("reason " + i), shown("x".repeat(9_000) + i)));
    }

    SessionCounts.Taken taken = small.take();
    List<CountedFailure> failures = taken.policies().get(0).added().failures();
    assertThat(small.dropped()).isZero();
    assertThat(failures).hasSize(20);
    assertThat(failures).filteredOn(counted -> counted.details().isPresent()).hasSize(5);
    small.back(taken);
    assertThat(small.fill()).isZero();
  }

  @Test
  void mergedFailuresShouldTellOfNoHost() {
    SessionCounts few = new SessionCounts(new SessionLimits(1_000_000, 10, 10, 1));
    few.record(detailed(failure("one"), shown("first")));
    few.record(detailed(failure("another"), shown("second")));

    assertThat(few.take().policies().get(0).added().failures())
        .containsExactly(
            new CountedFailure(failure("one"), 1, Optional.of(shown("first"))),
            new CountedFailure(SessionLimits.merged(failure("any")), 1));
  }

  @Test
  void wordsOfStrangersShouldBeCut() {
    counts.record(failed(DOMAIN, failure("x".repeat(500))));
    counts.record(failed(DOMAIN, failure("y".repeat(501))));

    assertThat(taken().get(0).failures())
        .extracting(counted -> counted.failure().reason())
        .containsExactly("x".repeat(500), "y".repeat(500) + "…");
  }

  /** Each thread counts for itself what it records; somebody takes away all the time. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noSessionShouldBeLostOrCountedTwice(long seed) throws Exception {
    Map<DomainName, Long> expected = new HashMap<>();
    Map<DomainName, Long> counted = new HashMap<>();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    Future<?> taking =
        threads.submit(
            () -> {
              while (!done.get()) {
                takeInto(counted);
              }
            });
    List<Future<Map<DomainName, Long>>> recording = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed * THREADS + i);
      recording.add(threads.submit(() -> recordSome(random)));
    }
    for (Future<Map<DomainName, Long>> one : recording) {
      one.get().forEach((domain, sessions) -> expected.merge(domain, sessions, Long::sum));
    }
    done.set(true);
    taking.get();
    threads.shutdown();
    takeInto(counted);

    assertThat(counts.dropped()).isZero();
    assertThat(counted).isEqualTo(expected);
    assertThat(counts.fill()).isZero();
  }

  private Map<DomainName, Long> recordSome(Random random) {
    Map<DomainName, Long> recorded = new HashMap<>();
    for (int i = 0; i < SESSIONS; i++) {
      DomainName domain = domain(random.nextInt(DOMAINS));
      counts.record(random.nextBoolean() ? success(domain) : failed(domain, failure("expired")));
      recorded.merge(domain, 1L, Long::sum);
    }
    return recorded;
  }

  private void takeInto(Map<DomainName, Long> counted) {
    SessionCounts.Taken taken = counts.take();
    for (Increment increment : taken.policies()) {
      PolicySummary added = increment.added();
      assertThat(added.failures().stream().mapToLong(CountedFailure::sessions).sum())
          .isEqualTo(added.failedSessions());
      counted.merge(added.policy().policyDomain(), increment.sessions(), Long::sum);
    }
    counts.back(taken);
  }
}
