package org.jamessts.retry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.threads.DaemonThreads;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that wakes when a mail is due, puts it back, and sleeps again. It looks at the store
 * now and then in any case, since other servers may have changed it.
 */
final class RetryScheduler {

  private static final Logger LOGGER = LoggerFactory.getLogger(RetryScheduler.class);

  /** How long it sleeps at most. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  /** After something that may be the same at once: mails that another server has claimed. */
  static final Duration SHORTEST = Duration.ofSeconds(1);

  /** After the store or a queue has failed. */
  static final Duration REST = Duration.ofSeconds(10);

  private static final Duration STOP = Duration.ofSeconds(20);

  /** Mails of a domain that are made due at a time because it seems to be repaired. */
  private static final int FLUSHED = 1_000;

  /** For places that are free, at once. */
  private static final int FETCHED = 500;

  /**
   * Whose mails need not wait when a domain is repaired. A server that refuses one recipient for
   * now, or a sender that it has not seen before, means it, whatever else it takes.
   */
  private static final Set<String> MENDED_BY_REPAIR =
      Set.of(StsAttributes.BY_POLICY, StsAttributes.BY_OPERATOR, "unreachable", StsAttributes.BUSY);

  /** Whose mails need not wait when there is place for them. */
  private static final Set<String> WAITS_FOR_PLACE = Set.of(StsAttributes.BUSY);

  /** After a look at how much place there is, while somebody waits for that. */
  static final Duration UNTIL_PLACE = Duration.ofMillis(250);

  private final DeferralStore store;
  private final Reinjection reinjection;
  private final RepairedDomains domains;
  private final BusyDomains busy;
  private final Clock clock;
  private final Semaphore wake = new Semaphore(0);
  private volatile Instant plannedWake = Instant.MIN;
  private volatile boolean stopping;
  private volatile @Nullable Thread thread;
  private volatile long size;
  private Instant counted = Instant.EPOCH;

  RetryScheduler(
      DeferralStore store,
      Reinjection reinjection,
      RepairedDomains domains,
      BusyDomains busy,
      Clock clock) {
    this.store = store;
    this.reinjection = reinjection;
    this.domains = domains;
    this.busy = busy;
    this.clock = clock;
  }

  /** Begins, unless it runs. */
  synchronized void start() {
    if (thread == null) {
      stopping = false;
      thread = DaemonThreads.named("sts-retry").newThread(this::run);
      thread.start();
    }
  }

  boolean isStarted() {
    return thread != null;
  }

  /** Takes no new mail from the store, and returns when none is between it and a queue. */
  synchronized void stop() {
    Thread running = thread;
    if (running == null) {
      return;
    }
    stopping = true;
    wake.release();
    try {
      running.join(STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  /** A mail will be due; to be called when it is in the store. */
  void willBeDue(Instant due) {
    if (due.isBefore(plannedWake)) {
      wake.release();
    }
  }

  /** Something has changed in the store. */
  void lookAgain() {
    wake.release();
  }

  /** How many mails waited when they were counted last, less than a minute ago. */
  long size() {
    return size;
  }

  private void run() {
    while (!stopping) {
      Duration pause = work();
      try {
        var unused = wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        // Nobody does that to a thread of ours but to end it.
        return;
      }
      wake.drainPermits();
    }
  }

  /**
   * Does some of what is due.
   *
   * @return how long to sleep then
   */
  Duration work() {
    // What comes while this works must not be missed.
    plannedWake = Instant.MAX;
    Duration pause = attempt();
    plannedWake = clock.instant().plus(pause);
    return pause;
  }

  private Duration attempt() {
    try {
      flushRepaired();
      flushWhereEnforcementIsLowered();
      Reinjection.Outcome outcome = reinjection.round(() -> stopping);
      count();
      return switch (outcome) {
        case SOME -> Duration.ZERO;
        case QUEUE_FAILS -> REST;
        // What was fetched before has had its time to arrive where there was place.
        case NOTHING -> fetchForFreePlaces() ? Duration.ZERO : untilNextDue();
      };
    } catch (DeferralStoreException e) {
      // The store has said so in the log, once.
      LOGGER.debug("no mail is taken from the store: {}", e.getMessage());
      return REST;
    } catch (RuntimeException | Error e) {
      // Errors too: there may be memory and threads again, and without this thread no mail leaves.
      LOGGER.error("deferred mail was not looked at", e);
      return REST;
    }
  }

  private void flushRepaired() throws DeferralStoreException {
    Deque<String> repaired = new ArrayDeque<>(domains.take());
    try {
      while (!repaired.isEmpty()) {
        String domain = repaired.getFirst();
        int flushed = store.flush(domain, MENDED_BY_REPAIR, clock.instant(), FLUSHED);
        if (flushed > 0) {
          LOGGER.info("{} seems to be repaired: {} mails are tried again now", domain, flushed);
        }
        repaired.removeFirst();
      }
    } finally {
      // Where the store fails: nobody says it again.
      repaired.forEach(domains::changed);
    }
  }

  private void flushWhereEnforcementIsLowered() throws DeferralStoreException {
    if (!domains.takeEnforcementLowered()) {
      return;
    }
    int flushed = 0;
    try {
      for (int some = FLUSHED; some == FLUSHED && !stopping; flushed += some) {
        some = store.flushAll(StsAttributes.BY_POLICY, clock.instant(), FLUSHED);
      }
    } catch (DeferralStoreException e) {
      domains.enforcementLowered();
      throw e;
    }
    LOGGER.info("policies hold back less than before: {} mails are tried again now", flushed);
  }

  /** Whether there was anything to fetch. */
  private boolean fetchForFreePlaces() throws DeferralStoreException {
    Map<String, Integer> places = busy.places();
    if (places.isEmpty()) {
      return false;
    }
    // The places of one lane are, in part, those of the others too.
    int each = Math.max(1, FETCHED / places.size());
    places.replaceAll((domain, free) -> Math.min(free, each));
    Map<String, Integer> fetched = store.flush(places, WAITS_FOR_PLACE, clock.instant());
    fetched.forEach(
        (domain, count) -> {
          if (count == 0) {
            busy.done(domain);
          }
        });
    return fetched.values().stream().anyMatch(count -> count > 0);
  }

  private void count() throws DeferralStoreException {
    Instant now = clock.instant();
    if (!now.isBefore(counted.plus(LONGEST))) {
      size = store.size();
      counted = now;
    }
  }

  private Duration untilNextDue() throws DeferralStoreException {
    Duration pause = pauseUntilNextDue();
    return busy.isEmpty() || pause.compareTo(UNTIL_PLACE) < 0 ? pause : UNTIL_PLACE;
  }

  private Duration pauseUntilNextDue() throws DeferralStoreException {
    return store
        .nextDue()
        .map(due -> Duration.between(clock.instant(), due))
        .filter(pause -> pause.compareTo(LONGEST) < 0)
        .map(pause -> pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause)
        .orElse(LONGEST);
  }
}
