package org.jamessts.guice;

import com.google.inject.Inject;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.jamessts.tlsrpt.send.Reporting;

/** Says whether reports leave, where the operator has them sent. */
public final class StsReportsHealthCheck extends TroubleCheck {

  /** Called by James. */
  @Inject
  StsReportsHealthCheck(Reporting reporting) {
    super("TLS reports", () -> reporting.scheduler().flatMap(ReportScheduler::trouble));
  }
}
