package org.jamessts.tlsrpt.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.tlsrpt.collect.Sessions.DAY;
import static org.jamessts.tlsrpt.collect.Sessions.DOMAIN;
import static org.jamessts.tlsrpt.collect.Sessions.NOON;
import static org.jamessts.tlsrpt.collect.Sessions.domain;
import static org.jamessts.tlsrpt.collect.Sessions.draft;
import static org.jamessts.tlsrpt.collect.Sessions.failure;
import static org.jamessts.tlsrpt.collect.Sessions.peers;
import static org.jamessts.tlsrpt.collect.Sessions.shown;
import static org.jamessts.tlsrpt.collect.Sessions.sts;

import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jamessts.dns.DomainName;
import org.jamessts.store.FailingDatabase;
import org.jamessts.store.StoreException;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ReportTimes;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.collect.SessionBatch.Increment;
import org.jamessts.tlsrpt.send.PlannedReport;
import org.jamessts.tlsrpt.send.ReportStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.Kind.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SessionStoreTest {

  private static final SessionLimits FEW = new SessionLimits(1_000_000, 3, 2, 4);

  private final TestDatabase database;
  private SessionStore store;

  SessionStoreTest(TestDatabase.Kind kind, @TempDir Path directory) {
    database = new TestDatabase(kind, directory);
    store = store(SessionLimits.DEFAULT);
  }

  private final SessionStore store(SessionLimits limits) {
    return new SessionStore(database.access(), limits, Sessions.TIMES);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static SessionBatch batch(Increment... increments) {
    return new SessionBatch(UUID.randomUUID().toString(), List.of(increments));
  }

  private static Increment increment(AppliedPolicy policy, long successful, CountedFailure... all) {
    return increment(DAY, policy, successful, all);
  }

  private static Increment increment(
      LocalDate day, AppliedPolicy policy, long successful, CountedFailure... all) {
    long failed = List.of(all).stream().mapToLong(CountedFailure::sessions).sum();
    return new Increment(day, new PolicySummary(policy, successful, failed, List.of(all)));
  }

  private static Increment successes(DomainName domain, long sessions) {
    return increment(AppliedPolicy.none(domain), sessions);
  }

  private long add(Increment... increments) throws StoreException {
    return store.add(batch(increments), NOON);
  }

  private List<PolicySummary> of(DomainName domain) throws StoreException {
    return store.of(DAY, List.of(domain)).getOrDefault(domain, List.of());
  }

  @Test
  void everythingShouldComeBackAsItWas() throws Exception {
    Increment first =
        increment(
            sts(DOMAIN, "version: STSv1", "", "mode: ünknown \0"),
            3,
            new CountedFailure(
                new SessionFailure(
                    ResultType.VALIDATION_FAILURE, peers("192.0.2.1", "2001:db8::1"), "\0 ü €"),
                2),
            new CountedFailure(
                new SessionFailure(ResultType.STS_POLICY_INVALID, SessionPeers.NONE, ""), 1));
    AppliedPolicy tlsa =
        new AppliedPolicy(
            AppliedPolicy.Type.TLSA,
            DOMAIN,
            List.of("3 1 1 00ff"),
            List.of(),
            Optional.of(new DomainName("mx.example.com")));

    assertThat(add(first, increment(tlsa, 7), successes(domain(1), 1))).isZero();

    assertThat(of(DOMAIN))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("failures")
        .containsExactly(first.added(), increment(tlsa, 7).added());
    assertThat(Sessions.sorted(of(DOMAIN).get(0))).isEqualTo(Sessions.sorted(first.added()));
    assertThat(of(domain(1))).containsExactly(successes(domain(1), 1).added());
    assertThat(of(domain(2))).isEmpty();
    assertThat(store.of(DAY.plusDays(1), List.of(DOMAIN))).isEmpty();
    assertThat(store.of(DAY, List.of())).isEmpty();
  }

  /** Those that lie together in the store; others at another time, by chance. */
  @Test
  void reportsOfOneBatchShouldBeDueTogether() throws Exception {
    ReportTimes spread = new ReportTimes(Duration.ofMinutes(1), Duration.ofHours(4));
    store = new SessionStore(database.access(), SessionLimits.DEFAULT, spread);
    ReportStore reports = new ReportStore(database.access());
    Set<Instant> all = new HashSet<>();
    for (int batch = 0; batch < 5; batch++) {
      DomainName one = domain(2 * batch);
      DomainName other = domain(2 * batch + 1);
      add(successes(one, 1), successes(other, 1));
      add(successes(one, 1));
      List<Instant> due =
          reports.reports(DAY, Optional.empty(), Optional.empty(), 100).stream()
              .filter(report -> Set.of(one, other).contains(report.domain()))
              .map(PlannedReport::due)
              .toList();
      assertThat(due).hasSize(2);
      assertThat(due.get(0)).isEqualTo(due.get(1));
      all.addAll(due);
    }
    assertThat(all).hasSize(5);
  }

  @Test
  void noLineAndAnEmptyLineShouldBeDifferentPolicies() throws Exception {
    add(increment(sts(DOMAIN), 1), increment(sts(DOMAIN, ""), 2));

    assertThat(of(DOMAIN))
        .extracting(summary -> summary.policy().policyString())
        .containsExactlyInAnyOrder(List.of(), List.of(""));
  }

  @Test
  void batchesShouldAddUp() throws Exception {
    CountedFailure expired = new CountedFailure(failure("expired"), 2);
    add(increment(AppliedPolicy.none(DOMAIN), 3, expired));
    add(
        increment(AppliedPolicy.none(DOMAIN), 4, expired, new CountedFailure(failure("other"), 1)),
        increment(DAY.plusDays(1), AppliedPolicy.none(DOMAIN), 9));

    assertThat(of(DOMAIN))
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.successfulSessions()).isEqualTo(7);
              assertThat(summary.failedSessions()).isEqualTo(5);
              assertThat(Sessions.sorted(summary))
                  .containsExactly(
                      new CountedFailure(failure("expired"), 4),
                      new CountedFailure(failure("other"), 1));
            });
    assertThat(store.of(DAY.plusDays(1), List.of(DOMAIN)).get(DOMAIN))
        .extracting(PolicySummary::successfulSessions)
        .containsExactly(9L);
  }

  @Test
  void batchShouldCountOnceHoweverOftenItIsAdded() throws Exception {
    SessionBatch batch = batch(successes(DOMAIN, 3));

    store.add(batch, NOON);
    store.add(batch, NOON);
    store(SessionLimits.DEFAULT).add(batch, NOON);

    assertThat(of(DOMAIN)).extracting(PolicySummary::successfulSessions).containsExactly(3L);
  }

  @Test
  void batchWhoseSuccessNobodyHeardOfShouldCountOnce() throws Exception {
    FailingDatabase failing = database.database();
    SessionStore deaf =
        new SessionStore(database.access(failing), SessionLimits.DEFAULT, Sessions.TIMES);
    SessionBatch batch = batch(successes(DOMAIN, 3));
    failing.fail(FailingDatabase.Failure.ANSWERS_TO_WRITES);
    assertThatThrownBy(() -> deaf.add(batch, NOON))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the connection broke");
    assertThat(deaf.trouble()).isPresent();
    failing.fail(FailingDatabase.Failure.NONE);
    Thread.sleep(50);

    deaf.add(batch, NOON);

    assertThat(of(DOMAIN)).extracting(PolicySummary::successfulSessions).containsExactly(3L);
    assertThat(deaf.trouble()).isEmpty();
  }

  @Test
  void furtherPoliciesOfADomainShouldBeDroppedAndCounted() throws Exception {
    store = store(FEW);
    add(increment(sts(DOMAIN, "a"), 1), increment(sts(DOMAIN, "b"), 1));

    assertThat(add(increment(sts(DOMAIN, "c"), 5), increment(sts(DOMAIN, "a"), 1))).isEqualTo(5);
    assertThat(of(DOMAIN))
        .extracting(PolicySummary::successfulSessions)
        .containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void furtherPoliciesShouldBeDroppedWhereTheTextIsLong() throws Exception {
    String line = "x".repeat((int) SessionLimits.MAX_POLICY_TEXT);
    assertThat(add(increment(sts(DOMAIN, line), 1))).isZero();
    assertThat(add(increment(sts(DOMAIN, "short"), 2))).isEqualTo(2);
    assertThat(add(increment(sts(domain(1), "short"), 2))).isZero();
  }

  @Test
  void furtherDomainsOfADayShouldBeDroppedAndCounted() throws Exception {
    store = store(FEW);
    assertThat(add(successes(domain(1), 1), successes(domain(2), 1))).isZero();

    assertThat(add(successes(domain(3), 1), successes(domain(4), 5))).isEqualTo(5);
    assertThat(add(successes(domain(1), 1), successes(domain(5), 7))).isEqualTo(7);
    assertThat(add(increment(DAY.plusDays(1), AppliedPolicy.none(domain(9)), 1))).isZero();
    assertThat(store.domains(DAY, Optional.empty(), 10))
        .containsExactly(domain(1), domain(2), domain(3));
  }

  @Test
  void furtherFailuresOfADomainShouldBeMergedByTypeWhicheverBatchBringsThem() throws Exception {
    store = store(FEW);
    for (int i = 0; i < 10; i++) {
      add(
          increment(
              i % 2 == 0 ? AppliedPolicy.none(DOMAIN) : sts(DOMAIN),
              0,
              new CountedFailure(failure("reason " + i), 1),
              new CountedFailure(failure("the same"), 1)));
    }

    List<CountedFailure> all =
        of(DOMAIN).stream().flatMap(summary -> summary.failures().stream()).toList();
    assertThat(all.stream().filter(counted -> !SessionLimits.isMerged(counted.failure())))
        .hasSize(4);
    assertThat(all).hasSizeLessThanOrEqualTo(6);
    assertThat(all.stream().mapToLong(CountedFailure::sessions).sum()).isEqualTo(20);
  }

  private static CountedFailure counted(String reason, ForensicDetails shown) {
    return new CountedFailure(failure(reason), 1, Optional.of(shown));
  }

  private List<CountedFailure> detailed(DomainName domain) throws StoreException {
    return store.withDetails(DAY, List.of(domain)).getOrDefault(domain, List.of()).stream()
        .flatMap(summary -> Sessions.sorted(summary).stream())
        .toList();
  }

  @Test
  void whatHostsShowedFirstShouldComeBackForWhoAsks() throws Exception {
    ForensicDetails silent = new ForensicDetails(Optional.empty(), List.of("AAAA", "BBBB"), 3);
    add(
        increment(
            draft(DOMAIN),
            0,
            counted("a", shown("<b> & \"c\"")),
            counted("b", silent),
            new CountedFailure(failure("c"), 1)));
    add(
        increment(
            draft(DOMAIN), 0, counted("a", shown("later", "CCCC")), counted("c", shown("later"))));

    assertThat(detailed(DOMAIN))
        .containsExactly(
            new CountedFailure(failure("a"), 2, Optional.of(shown("<b> & \"c\""))),
            new CountedFailure(failure("b"), 1, Optional.of(silent)),
            new CountedFailure(failure("c"), 2));
    assertThat(of(DOMAIN).get(0).failures())
        .hasSize(3)
        .allSatisfy(counted -> assertThat(counted.details()).isEmpty());
  }

  /** Within a batch, and over batches. */
  @Test
  void whatHostsOfADomainShowShouldBeBounded() throws Exception {
    int octets = 20_000;
    int fit = (int) (SessionLimits.MAX_DETAILS / octets);
    for (int batch = 0; batch < 2; batch++) {
      CountedFailure[] many = new CountedFailure[fit];
      for (int i = 0; i < fit; i++) {
        many[i] = counted("reason %d.%02d".formatted(batch, i), shown("x".repeat(octets)));
      }
      add(increment(draft(DOMAIN), 0, many));
    }

    List<CountedFailure> all = detailed(DOMAIN);
    assertThat(all).hasSize(2 * fit);
    assertThat(all).filteredOn(counted -> counted.details().isPresent()).hasSize(fit);
  }

  @Test
  void mergedFailuresShouldTellOfNoHost() throws Exception {
    store = store(FEW);
    for (int i = 0; i < 6; i++) {
      add(increment(draft(DOMAIN), 0, counted("reason " + i, shown("banner " + i))));
    }

    assertThat(detailed(DOMAIN))
        .hasSize(5)
        .allSatisfy(
            counted ->
                assertThat(counted.details().isPresent())
                    .isNotEqualTo(SessionLimits.isMerged(counted.failure())));
  }

  /** Version 7 had no columns for what hosts showed. */
  @Test
  void countsOfTheVersionBeforeShouldHoldAndTakeWhatHostsShow() throws Exception {
    add(increment(draft(DOMAIN), 2, new CountedFailure(failure("old"), 5)));
    var unused =
        database
            .access()
            .write(
                connection -> {
                  try (Statement statement = connection.createStatement()) {
                    for (String column :
                        List.of("banner", "certificates", "certificates_left_out")) {
                      statement.execute("ALTER TABLE sts_session_failure DROP COLUMN " + column);
                    }
                    return statement.executeUpdate("DELETE FROM sts_schema WHERE version > 7");
                  }
                });
    database.endServers();

    store = store(SessionLimits.DEFAULT);
    add(
        increment(
            draft(DOMAIN),
            0,
            counted("new", shown("hello", "AAAA")),
            counted("old", shown("late"))));

    assertThat(detailed(DOMAIN))
        .containsExactly(
            counted("new", shown("hello", "AAAA")), new CountedFailure(failure("old"), 6));
    assertThat(of(DOMAIN)).extracting(PolicySummary::successfulSessions).containsExactly(2L);
  }

  @Test
  void domainsShouldComeInPages() throws Exception {
    for (int i = 5; i > 0; i--) {
      add(successes(domain(i), 1));
    }

    assertThat(store.domains(DAY, Optional.empty(), 2)).containsExactly(domain(1), domain(2));
    assertThat(store.domains(DAY, Optional.of(domain(2)), 10))
        .containsExactly(domain(3), domain(4), domain(5));
    assertThat(store.domains(DAY.plusDays(1), Optional.empty(), 2)).isEmpty();
  }

  @Test
  void oldDaysShouldBeDeleted() throws Exception {
    add(
        increment(AppliedPolicy.none(DOMAIN), 1, new CountedFailure(failure("expired"), 1)),
        increment(DAY.plusDays(1), AppliedPolicy.none(DOMAIN), 1));

    store.deleteBefore(DAY.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));

    assertThat(of(DOMAIN)).isEmpty();
    assertThat(store.domains(DAY, Optional.empty(), 2)).isEmpty();
    assertThat(store.domains(DAY.plusDays(1), Optional.empty(), 2)).containsExactly(DOMAIN);
    // Nothing of the old failures is left to be added to.
    add(increment(AppliedPolicy.none(DOMAIN), 0, new CountedFailure(failure("expired"), 1)));
    assertThat(of(DOMAIN).get(0).failures())
        .containsExactly(new CountedFailure(failure("expired"), 1));
  }

  /** Two servers find the same domains for the first time, and give what failed again. */
  @Test
  void severalServersShouldLoseAndDoubleNothing() throws Exception {
    int servers = 3;
    int batches = 30;
    ExecutorService threads = Executors.newFixedThreadPool(servers);
    List<Future<long[]>> running = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      Random random = new Random(i);
      SessionStore own = store(SessionLimits.DEFAULT);
      running.add(threads.submit(() -> addSome(own, random, batches)));
    }
    long[] expected = new long[20];
    for (Future<long[]> one : running) {
      long[] added = one.get();
      for (int i = 0; i < added.length; i++) {
        expected[i] += added[i];
      }
    }
    threads.shutdown();

    for (int i = 0; i < expected.length; i++) {
      PolicySummary summary = of(domain(i)).get(0);
      assertThat(summary.failedSessions()).as("%s", domain(i)).isEqualTo(expected[i]);
      assertThat(summary.failures())
          .containsExactly(new CountedFailure(failure("expired"), expected[i]));
    }
  }

  private static long[] addSome(SessionStore own, Random random, int batches)
      throws InterruptedException {
    long[] added = new long[20];
    for (int i = 0; i < batches; i++) {
      List<Increment> increments = new ArrayList<>();
      for (int domain = 0; domain < added.length; domain++) {
        if (random.nextInt(3) > 0) {
          long sessions = 1L + random.nextInt(9);
          added[domain] += sessions;
          increments.add(
              increment(
                  AppliedPolicy.none(domain(domain)),
                  0,
                  new CountedFailure(failure("expired"), sessions)));
        }
      }
      SessionBatch batch = new SessionBatch(UUID.randomUUID().toString(), increments);
      while (true) {
        try {
          own.add(batch, NOON);
          break;
        } catch (StoreException e) {
          // As the collector does: they may have waited for each other in a circle.
          Thread.sleep(30);
        }
      }
    }
    return added;
  }

  @Test
  void reportShouldBePlannedWithTheFirstSession() throws Exception {
    add(successes(DOMAIN, 1));
    add(increment(sts(DOMAIN), 1));

    Map<DomainName, List<PolicySummary>> all = store.of(DAY, List.of(DOMAIN, domain(1)));
    assertThat(all).containsOnlyKeys(DOMAIN);
    assertThat(all.get(DOMAIN)).hasSize(2);
    assertThat(store.domains(DAY, Optional.empty(), 10)).containsExactly(DOMAIN);
  }
}
