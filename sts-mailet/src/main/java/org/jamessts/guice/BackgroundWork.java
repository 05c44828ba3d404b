package org.jamessts.guice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.metrics.StsMetrics;
import org.jamessts.metrics.StsMetrics.Gauge;
import org.jamessts.policy.PolicyRefresher;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.StoreException;
import org.jamessts.threads.DaemonThreads;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.jamessts.tlsrpt.send.Reporting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on beside the mails: policies are refreshed before they expire, changes of the
 * operator's files are taken up, and the way to the DNS is tested. It ends with the process.
 */
@Singleton
final class BackgroundWork {

  private static final Logger LOGGER = LoggerFactory.getLogger(BackgroundWork.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(20);

  private final PolicyRefresher refresher;
  private final OperatorFiles files;
  private final EnforcementSwitch enforcement;
  private final JamesDns dns;
  private final Reporting reporting;
  private final StsMetrics metrics;

  /** Counted now and then: who looks at metrics must not wait for a database. */
  private volatile long reportsPending;

  private final AtomicBoolean started = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("sts-files"));

  /** Called by Guice. */
  @Inject
  BackgroundWork(
      PolicyRefresher refresher,
      OperatorFiles files,
      EnforcementSwitch enforcement,
      JamesDns dns,
      Reporting reporting,
      StsMetrics metrics) {
    this.refresher = refresher;
    this.files = files;
    this.enforcement = enforcement;
    this.dns = dns;
    this.reporting = reporting;
    this.metrics = metrics;
  }

  /** Begins, unless it has. */
  void start() {
    if (started.compareAndSet(false, true)) {
      metrics.show(Gauge.POLICIES_EXPIRING_SOON, refresher::expiringSoon);
      metrics.show(Gauge.REPORTS_PENDING, () -> reportsPending);
      refresher.start();
      long millis = BETWEEN_LOOKS.toMillis();
      var unused =
          timer.scheduleWithFixedDelay(this::lookAgain, millis, millis, TimeUnit.MILLISECONDS);
      reporting.scheduler().ifPresentOrElse(BackgroundWork::report, BackgroundWork::tellOfSilence);
    }
  }

  private static void report(ReportScheduler scheduler) {
    scheduler.start();
    // James tells nobody but mailets that it stops.
    Runtime.getRuntime().addShutdownHook(new Thread(scheduler::close, "sts-reports-stop"));
  }

  private static void tellOfSilence() {
    LOGGER.info(
        "no reports are sent (RFC 8460): that takes reports.organization and reports.contact in {}",
        StsSettings.FILE);
  }

  private void lookAgain() {
    attempt("the operator's files were not looked at", files::lookAgain);
    attempt("the order for enforcement was not looked at", enforcement::lookAgain);
    attempt("the DNS was not tested", dns::testWhenDue);
    attempt("reports were not counted", this::countReports);
  }

  private void countReports() {
    if (reporting.scheduler().isPresent()) {
      try {
        reportsPending = reporting.reports().pending();
      } catch (StoreException e) {
        // The store has said so in the log, once; what was counted last stands.
        LOGGER.debug("reports were not counted: {}", e.reason());
      }
    }
  }

  private static void attempt(String otherwise, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // An exception that leaves the timer would end it for good.
      LOGGER.error("{}", otherwise, e);
    }
  }
}
