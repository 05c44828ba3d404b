package org.jamessts.tlsrpt.collect;

import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;

/**
 * How much is counted: strangers choose how many domains, policies and failures there are, and how
 * long. Beyond the limits, sessions are dropped and counted as such, and failures are merged into
 * one of their type without host and reason, which tells how many there were.
 *
 * @param octets of counts that the store has not yet, by rough count
 * @param domainsPerDay in the store
 * @param policiesPerDomain of a day
 * @param failuresPerDomain of a day, the merged ones aside
 */
public record SessionLimits(
    long octets, int domainsPerDay, int policiesPerDomain, int failuresPerDomain) {

  /** For a server with a heap of some hundred megabytes. */
  public static final SessionLimits DEFAULT =
      new SessionLimits(64L * 1024 * 1024, 2_000_000, 16, 100);

  /** A domain with more octets of policies on a day gets no further ones. */
  static final long MAX_POLICY_TEXT = 128 * 1024;

  /** Of what hosts showed, a domain has no more on a day; further failures are told without. */
  static final long MAX_DETAILS = 256 * 1024;

  /** More than any reason that this project gives on its own account. */
  private static final int MAX_REASON = 500;

  private static final String MERGED = "further hosts and reasons";

  /** What stands for the failures beyond the limit. */
  static SessionFailure merged(SessionFailure failure) {
    return new SessionFailure(failure.type(), SessionPeers.NONE, MERGED);
  }

  static boolean isMerged(SessionFailure failure) {
    return failure.equals(merged(failure));
  }

  /** A failure as it is counted: strangers have their words in the reason. */
  static SessionFailure cut(SessionFailure failure) {
    return failure.reason().length() <= MAX_REASON
        ? failure
        : new SessionFailure(
            failure.type(), failure.peers(), failure.reason().substring(0, MAX_REASON) + "…");
  }
}
