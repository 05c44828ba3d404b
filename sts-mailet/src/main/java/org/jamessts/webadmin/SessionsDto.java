package org.jamessts.webadmin;

import java.net.InetAddress;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.SessionPeers;

/**
 * The sessions of a day under one policy as JSON; names as in RFC 8460 §4.4, in camel case.
 *
 * @param policyDomain whose policy
 * @param policyType {@code sts}, {@code sts1}, {@code tlsa} or {@code no-policy-found}
 * @param successfulSessions how many went well
 * @param failedSessions how many did not, whether or not mail was delivered
 * @param failures the kinds of failure
 */
record SessionsDto(
    String policyDomain,
    String policyType,
    long successfulSessions,
    long failedSessions,
    List<FailureDto> failures) {

  /**
   * One kind of failure.
   *
   * @param resultType RFC 8460 §4.3
   * @param receivingMx the host; empty when none was involved
   * @param reason in words
   * @param sessions in how many sessions
   * @param sendingIp our address; this and the following are empty where nobody connected
   * @param receivingIp the host's address
   * @param receivingHelo how the host calls itself
   */
  record FailureDto(
      String resultType,
      String receivingMx,
      String reason,
      long sessions,
      String sendingIp,
      String receivingIp,
      String receivingHelo) {}

  static SessionsDto of(PolicySummary summary) {
    return new SessionsDto(
        summary.policy().policyDomain().value(),
        summary.policy().type().keyword(),
        summary.successfulSessions(),
        summary.failedSessions(),
        summary.failures().stream().map(SessionsDto::failure).toList());
  }

  private static FailureDto failure(PolicySummary.CountedFailure counted) {
    SessionPeers peers = counted.failure().peers();
    return new FailureDto(
        counted.failure().type().keyword(),
        peers.receivingMx().map(DomainName::value).orElse(""),
        counted.failure().reason(),
        counted.sessions(),
        peers.sendingIp().map(InetAddress::getHostAddress).orElse(""),
        peers.receivingIp().map(InetAddress::getHostAddress).orElse(""),
        peers.receivingHelo().orElse(""));
  }
}
