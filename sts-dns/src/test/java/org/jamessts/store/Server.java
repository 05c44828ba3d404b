package org.jamessts.store;

import java.time.Clock;
import java.time.Duration;
import org.jamessts.guard.Guards;

/** All stores of one server. Several may stand on one database; each has a memory of its own. */
final class Server implements AutoCloseable {

  static final int ALARMS = 5;
  static final long RECEIVED_OCTETS = 2_000_000;

  private final StoreCalls calls;
  final JdbcPolicyStore policies;
  final JdbcRefreshSchedule refreshes;
  final JdbcAlarmLog alarms;
  final JdbcOverrideStore overrides;
  final JdbcEnforcementStore enforcement;
  final JdbcDeferralStore deferrals;
  final JdbcReceivedReports received;

  Server(Database database, Clock clock) {
    Duration patience = Duration.ofSeconds(30);
    this.calls = new StoreCalls(database, new StoreCalls.Patience(patience, patience, patience));
    this.policies = new JdbcPolicyStore(calls, 100, clock, Guards.ALL);
    this.refreshes = new JdbcRefreshSchedule(calls);
    this.alarms = new JdbcAlarmLog(calls, ALARMS);
    this.overrides = new JdbcOverrideStore(calls);
    this.enforcement = new JdbcEnforcementStore(calls);
    this.deferrals = new JdbcDeferralStore(database, patience);
    this.received = new JdbcReceivedReports(calls, clock, RECEIVED_OCTETS);
  }

  @Override
  public void close() {
    deferrals.close();
    calls.close();
  }
}
