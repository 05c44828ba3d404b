package org.jamessts.testing;

import java.util.List;
import java.util.Optional;
import org.jamessts.policy.AlarmLog;
import org.jamessts.policy.PolicyAlarm;
import org.jamessts.received.KeptReport;
import org.jamessts.received.ReceivedReports;

/** What stores that work have of the last time, the newest first. */
public final class Latest {

  private Latest() {}

  /** The alarms of all domains. */
  public static List<PolicyAlarm> latest(AlarmLog alarms, int limit) {
    return alarms.latest(Optional.empty(), 0, limit).orElseThrow();
  }

  /** The reports about all domains. */
  public static List<KeptReport> latest(ReceivedReports received, int limit) {
    return received.latest(Optional.empty(), Optional.empty(), 0, limit).orElseThrow().reports();
  }
}
