package org.jamessts.tlsrpt;

import java.util.List;
import java.util.Optional;

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
   * @param details what the host showed in the first of them, if that is kept
   */
  public record CountedFailure(
      SessionFailure failure, long sessions, Optional<ForensicDetails> details) {

    /** A failure of which nothing but the number is known. */
    public CountedFailure(SessionFailure failure, long sessions) {
      this(failure, sessions, Optional.empty());
    }
  }

  public PolicySummary {
    failures = List.copyOf(failures);
  }
}
