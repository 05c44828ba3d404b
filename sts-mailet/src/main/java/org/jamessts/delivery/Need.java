package org.jamessts.delivery;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.SessionFailure;

/**
 * What mail for a domain needs at one of its hosts, and what a report calls it.
 *
 * @param host the name in the MX record
 * @param serverName what to send as SNI
 * @param requirement judges the host and channels to it
 * @param reported what of it the domain itself asks for: a report tells it of nothing else
 * @param failedLookup what stood in the way when the domain was asked for its policy, if it is to
 *     hear of that
 */
record Need(
    DomainName host,
    DomainName serverName,
    TlsRequirement requirement,
    List<Reported> reported,
    Optional<FailedLookup> failedLookup) {

  Need {
    reported = List.copyOf(reported);
  }

  /** Under which a session is to be counted; a set of the caller's own. */
  Set<AppliedPolicy> policies() {
    Set<AppliedPolicy> policies = new HashSet<>();
    reported.forEach(one -> policies.add(one.policy()));
    failedLookup.ifPresent(lookup -> policies.add(lookup.policy()));
    return policies;
  }

  /**
   * One of the policies under which a session counts.
   *
   * @param asked what it asks for
   * @param policy what a report calls it
   */
  record Reported(TlsRequirement asked, AppliedPolicy policy) {}

  /**
   * A policy that could not be had, or not a newer one.
   *
   * @param policy what a report calls it
   * @param failure what a report says of that
   */
  record FailedLookup(AppliedPolicy policy, SessionFailure failure) {}
}
