package org.jamessts.tlsrpt;

import java.util.List;

/**
 * The sessions of one day under one policy: an element of {@code policies} of RFC 8460 §4.4.
 *
 * @param policy what applied
 * @param successfulSessions {@code total-successful-session-count}
 * @param failedSessions {@code total-failure-session-count}
 * @param failures each kind of failure and in how many sessions it was seen; a session may show
 *     several, so the sum may exceed {@code failedSessions}
 */
public record PolicySummary(
    AppliedPolicy policy,
    long successfulSessions,
    long failedSessions,
    List<CountedFailure> failures) {

  /**
   * One of {@code failure-details}.
   *
   * @param failure the kind, host and reason
   * @param sessions {@code failed-session-count}
   */
  public record CountedFailure(SessionFailure failure, long sessions) {}

  public PolicySummary {
    failures = List.copyOf(failures);
  }
}
