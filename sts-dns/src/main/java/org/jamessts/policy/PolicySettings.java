package org.jamessts.policy;

import java.time.Duration;

/**
 * How policies are looked up.
 *
 * @param firstLookupWait how long mail waits for a lookup that is not answered from memory
 * @param onSlowLookup what becomes of mail afterwards
 * @param onDnsFailure what becomes of mail when the DNS does not answer
 * @param draft what the draft of 2016 may do
 * @param firstDraftPolicy how a policy of the draft is taken up of a domain that has none yet
 * @param remembered answers kept in memory; 0 for none
 */
public record PolicySettings(
    Duration firstLookupWait,
    WithoutPolicy onSlowLookup,
    WithoutPolicy onDnsFailure,
    Draft draft,
    FirstDraftPolicy firstDraftPolicy,
    int remembered) {

  /** What the draft of 2016 may do. */
  public enum Draft {
    /** Hold mail back that breaks a confirmed policy. */
    ON,
    /** Report what breaks a policy. */
    REPORT_ONLY,
    /** Nothing: its records are not looked up. */
    OFF
  }

  /** How a policy of the draft is taken up of a domain that has none yet. */
  public enum FirstDraftPolicy {
    /** It is reported on until it has been authenticated. */
    AUTHENTICATED,
    /** It is trusted (draft -00 §3.3), though never enforced before its first success. */
    TOFU
  }

  /** What {@code sts.properties} says when it says nothing. */
  public static final PolicySettings DEFAULT =
      new PolicySettings(
          Duration.ofSeconds(10),
          WithoutPolicy.DELIVER,
          WithoutPolicy.DELIVER,
          Draft.ON,
          FirstDraftPolicy.AUTHENTICATED,
          100_000);
}
