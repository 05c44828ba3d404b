package org.jamessts.tlsrpt.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.tlsrpt.collect.Sessions.DAY;
import static org.jamessts.tlsrpt.collect.Sessions.NOON;
import static org.jamessts.tlsrpt.collect.Sessions.domain;
import static org.jamessts.tlsrpt.collect.Sessions.success;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jamessts.store.StoreAccess;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.collect.Sessions;
import org.jamessts.tlsrpt.collect.TestDatabase;
import org.jamessts.tlsrpt.send.SenderProcess.Accepted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers in processes of their own, on one PostgreSQL, that are killed. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KilledSenderTest {

  private static final int REPORTS = 300;
  private static final int NEVER = Integer.MAX_VALUE;

  private final TestDatabase database =
      new TestDatabase(TestDatabase.Kind.POSTGRES, Path.of("unused"));
  private final ReportStore reports = new ReportStore(database.access());

  @BeforeEach
  void happened() throws Exception {
    StoreAccess access = database.access();
    SessionCollector collector =
        new SessionCollector(
            new SessionStore(access, SessionLimits.DEFAULT, Sessions.TIMES),
            new SessionCollector.Settings(
                Duration.ofDays(1), Duration.ofDays(7), SessionLimits.DEFAULT),
            Clock.fixed(NOON, ZoneOffset.UTC));
    for (int i = 0; i < REPORTS; i++) {
      collector.record(success(domain(i)));
    }
    collector.flush();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Map<String, String> ids() throws Exception {
    Map<String, String> ids = new HashMap<>();
    for (PlannedReport report : reports.reports(DAY, Optional.empty(), Optional.empty(), 10_000)) {
      ids.put(report.domain().value(), report.id().value());
    }
    return ids;
  }

  private void awaitEnd() throws Exception {
    while (reports.counts(DAY).getOrDefault(ReportState.SENT, 0L) < REPORTS) {
      Thread.sleep(100);
    }
  }

  private static List<Accepted> rest(SenderProcess process) throws IOException {
    process.kill();
    List<Accepted> rest = new ArrayList<>();
    Optional<Accepted> next = process.accepted();
    while (next.isPresent()) {
      rest.add(next.get());
      next = process.accepted();
    }
    return rest;
  }

  @Test
  void twoServersShouldSendEachReportOnce() throws Exception {
    List<Accepted> all = new ArrayList<>();
    try (SenderProcess one = SenderProcess.start(database.server(), NEVER);
        SenderProcess other = SenderProcess.start(database.server(), NEVER)) {
      awaitEnd();
      all.addAll(rest(one));
      all.addAll(rest(other));
    }

    assertThat(all).hasSize(REPORTS).doesNotHaveDuplicates();
    assertThat(all).allSatisfy(one -> assertThat(ids()).containsEntry(one.domain(), one.id()));
  }

  /** What was accepted and not noted is sent again, under the same id; and nothing else is. */
  @Test
  void killShouldDoubleOnlyWhatWasAcceptedAndNotNoted() throws Exception {
    List<Accepted> before = new ArrayList<>();
    Set<String> noted = new HashSet<>();
    try (SenderProcess killed = SenderProcess.start(database.server(), 40)) {
      // Those that come then hang; there are four at a time.
      for (int i = 0; i < 44; i++) {
        before.add(killed.accepted().orElseThrow());
      }
      while (reports.counts(DAY).getOrDefault(ReportState.SENT, 0L) < 40) {
        Thread.sleep(50);
      }
      before.addAll(rest(killed));
      reports
          .reports(DAY, Optional.of(ReportState.SENT), Optional.empty(), 10_000)
          .forEach(report -> noted.add(report.domain().value()));
    }
    assertThat(before).hasSize(44);
    assertThat(noted).hasSize(40);
    List<Accepted> after;
    try (SenderProcess next = SenderProcess.start(database.server(), NEVER)) {
      awaitEnd();
      after = rest(next);
    }

    Set<Accepted> doubled = new HashSet<>(before);
    doubled.retainAll(after);
    assertThat(doubled).as("with the same id").hasSize(4);
    assertThat(doubled).noneSatisfy(one -> assertThat(noted).contains(one.domain()));
    assertThat(after).hasSize(REPORTS - 40).doesNotHaveDuplicates();
    Set<Accepted> all = new HashSet<>(before);
    all.addAll(after);
    assertThat(all).hasSize(REPORTS);
  }

  @Test
  void killAtAnyMomentShouldLoseNone() throws Exception {
    Random random = new Random(17);
    List<Accepted> all = new ArrayList<>();
    try (SenderProcess survivor = SenderProcess.start(database.server(), NEVER)) {
      for (int i = 0; i < 3; i++) {
        try (SenderProcess killed = SenderProcess.start(database.server(), NEVER)) {
          Thread.sleep(500 + random.nextInt(1_000));
          all.addAll(rest(killed));
        }
      }
      awaitEnd();
      all.addAll(rest(survivor));
    }

    Map<String, String> ids = ids();
    assertThat(new HashSet<>(all)).hasSize(REPORTS);
    assertThat(all).allSatisfy(one -> assertThat(ids).containsEntry(one.domain(), one.id()));
  }
}
