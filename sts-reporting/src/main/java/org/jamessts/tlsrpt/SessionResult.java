package org.jamessts.tlsrpt;

import java.time.Instant;
import java.util.List;

/**
 * What happened in one session: an attempt to use one host for one policy domain (RFC 8460 §4.2
 * counts sessions, not messages).
 *
 * @param at when it ended
 * @param policy what applied
 * @param failures what went wrong; empty for a success. Mail may have been delivered all the same,
 *     when the policy did not forbid it.
 */
public record SessionResult(Instant at, AppliedPolicy policy, List<SessionFailure> failures) {
  public SessionResult {
    failures = List.copyOf(failures);
  }
}
