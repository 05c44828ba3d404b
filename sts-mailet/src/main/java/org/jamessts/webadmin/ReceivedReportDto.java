package org.jamessts.webadmin;

import java.util.List;
import org.jamessts.received.KeptReport;

/**
 * A report that somebody else sent, as JSON.
 *
 * @param key under which it can be read in full
 * @param submitter the domain that reports
 * @param reportId by which the submitter knows it
 * @param begin of the period that it covers, RFC 3339
 * @param end likewise
 * @param policyDomains about whom it is
 * @param successfulSessions how many went well
 * @param failedSessions how many did not
 * @param receivedAt when it arrived, RFC 3339
 */
record ReceivedReportDto(
    String key,
    String submitter,
    String reportId,
    String begin,
    String end,
    List<String> policyDomains,
    long successfulSessions,
    long failedSessions,
    String receivedAt) {

  static ReceivedReportDto of(KeptReport report) {
    return new ReceivedReportDto(
        report.key(),
        report.submitter(),
        report.reportId(),
        report.begin().toString(),
        report.end().toString(),
        report.policyDomains(),
        report.successfulSessions(),
        report.failedSessions(),
        report.receivedAt().toString());
  }
}
