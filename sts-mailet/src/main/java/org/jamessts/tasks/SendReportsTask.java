package org.jamessts.tasks;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.james.task.AsyncSafeTask;
import org.apache.james.task.TaskExecutionDetails.AdditionalInformation;
import org.apache.james.task.TaskType;
import org.jamessts.dns.DomainName;
import org.jamessts.store.StoreException;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.jamessts.tlsrpt.send.ReportStore;
import org.jamessts.tlsrpt.send.ReportStore.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the reports of a day sent that were not, and ends when each has been tried. To cancel it
 * calls none of them back. Where some have to be tried again, it is complete in part.
 */
public final class SendReportsTask implements AsyncSafeTask {

  static final TaskType TYPE = TaskType.of("sts-send-reports");

  private static final Logger LOGGER = LoggerFactory.getLogger(SendReportsTask.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ReportScheduler scheduler;
  private final ReportStore reports;
  private final LocalDate day;
  private final Optional<DomainName> domain;
  private final Clock clock;
  private volatile SendReportsInformation information;

  /**
   * Nothing is sent yet.
   *
   * @param scheduler sends
   * @param reports tells how far they have come
   * @param day which has ended
   * @param domain of one domain only
   * @param clock tells what is due
   */
  public SendReportsTask(
      ReportScheduler scheduler,
      ReportStore reports,
      LocalDate day,
      Optional<DomainName> domain,
      Clock clock) {
    this.scheduler = scheduler;
    this.reports = reports;
    this.day = day;
    this.domain = domain;
    this.clock = clock;
    this.information = information(new Progress(0, 0, 0, 0, 0), "");
  }

  private SendReportsInformation information(Progress progress, String problem) {
    return new SendReportsInformation(clock.instant(), day, domain, progress, problem);
  }

  @Override
  public Result run() throws InterruptedException {
    Progress progress = information.progress();
    try {
      var unused = scheduler.sendNow(day, domain);
      Duration pause = FIRST_PAUSE;
      do {
        Thread.sleep(pause.toMillis());
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
        progress = reports.progress(day, domain, clock.instant());
        information = information(progress, "");
      } while (progress.underWay() > 0);
      return progress.waiting() == 0 ? Result.COMPLETED : Result.PARTIAL;
    } catch (StoreException e) {
      LOGGER.warn("nobody knows how far the reports of {} have come: {}", day, e.reason());
      information = information(progress, e.reason());
      return Result.PARTIAL;
    }
  }

  @Override
  public TaskType type() {
    return TYPE;
  }

  @Override
  public Optional<AdditionalInformation> details() {
    return Optional.of(information);
  }

  LocalDate day() {
    return day;
  }

  Optional<DomainName> domain() {
    return domain;
  }
}
