package org.jamessts.tlsrpt.send;

import org.jamessts.tlsrpt.DailyReport;

/**
 * Takes one report to those who want it: discovers the endpoints, builds, sends. Called by many
 * threads at once.
 */
public interface ReportCourier {

  /**
   * Makes one attempt, within a few minutes.
   *
   * @param report what to tell; an attempt after a failed one gets an equal one
   * @return what came of it; nothing is thrown for what the world does
   * @throws InterruptedException when this server stops; the report will be tried again
   */
  CourierResult take(DailyReport report) throws InterruptedException;
}
