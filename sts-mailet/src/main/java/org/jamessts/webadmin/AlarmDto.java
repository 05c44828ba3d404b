package org.jamessts.webadmin;

import org.jamessts.policy.PolicyAlarm;

/**
 * A downgrade alarm as JSON.
 *
 * @param domain the policy domain
 * @param kind {@code vanished}, {@code weakened} or {@code mx-removed}
 * @param before the policy as it was
 * @param after what is left of it
 * @param at when it was noticed, RFC 3339
 */
record AlarmDto(String domain, String kind, String before, String after, String at) {

  static AlarmDto of(PolicyAlarm alarm) {
    return new AlarmDto(
        alarm.domain().value(),
        alarm.kind().keyword(),
        alarm.before(),
        alarm.after(),
        alarm.at().toString());
  }
}
