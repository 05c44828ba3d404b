package org.jamessts.tlsrpt.collect;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jamessts.store.StoreException;
import org.jamessts.threads.DaemonThreads;
import org.jamessts.tlsrpt.SessionRecorder;
import org.jamessts.tlsrpt.SessionResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts sessions in memory, and adds them to the store every few seconds. While the store fails,
 * what it was given is tried again, and further sessions come together in memory, as long as there
 * is room. Safe for use by many threads.
 */
public final class SessionCollector implements SessionRecorder {

  private static final Logger LOGGER = LoggerFactory.getLogger(SessionCollector.class);
  private static final Duration BETWEEN_DELETIONS = Duration.ofMinutes(10);

  /** A part that is safe within a moment, whatever there is in all. */
  private static final int BATCH = 2_000;

  /** Of the memory; with more, nobody waits for the next time. */
  private static final double FULL = 0.5;

  private final SessionStore store;
  private final SessionCounts counts;
  private final Settings settings;
  private final Clock clock;
  private final Semaphore wake = new Semaphore(0);

  // Who adds to the store.
  private final Object adding = new Object();
  private final Deque<SessionBatch> pending = new ArrayDeque<>();
  private SessionCounts.@Nullable Taken underWay;
  private Instant tidied = Instant.EPOCH;
  private @Nullable Thread thread;
  private long droppedAndTold;

  /** Then nobody is woken before his time: that would be for nothing. */
  private volatile boolean failing;

  /**
   * How sessions are counted.
   *
   * @param flushInterval after which the store has what memory had: what a crash may lose
   * @param retention after which the counts of a day are deleted
   * @param limits how much is counted
   */
  public record Settings(Duration flushInterval, Duration retention, SessionLimits limits) {}

  /**
   * A collector; {@link #start} begins to flush.
   *
   * @param store where the counts go
   * @param clock tells which counts are too old to be kept
   */
  public SessionCollector(SessionStore store, Settings settings, Clock clock) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    this.counts = new SessionCounts(settings.limits());
  }

  /** Begins, unless it has. */
  public synchronized void start() {
    if (thread == null) {
      thread = DaemonThreads.named("sts-sessions").newThread(this::run);
      thread.start();
    }
  }

  @Override
  public void record(SessionResult result) {
    counts.record(result);
    if (counts.fill() > FULL && !failing && wake.availablePermits() == 0) {
      wake.release();
    }
  }

  private void run() {
    while (true) {
      try {
        var unused = wake.tryAcquire(settings.flushInterval().toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        // Nobody does that to a thread of ours but to end it.
        return;
      }
      wake.drainPermits();
      try {
        keep();
        tidyUp();
      } catch (RuntimeException e) {
        // An exception that leaves here would end it for good.
        LOGGER.error("sessions were not added to the store", e);
      }
    }
  }

  /**
   * Adds to the store what was counted before. While the store fails it stays in memory, and is
   * added later.
   */
  @Override
  public void keep() {
    try {
      flush();
      failing = false;
    } catch (StoreException e) {
      failing = true;
      // The store has said so in the log, once.
      LOGGER.debug("sessions stay in memory: {}", e.reason());
    }
    tellOfDropped();
  }

  /**
   * The same.
   *
   * @throws StoreException when it is not, or nobody knows whether it is, in the store
   */
  public void flush() throws StoreException {
    synchronized (adding) {
      addPending();
      SessionCounts.Taken taken = counts.take();
      underWay = taken;
      List<SessionBatch.Increment> increments = taken.policies();
      for (int from = 0; from < increments.size(); from += BATCH) {
        pending.add(
            new SessionBatch(
                UUID.randomUUID().toString(),
                increments.subList(from, Math.min(from + BATCH, increments.size()))));
      }
      addPending();
    }
  }

  private void addPending() throws StoreException {
    while (!pending.isEmpty()) {
      counts.drop(store.add(pending.getFirst(), clock.instant()));
      pending.removeFirst();
    }
    if (underWay != null) {
      counts.back(underWay);
      underWay = null;
    }
  }

  /** The log tells how many, not of each. */
  private synchronized void tellOfDropped() {
    long dropped = counts.dropped();
    if (dropped > droppedAndTold) {
      LOGGER.warn(
          "{} sessions were not counted for reports: there are too many domains or policies, or the"
              + " store fails",
          dropped - droppedAndTold);
      droppedAndTold = dropped;
    }
  }

  private void tidyUp() {
    Instant now = clock.instant();
    if (now.isBefore(tidied.plus(BETWEEN_DELETIONS))) {
      return;
    }
    tidied = now;
    try {
      store.deleteBefore(now.minus(settings.retention()));
    } catch (StoreException e) {
      LOGGER.debug("old sessions were not deleted: {}", e.reason());
    }
  }

  /** How many sessions were not counted since the start. */
  public long dropped() {
    return counts.dropped();
  }

  /** What part of the memory for what the store has not yet is in use, from 0 to 1. */
  public double fill() {
    return counts.fill();
  }

  /** What does not work, in words, while it does not. */
  public Optional<String> trouble() {
    return store.trouble();
  }
}
