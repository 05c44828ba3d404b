package org.jamessts.tlsrpt.send;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jamessts.tlsrpt.DailyReport;

/**
 * Where reports end in these tests: what receives them is tested with the courier of the product.
 */
final class RecordingCourier implements ReportCourier {

  private final List<DailyReport> taken = new ArrayList<>();
  private volatile Function<DailyReport, CourierResult> answer =
      report -> new CourierResult.Accepted("mailto:reports@" + report.policyDomain());

  void answer(Function<DailyReport, CourierResult> with) {
    answer = with;
  }

  @Override
  public CourierResult take(DailyReport report) {
    synchronized (this) {
      taken.add(report);
    }
    return answer.apply(report);
  }

  synchronized List<DailyReport> taken() {
    return List.copyOf(taken);
  }
}
