package org.jamessts.policy;

import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * Keeps alarms for the operator. Implementations are safe for use by many threads and throw
 * nothing: one that fails keeps nothing and counts every alarm as new.
 */
public interface AlarmLog {

  /** Keeps none, and counts none as new. */
  AlarmLog NONE =
      new AlarmLog() {
        @Override
        public boolean add(PolicyAlarm alarm) {
          return false;
        }

        @Override
        public Optional<List<PolicyAlarm>> latest(
            Optional<DomainName> domain, int offset, int limit) {
          return Optional.of(List.of());
        }
      };

  /**
   * Keeps an alarm.
   *
   * @return whether it is new: the same change of the same domain was not noticed within 30 days
   */
  boolean add(PolicyAlarm alarm);

  /**
   * The latest alarms, the newest first; of long texts, the beginning.
   *
   * @param domain of this domain only
   * @param offset how many to leave out
   * @return nothing while the log fails
   */
  Optional<List<PolicyAlarm>> latest(Optional<DomainName> domain, int offset, int limit);
}
