package org.jamessts.tlsrpt.receive;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A report that somebody else wrote (RFC 8460 §4.4), as far as it could be read. Texts are a
 * stranger's and not made fit to be shown; each has at most {@value ReportReader#MAX_TEXT}
 * characters.
 *
 * @param organizationName who reports, by his own word
 * @param contactInfo an address of his, by his own word
 * @param reportId not empty
 * @param begin of the period
 * @param end of the period; some write the last second, some the first one afterwards
 * @param policies what happened, under each policy
 */
public record ReceivedReport(
    Optional<String> organizationName,
    Optional<String> contactInfo,
    String reportId,
    Instant begin,
    Instant end,
    List<Policy> policies) {

  public ReceivedReport {
    policies = List.copyOf(policies);
  }

  /**
   * What happened under one policy.
   *
   * @param type {@code policy-type}, also one that RFC 8460 does not know
   * @param policyString the policy, one element a line or record
   * @param policyDomain whose policy
   * @param mxHost patterns
   * @param successfulSessions 0 or more
   * @param failedSessions 0 or more
   * @param failures why
   */
  public record Policy(
      String type,
      List<String> policyString,
      Optional<String> policyDomain,
      List<String> mxHost,
      long successfulSessions,
      long failedSessions,
      List<Failure> failures) {
    public Policy {
      policyString = List.copyOf(policyString);
      mxHost = List.copyOf(mxHost);
      failures = List.copyOf(failures);
    }
  }

  /**
   * One of {@code failure-details}.
   *
   * @param resultType also one that RFC 8460 does not know
   * @param sendingMtaIp as written
   * @param receivingMxHostname as written
   * @param receivingMxHelo as written
   * @param receivingIp as written
   * @param failedSessions 0 or more
   * @param additionalInformation as written
   * @param failureReasonCode as written
   */
  public record Failure(
      String resultType,
      Optional<String> sendingMtaIp,
      Optional<String> receivingMxHostname,
      Optional<String> receivingMxHelo,
      Optional<String> receivingIp,
      long failedSessions,
      Optional<String> additionalInformation,
      Optional<String> failureReasonCode) {}

  /** How many sessions went well, over all policies. */
  public long successfulSessions() {
    return policies.stream().mapToLong(Policy::successfulSessions).sum();
  }

  /** How many sessions did not, over all policies. */
  public long failedSessions() {
    return policies.stream().mapToLong(Policy::failedSessions).sum();
  }
}
