package org.jamessts.tlsrpt;

import java.time.LocalDate;
import java.util.List;
import org.jamessts.dns.DomainName;

/**
 * What is told of one UTC day to one policy domain (RFC 8460 §4.1).
 *
 * @param id the same for each attempt
 * @param day from 00:00 to 24:00 UTC
 * @param policyDomain under whose TLSRPT record it goes out: the recipients' domain, or the TLSA
 *     base domain of one of its hosts
 * @param policies at least one; in an order that depends on nothing but what they are
 */
public record DailyReport(
    ReportId id, LocalDate day, DomainName policyDomain, List<PolicySummary> policies) {

  /**
   * A report.
   *
   * @throws IllegalArgumentException when there is nothing to tell
   */
  public DailyReport {
    policies = List.copyOf(policies);
    if (policies.isEmpty()) {
      throw new IllegalArgumentException("nothing happened with " + policyDomain + " on " + day);
    }
  }
}
