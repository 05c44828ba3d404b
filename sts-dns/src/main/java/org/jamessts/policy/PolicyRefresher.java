package org.jamessts.policy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jamessts.dns.DomainName;
import org.jamessts.threads.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the policies of domains in use again before they expire, whatever the DNS says meanwhile
 * (RFC 8461 §3.3, §10.2): who can block the path to a domain for a day must not thereby switch its
 * protection off. Tells the operator in time when that does not succeed.
 */
public final class PolicyRefresher implements AutoCloseable {

  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Duration FIRST_BACK_OFF = Duration.ofMinutes(5);
  private static final Duration LONGEST_BACK_OFF = Duration.ofHours(4);
  private static final int AT_ONCE = 8;
  private static final int MAX_ROUNDS = 500;
  private static final int REMEMBERED = 10_000;

  /** So many different domains that fail one after the other are no accident. */
  private static final int SUSPICIOUS = 5;

  /** A round ends sooner, unless something holds it. */
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(30);

  private final StsPolicyService service;
  private final RefreshSchedule schedule;
  private final Clock clock;
  private final Logger log;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(2, DaemonThreads.named("policy-refresh-timer"));
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE, DaemonThreads.named("policy-refresh"));
  private volatile int expiringSoon;

  /** When it was found last that nothing more is due, or how far that has come. */
  private volatile Instant lookedAt = Instant.MAX;

  /** Domains of which the refresh has failed since any last succeeded; guarded by itself. */
  private final Set<DomainName> failedInRow = new LinkedHashSet<>();

  /** How often the refresh of a domain's policy has failed since it last succeeded. */
  private final Map<String, Integer> failures = new BoundedMap<>(REMEMBERED);

  /**
   * A refresher that does nothing yet.
   *
   * @param service fetches
   * @param schedule knows what is due
   * @param clock tells the time
   */
  public PolicyRefresher(StsPolicyService service, RefreshSchedule schedule, Clock clock) {
    this(service, schedule, clock, LoggerFactory.getLogger(PolicyRefresher.class));
  }

  PolicyRefresher(StsPolicyService service, RefreshSchedule schedule, Clock clock, Logger log) {
    this.service = service;
    this.schedule = schedule;
    this.clock = clock;
    this.log = log;
  }

  /** Begins. */
  public void start() {
    lookedAt = clock.instant();
    // Apart from each other: strangers decide how long fetching takes.
    every(POLL, () -> quietly(this::note));
    every(POLL, () -> quietly(this::fetchWhatIsDue));
  }

  private void every(Duration time, Runnable task) {
    var unused =
        timer.scheduleWithFixedDelay(task, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many policies in use will expire soon, since their refresh does not succeed. */
  public int expiringSoon() {
    return expiringSoon;
  }

  /**
   * What does not work here, in words for the operator. One domain whose policy cannot be had is
   * its own affair; when none can be had, something stands between this server and all of them.
   */
  public Optional<String> trouble() {
    if (clock.instant().isAfter(latest(lookedAt))) {
      return Optional.of(
          "policies have not been refreshed since " + lookedAt.truncatedTo(ChronoUnit.SECONDS));
    }
    synchronized (failedInRow) {
      return failedInRow.size() < SUSPICIOUS
          ? Optional.empty()
          : Optional.of(
              "no policy could be refreshed lately, in vain were "
                  + failedInRow
                  + ": is port 443 of the world reachable?");
    }
  }

  private static Instant latest(Instant looked) {
    return looked.equals(Instant.MAX) ? looked : looked.plus(LONGEST_ROUND);
  }

  private void noteOutcome(DomainName domain, boolean success) {
    synchronized (failedInRow) {
      if (success) {
        failedInRow.clear();
      } else if (failedInRow.size() < SUSPICIOUS) {
        failedInRow.add(domain);
      }
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws InterruptedException;
  }

  private void quietly(Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // An exception that leaves here would end the refreshing for good.
      log.error("policies were not refreshed", e);
    }
  }

  /** Both at once, for tests. */
  void poll() throws InterruptedException {
    note();
    fetchWhatIsDue();
    note();
  }

  /** Notes what was used, and counts what nears its end. */
  private void note() {
    schedule.used(service.usedDomains().take(), clock.instant());
    expiringSoon = schedule.expiringSoon(clock.instant());
  }

  /** Until nothing more is due; though not for ever, since what is fetched may be due again. */
  private void fetchWhatIsDue() throws InterruptedException {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      lookedAt = clock.instant();
      List<KnownPolicy> due = schedule.claim(clock.instant(), AT_ONCE, LEASE);
      for (KnownPolicy policy : due) {
        free.acquire();
        threads.execute(() -> refreshAndRelease(policy));
      }
      if (due.isEmpty()) {
        break;
      }
    }
    free.acquire(AT_ONCE);
    free.release(AT_ONCE);
  }

  private void refreshAndRelease(KnownPolicy policy) {
    try {
      refresh(policy);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("the policy of {} was not refreshed", policy.domain(), e);
    } finally {
      free.release();
    }
  }

  private void refresh(KnownPolicy policy) throws InterruptedException {
    String key = policy.slot().keyword() + " " + policy.domain();
    if (service.ignores(policy)) {
      schedule.reschedule(policy, clock.instant().plus(Duration.ofDays(1)));
      return;
    }
    Optional<PolicyFailure> failure = service.refresh(policy);
    noteOutcome(policy.domain(), failure.isEmpty());
    Instant now = clock.instant();
    if (failure.isEmpty()) {
      synchronized (failures) {
        failures.remove(key);
      }
      // What is still there gives way to a candidate, and was not renewed.
      schedule.reschedule(policy, now.plus(LONGEST_BACK_OFF));
      log.debug("refreshed the policy of {}", policy.domain());
      return;
    }
    int count;
    synchronized (failures) {
      count = failures.merge(key, 1, Integer::sum);
    }
    schedule.reschedule(policy, now.plus(backOff(count)));
    tell(policy, failure.get(), now, count == 1);
  }

  private static Duration backOff(int failures) {
    Duration wait = FIRST_BACK_OFF.multipliedBy(1L << Math.min(failures - 1, 10));
    return wait.compareTo(LONGEST_BACK_OFF) < 0 ? wait : LONGEST_BACK_OFF;
  }

  /** RFC 8461 §3.3, §10.2: not about policies that ask for nothing. */
  private void tell(KnownPolicy policy, PolicyFailure failure, Instant now, boolean first) {
    if (policy.strength() == Strength.NOTHING) {
      return;
    }
    if (RefreshTimes.isExpiringSoon(policy, now)) {
      log.warn(
          "the policy of {} expires at {} and cannot be refreshed; then mail to it is no longer"
              + " protected: {}",
          policy.domain(),
          policy.expiresAt(),
          failure.detail());
    } else if (first) {
      log.warn(
          "the policy of {} cannot be refreshed, and is tried again: {}",
          policy.domain(),
          failure.detail());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdownNow();
  }
}
