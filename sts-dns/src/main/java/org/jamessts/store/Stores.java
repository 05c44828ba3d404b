package org.jamessts.store;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.enforcement.EnforcementStore;
import org.jamessts.guard.Guards;
import org.jamessts.override.OverrideStore;
import org.jamessts.policy.AlarmLog;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.RefreshSchedule;
import org.jamessts.received.ReceivedReports;
import org.jamessts.threads.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that this project keeps in one database, and the thread that looks after it: it tries
 * a failing database every few seconds, and deletes what has long expired.
 */
public final class Stores implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
  private static final Duration BETWEEN_DELETIONS = Duration.ofMinutes(10);
  private static final int ALARMS = 10_000;
  private static final int PAST_POLICIES = 50_000;

  /** What received reports may take; those of a large site for 90 days are a third of it. */
  private static final long RECEIVED_OCTETS = 1L << 30;

  private final StoreCalls calls;
  private final JdbcPolicyStore policies;
  private final JdbcRefreshSchedule refreshes;
  private final JdbcAlarmLog alarms;
  private final JdbcOverrideStore overrides;
  private final JdbcEnforcementStore enforcement;
  private final JdbcDeferralStore deferrals;
  private final JdbcReceivedReports received;
  private final StoreAccess reports;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("sts-store-retry"));

  /**
   * Stores; the database is opened at the first call.
   *
   * @param database which is closed with the stores
   * @param memory how many ordinary policies are kept in memory because they were used, and as many
   *     again because the database fails; {@link org.jamessts.policy.KnownPolicy#weight} tells how
   *     large ones count
   * @param clock tells which policies have expired
   */
  public Stores(Database database, int memory, Clock clock) {
    this(database, memory, clock, StoreCalls.Patience.DEFAULT, Guards.ALL);
  }

  Stores(Database database, int memory, Clock clock, StoreCalls.Patience patience, Guards guards) {
    this.calls = new StoreCalls(database, patience);
    this.policies = new JdbcPolicyStore(calls, memory, clock, guards);
    this.refreshes = new JdbcRefreshSchedule(calls);
    this.alarms = new JdbcAlarmLog(calls, ALARMS);
    this.overrides = new JdbcOverrideStore(calls);
    this.enforcement = new JdbcEnforcementStore(calls);
    this.deferrals = new JdbcDeferralStore(database, patience.retry());
    this.received = new JdbcReceivedReports(calls, clock, RECEIVED_OCTETS);
    this.reports = new StoreAccess(database, "what is reported to domains", 2, patience.retry());
    every(patience.retry(), this::recover);
    every(BETWEEN_DELETIONS, this::tidyUp);
  }

  private void every(Duration time, Runnable task) {
    var unused =
        timer.scheduleWithFixedDelay(task, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Policies between lookups. */
  public PolicyStore policies() {
    return policies;
  }

  /** When they are fetched again. */
  public RefreshSchedule refreshes() {
    return refreshes;
  }

  /** What became less. */
  public AlarmLog alarms() {
    return alarms;
  }

  /** What the operator said at run time. */
  public OverrideStore overrides() {
    return overrides;
  }

  /** What was lost since the start, in words. */
  public Optional<String> damage() {
    return calls.database().damage();
  }

  /** What the operator ordered at run time. */
  public EnforcementStore enforcement() {
    return enforcement;
  }

  /** Mail that waits for its next attempt. */
  public DeferralStore deferrals() {
    return deferrals;
  }

  /** The way to what is counted and reported, of which the tables alone are known here. */
  public StoreAccess reports() {
    return reports;
  }

  /** What others reported about domains of ours. */
  public ReceivedReports received() {
    return received;
  }

  /** The same store with what tests look at. */
  JdbcPolicyStore jdbcPolicies() {
    return policies;
  }

  /** How many calls to the database failed since the start. */
  public long failures() {
    return calls.reading().failures() + calls.writing().failures();
  }

  private void recover() {
    try {
      policies.recover();
    } catch (StoreException e) {
      LOG.debug("the store still fails: {}", e.reason());
    } catch (RuntimeException | Error e) {
      // What leaves here would end the retries for good.
      LOG.error("the store was not tried again", e);
    }
  }

  private void tidyUp() {
    try {
      if (calls.isOpened()) {
        policies.deleteExpired();
        policies.pruneHistory(PAST_POLICIES);
        alarms.prune();
        received.prune();
      }
    } catch (RuntimeException | Error e) {
      LOG.error("the store was not tidied up", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    deferrals.close();
    reports.close();
    calls.close();
  }
}
