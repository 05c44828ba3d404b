package org.jamessts.tlsrpt.send;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jamessts.dns.DomainName;
import org.jamessts.store.StoreException;
import org.jamessts.threads.DaemonThreads;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.ReportId;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends reports when they are due: claims them, reads what there is to tell, hands each to the
 * courier, and notes what became of it. A report that no endpoint has accepted is tried again for a
 * day, with the same id (RFC 8460 §5.5), and then given up. It is noted as sent after it was
 * accepted, never before: who is killed in between sends it twice. However many reports there are,
 * no more than a few for each that is under way are in memory.
 */
public final class ReportScheduler implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ReportScheduler.class);

  /** How long it sleeps at most, since other servers may have changed the store. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** After something that may be the same at once: reports that another server has claimed. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** So many different domains that fail one after the other are no accident. */
  private static final int SUSPICIOUS = 5;

  /** After the store has failed. */
  private static final Duration REST = Duration.ofSeconds(10);

  /**
   * What is done within it is noted together: each note waits for the disk. A kill within it makes
   * duplicates.
   */
  private static final Duration GATHERING = Duration.ofMillis(20);

  /** Claimed at a time, for each that is under way: their keys, not what they tell. */
  private static final int AHEAD = 32;

  /** Read at a time, and then tried one after another: a few, since they may be long. */
  private static final int TOGETHER = 4;

  private final ReportStore reports;
  private final SessionStore sessions;
  private final StoredSuppressions suppressions;
  private final ReportCourier courier;
  private final SendSettings settings;
  private final Clock clock;

  private final String claim = UUID.randomUUID().toString();
  private final ExecutorService workers;
  private final Semaphore wake = new Semaphore(0);

  private final Map<ReportId, Held> held = new ConcurrentHashMap<>();

  private final LinkedBlockingQueue<ReportStore.Settled> settled = new LinkedBlockingQueue<>();

  /** Domains whose reports have failed since any last got anywhere; guarded by itself. */
  private final Set<DomainName> failedInRow = new LinkedHashSet<>();

  private volatile Optional<String> stuck = Optional.empty();
  private volatile boolean stopping;
  private @Nullable Thread thread;

  /** A claimed report, and until when nobody else may claim it. */
  private record Held(PlannedReport report, Instant until) {}

  /**
   * A scheduler; {@link #start} begins.
   *
   * @param reports which are due
   * @param sessions what they tell
   * @param suppressions who gets none
   * @param courier takes them
   */
  public ReportScheduler(
      ReportStore reports,
      SessionStore sessions,
      StoredSuppressions suppressions,
      ReportCourier courier,
      SendSettings settings,
      Clock clock) {
    this.reports = reports;
    this.sessions = sessions;
    this.suppressions = suppressions;
    this.courier = courier;
    this.settings = settings;
    this.clock = clock;
    this.workers =
        Executors.newFixedThreadPool(settings.atOnce(), DaemonThreads.named("sts-reports"));
  }

  /** Begins, unless it runs. */
  public synchronized void start() {
    if (thread == null) {
      thread = DaemonThreads.named("sts-report-schedule").newThread(this::run);
      thread.start();
    }
  }

  /**
   * Has the reports of a day sent that were not, now.
   *
   * @param day has to have ended
   * @param domain of one domain only
   * @return how many
   * @throws IllegalArgumentException for a day that has not ended
   */
  public int sendNow(LocalDate day, Optional<DomainName> domain) throws StoreException {
    Instant now = clock.instant();
    if (!day.isBefore(LocalDate.ofInstant(now, ZoneOffset.UTC))) {
      throw new IllegalArgumentException("the day " + day + " has not ended");
    }
    int due = reports.sendNow(day, domain, now);
    LOGGER.info("{} reports of {} are sent now, as told", due, day);
    lookAgain();
    return due;
  }

  /** Something has changed in the store. */
  void lookAgain() {
    wake.release();
  }

  private void run() {
    while (!stopping) {
      Duration pause = attempt();
      try {
        if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          Thread.sleep(GATHERING.toMillis());
        }
      } catch (InterruptedException e) {
        // Nobody does that to a thread of ours but to end it.
        return;
      }
      wake.drainPermits();
    }
  }

  private Duration attempt() {
    try {
      Duration pause = round();
      stuck = Optional.empty();
      return pause;
    } catch (StoreException e) {
      // The store has said so in the log, once.
      LOGGER.debug("reports wait: {}", e.reason());
    } catch (RuntimeException e) {
      LOGGER.error("reports were not sent", e);
      stuck = Optional.of("reports are not sent: " + e);
    }
    return REST;
  }

  /**
   * Notes what has become of reports, and claims some that are due.
   *
   * @return how long to sleep then
   */
  private Duration round() throws StoreException {
    settle();
    renew();
    int room = settings.atOnce() * AHEAD - held.size();
    // A few at a time would cost as much as many.
    if (room < settings.atOnce() * AHEAD / 2) {
      return untilRenewal();
    }
    suppressions.refresh();
    Instant now = clock.instant();
    Instant until = now.plus(settings.lease());
    List<PlannedReport> claimed = reports.claim(claim, now, until, room);
    List<PlannedReport> begun = new ArrayList<>();
    List<PlannedReport> tooOld = new ArrayList<>();
    for (PlannedReport report : claimed) {
      // While the store failed, the claim of one that is under way may have ended.
      if (held.put(report.id(), new Held(report, until)) == null) {
        (isInTime(report, now) ? begun : tooOld).add(report);
      }
    }
    giveUp(tooOld, now);
    for (int from = 0; from < begun.size(); from += TOGETHER) {
      List<PlannedReport> some = begun.subList(from, Math.min(from + TOGETHER, begun.size()));
      workers.execute(() -> takeAll(some));
    }
    return claimed.size() == room ? Duration.ZERO : shorter(untilNextDue(), untilRenewal());
  }

  private Duration untilNextDue() throws StoreException {
    Duration pause =
        reports.nextDue().map(due -> Duration.between(clock.instant(), due)).orElse(LONGEST);
    return shorter(pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause, LONGEST);
  }

  private Duration untilRenewal() {
    return held.isEmpty() ? LONGEST : shorter(settings.lease().dividedBy(4), LONGEST);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void settle() throws StoreException {
    List<ReportStore.Settled> all = new ArrayList<>();
    settled.drainTo(all);
    if (all.isEmpty()) {
      return;
    }
    boolean noted = false;
    try {
      List<ReportStore.Settled> ours = reports.settle(claim, all);
      noted = true;
      if (ours.size() < all.size()) {
        LOGGER.warn(
            "{} reports took so long that another server may have sent them too",
            all.size() - ours.size());
      }
      all.forEach(one -> held.remove(one.report().id()));
    } finally {
      if (!noted) {
        settled.addAll(all);
      }
    }
  }

  private void renew() throws StoreException {
    Instant now = clock.instant();
    Instant soon = now.plus(settings.lease().dividedBy(2));
    List<PlannedReport> ending =
        held.values().stream().filter(one -> one.until().isBefore(soon)).map(Held::report).toList();
    if (!ending.isEmpty()) {
      Instant until = now.plus(settings.lease());
      for (PlannedReport report : reports.renew(claim, ending, until)) {
        held.computeIfPresent(report.id(), (any, before) -> new Held(report, until));
      }
    }
  }

  private boolean isInTime(PlannedReport report, Instant moment) {
    return moment.isBefore(report.planned().plus(settings.giveUpAfter()));
  }

  private void giveUp(List<PlannedReport> tooOld, Instant now) {
    if (!tooOld.isEmpty()) {
      LOGGER.warn("{} reports are given up: no server has sent them in their time", tooOld.size());
      tooOld.forEach(
          report -> settle(report, ReportState.GIVEN_UP, now, report.outcome(), report.attempts()));
    }
  }

  private void takeAll(List<PlannedReport> some) {
    Map<LocalDate, List<PlannedReport>> byDay =
        some.stream().collect(Collectors.groupingBy(PlannedReport::day));
    try {
      for (Map.Entry<LocalDate, List<PlannedReport>> day : byDay.entrySet()) {
        takeAll(day.getKey(), day.getValue());
      }
    } catch (InterruptedException e) {
      // This server stops, and gives back what it has claimed.
      Thread.currentThread().interrupt();
    }
  }

  private void takeAll(LocalDate day, List<PlannedReport> some) throws InterruptedException {
    Map<DomainName, List<PolicySummary>> told;
    try {
      List<DomainName> domains = some.stream().map(PlannedReport::domain).toList();
      told =
          settings.forensicDetails()
              ? sessions.withDetails(day, domains)
              : sessions.of(day, domains);
    } catch (StoreException e) {
      some.forEach(report -> note(report, new CourierResult.Failed(e.reason())));
      return;
    }
    for (PlannedReport report : some) {
      if (isStillOurs(report)) {
        note(report, result(report, told.getOrDefault(report.domain(), List.of())));
      }
    }
  }

  private boolean isStillOurs(PlannedReport report) {
    if (stopping) {
      return false;
    }
    Held mine = held.get(report.id());
    if (mine != null && clock.instant().isBefore(mine.until())) {
      return true;
    }
    // Somebody else may have it.
    held.remove(report.id());
    return false;
  }

  private CourierResult result(PlannedReport report, List<PolicySummary> policies)
      throws InterruptedException {
    if (suppressions.suppresses(report.domain())) {
      return new CourierResult.NotWanted("its reports are suppressed");
    }
    if (policies.isEmpty()) {
      return new CourierResult.NotWanted("nothing is kept of that day");
    }
    try {
      return courier.take(new DailyReport(report.id(), report.day(), report.domain(), policies));
    } catch (RuntimeException e) {
      LOGGER.error("the report of {} to {} failed", report.day(), report.domain(), e);
      return new CourierResult.Failed(e.toString());
    }
  }

  /**
   * What does not work here, in words for the operator: not that a domain takes no report, which is
   * its own affair, but that none does, or that we break.
   */
  public Optional<String> trouble() {
    synchronized (failedInRow) {
      return failedInRow.size() < SUSPICIOUS
          ? stuck
          : Optional.of("no report could be sent lately, in vain were those to " + failedInRow);
    }
  }

  private void noteOutcome(DomainName domain, CourierResult result) {
    synchronized (failedInRow) {
      if (result instanceof CourierResult.Accepted) {
        failedInRow.clear();
      } else if (result instanceof CourierResult.Failed && failedInRow.size() < SUSPICIOUS) {
        failedInRow.add(domain);
      }
    }
  }

  private void note(PlannedReport report, CourierResult result) {
    noteOutcome(report.domain(), result);
    Instant now = clock.instant();
    if (result instanceof CourierResult.Accepted accepted) {
      settle(report, ReportState.SENT, now, accepted.endpoint());
    } else if (result instanceof CourierResult.NotWanted notWanted) {
      settle(report, ReportState.NOT_WANTED, now, notWanted.why());
    } else if (result instanceof CourierResult.Failed failed) {
      Instant next = now.plus(settings.wait(report.attempts()));
      if (isInTime(report, next)) {
        settle(report, ReportState.PENDING, next, failed.reason());
      } else {
        LOGGER.warn(
            "the report of {} to {} ({}) is given up after {} attempts: {}",
            report.day(),
            report.domain(),
            report.id(),
            report.attempts() + 1,
            failed.reason());
        settle(report, ReportState.GIVEN_UP, now, failed.reason());
      }
    }
  }

  private void settle(PlannedReport report, ReportState state, Instant due, String outcome) {
    settle(report, state, due, outcome, report.attempts() + 1);
  }

  private void settle(
      PlannedReport report, ReportState state, Instant due, String outcome, int attempts) {
    settled.add(new ReportStore.Settled(report, state, due, outcome, attempts));
    wake.release();
  }

  /** Stops: what is under way may end, for a moment, and what was not begun is given back. */
  @Override
  public synchronized void close() {
    stopping = true;
    wake.release();
    try {
      Thread running = thread;
      if (running != null) {
        running.join(REST.toMillis());
      }
      workers.shutdown();
      if (!workers.awaitTermination(settings.stopGrace().toMillis(), TimeUnit.MILLISECONDS)) {
        LOGGER.warn("some reports are still under way; they will be sent again");
      }
      workers.shutdownNow();
      settle();
      reports.release(claim, held.values().stream().map(Held::report).toList(), clock.instant());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (StoreException e) {
      LOGGER.debug("the claims end by themselves: {}", e.reason());
    }
  }
}
