package org.jamessts.tlsrpt;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened in one session: an attempt to use one host for one policy domain (RFC 8460 §4.2
 * counts sessions, not messages).
 *
 * @param at when it ended
 * @param policy what applied
 * @param failures what went wrong; empty for a success. Mail may have been delivered all the same,
 *     when the policy did not forbid it.
 * @param details what the host showed; only of failures under a policy of the draft of 2016, and
 *     where the operator wants it told
 */
public record SessionResult(
    Instant at,
    AppliedPolicy policy,
    List<SessionFailure> failures,
    Optional<ForensicDetails> details) {
  public SessionResult {
    failures = List.copyOf(failures);
  }

  /** A session of which nothing but the result is told. */
  public SessionResult(Instant at, AppliedPolicy policy, List<SessionFailure> failures) {
    this(at, policy, failures, Optional.empty());
  }
}
