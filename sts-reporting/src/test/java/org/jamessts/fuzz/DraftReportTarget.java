package org.jamessts.fuzz;

import java.util.Optional;
import org.jamessts.tlsrpt.receive.ReceivedReport;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.jamessts.tlsrpt.receive.UnreadableReportException;

/** Reports in the XML of 2016 (draft-margolis-smtp-sts-00, Appendix 3). */
public final class DraftReportTarget {

  private DraftReportTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    Optional<ReceivedReport> report = read(input);
    report.ifPresent(DraftReportTarget::keepsItsPromises);
    return report.isPresent();
  }

  private static Optional<ReceivedReport> read(byte[] octets) {
    try {
      return Optional.of(ReportReader.readAny(octets));
    } catch (UnreadableReportException e) {
      Claims.isReason(e.reason());
      return Optional.empty();
    }
  }

  private static void keepsItsPromises(ReceivedReport report) {
    ReceivedReportTarget.keepsItsPromises(report);
    for (ReceivedReport.Policy policy : report.policies()) {
      if (policy.type().equals("sts1")) {
        Claims.equal(
            policy.failedSessions(),
            policy.failures().stream().mapToLong(ReceivedReport.Failure::failedSessions).sum(),
            "all failures together");
      }
    }
  }
}
