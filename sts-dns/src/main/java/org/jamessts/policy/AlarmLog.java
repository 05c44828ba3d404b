package org.jamessts.policy;

import java.util.List;

/**
 * Keeps alarms for the operator. Implementations are safe for use by many threads and throw
 * nothing: one that fails keeps nothing and counts every alarm as new.
 */
public interface AlarmLog {

  /**
   * Keeps an alarm.
   *
   * @return whether it is new: the same change of the same domain was not noticed within 30 days
   */
  boolean add(PolicyAlarm alarm);

  /** The latest alarms, the newest first; of long texts, the beginning. */
  List<PolicyAlarm> latest(int limit);
}
