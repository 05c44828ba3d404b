package org.jamessts.received;

import java.time.Instant;
import java.util.List;

/**
 * A report that arrived: who sent it about what, and how it went. The document itself is beside it.
 *
 * @param submitter the domain that has signed it
 * @param reportId by which the submitter knows it
 * @param begin of the period that it covers
 * @param end of that period
 * @param policyDomains about whom it is; in the order of their names
 * @param successfulSessions how many sessions went well
 * @param failedSessions how many did not
 * @param receivedAt when it arrived
 */
public record KeptReport(
    String submitter,
    String reportId,
    Instant begin,
    Instant end,
    List<String> policyDomains,
    long successfulSessions,
    long failedSessions,
    Instant receivedAt) {

  public KeptReport {
    policyDomains = policyDomains.stream().distinct().sorted().toList();
  }
}
