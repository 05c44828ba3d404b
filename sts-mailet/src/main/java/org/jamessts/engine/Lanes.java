package org.jamessts.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jamessts.threads.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works many things at once, each on a thread for as long as it takes, so that a slow destination
 * holds up nothing but itself.
 *
 * <ul>
 *   <li>Each destination has a lane: so many are worked at once, a few more wait.
 *   <li>Nothing more begins while the processors have enough to do: each thing claims the share of
 *       them that it takes when it waits for nothing but its destination. Where all take hardly any
 *       time, a few at once keep this machine as busy as many.
 *   <li>Lanes take turns. A lane may take no more of what is left, of places to work and of places
 *       to wait, than it leaves, and far less as long as nothing has ended there: so even hundreds
 *       of lanes in which all hangs do not take all.
 *   <li>What a lane has no place for is turned away at once, with an estimate of when there will be
 *       one. Only where places come free faster than anything could be stored and fetched again is
 *       it waited for; and for a moment in a new lane, of which that is not known.
 * </ul>
 *
 * Safe for use by many threads.
 *
 * @param <K> a destination
 */
public final class Lanes<K> {

  private static final Logger LOGGER = LoggerFactory.getLogger(Lanes.class);

  /** A lane begins with so many at once, and has one more for each that ended. */
  private static final int FIRST_CONCURRENCY = 2;

  /** By what part of the difference longer work makes the shortest of late longer. */
  private static final int FORGETTING = 64;

  /**
   * The time between two free places, below which it is better to wait than to turn away; more
   * where turning away takes longer.
   */
  private static final Duration QUICK = Duration.ofMillis(10);

  /** Above which a lane may not hold more than a few that wait. */
  private static final Duration SLOW = Duration.ofMillis(500);

  /** A new lane may show how quick it is by so many ends, and is waited for meanwhile. */
  private static final int YOUNG_ENDS = 20;

  /** It is given up as new when nothing ends for so long. */
  private static final Duration YOUNG = Duration.ofMillis(1_500);

  /** So long it is waited for in any case, which counts like all waiting for new lanes. */
  private static final Duration NEWBORN = Duration.ofMillis(100);

  /**
   * So much time may be spent with waiting for new lanes, and so much of all time is added to it;
   * when it is used up, no new lane is waited for beyond its first moments. While one is waited
   * for, nothing else is taken: this bounds what those in which all hangs can cost others.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final double PATIENCE_GROWS = 0.05;

  /** Without any end for so long, a lane is slow whatever it was before. */
  private static final Duration STALLED = Duration.ofSeconds(5);

  private static final Duration LONGEST_WAIT_FOR_A_PLACE = Duration.ofMillis(200);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private static final Duration TIDYING = Duration.ofSeconds(1);

  /** What is known of a lane is kept for so long after all has ended there. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private static final int MAX_REMEMBERED = 10_000;

  /** Of estimates. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Those who keep mail do so for many at once. */
  private static final int TURNING_AWAY_THREADS = 32;

  /** The share of the newest in the mean time that work takes. */
  private static final double NEWEST = 0.2;

  /** The same for good news, since what comes first, in a new lane or process, is the slowest. */
  private static final double NEWEST_QUICKER = 0.5;

  /**
   * How much at once.
   *
   * @param perLane worked in one lane
   * @param all worked in all lanes
   * @param window waiting in all lanes
   */
  public record Limits(int perLane, int all, int window) {}

  /** A thing to do. Exactly one of its methods is called, once, on a thread that may wait. */
  public interface Work {

    /** Does it. */
    void run();

    /**
     * There is no place for it.
     *
     * @param expected in what time there might be one
     */
    void turnAway(Duration expected);

    /** The lanes are closed. */
    void handBack();
  }

  private final Limits limits;

  private final Executor threads;
  private final Executor turningAway =
      DaemonThreads.upTo(TURNING_AWAY_THREADS, "sts-lanes-turning-away");

  /**
   * One comes in after another, in their order, and only the first waits for a place: if all did,
   * each place would wake all of them, and the luckless would have waited for nothing.
   */
  private final ReentrantLock entrance = new ReentrantLock(true);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition placeFree = lock.newCondition();

  // Guarded by the lock.
  private final Map<K, Lane> lanes = new HashMap<>();

  /** Lanes in which something waits and more may be worked, in turn. */
  private final Deque<Lane> ready = new ArrayDeque<>();

  private int running;
  private int waiting;
  private boolean closed;

  private final ProcessorClaims claims;

  /** Whether it will be looked at without anybody's doing. */
  private boolean looksAgain;

  private long lastTidied = System.nanoTime();

  /** Nanoseconds that may yet be spent with waiting for new lanes. */
  private double patience = PATIENCE.toNanos();

  private long patienceGrown = System.nanoTime();

  /** Nanoseconds that it takes; 0 before any was. */
  private double meanTurningAway;

  private record Assignment<L>(L lane, Work work, ProcessorClaims.Claim claim) {}

  private final class Lane {
    private final K key;
    private final Deque<Work> queue = new ArrayDeque<>();

    private int atOnce = Math.min(FIRST_CONCURRENCY, limits.perLane());

    private int running;
    private int ends;
    private boolean isReady;

    /** When something ended last, or began in an idle lane, or the lane was made. */
    private long lastEnd = System.nanoTime();

    /** Nanoseconds that work takes; 0 before any has ended. */
    private double meanWork;

    /** Nanoseconds of the shortest work of late; the greatest number before any has ended. */
    private long shortest = Long.MAX_VALUE;

    /** When the last one that was turned away might have a place. */
    private long nextPlace = lastEnd;

    Lane(K key) {
      this.key = key;
    }

    /** The nanoseconds between one free place and the next, by all that is known. */
    double interval(long now) {
      double stall = (double) now - lastEnd;
      return Math.max(meanWork / atOnce, running < atOnce ? 0 : stall / atOnce);
    }

    boolean isStalled(long now) {
      return running > 0 && now - lastEnd > STALLED.toNanos();
    }

    /** Whether anything has ended here, ever. */
    boolean isProven() {
      return meanWork > 0;
    }

    boolean isQuick(long now) {
      return isProven() && !isStalled(now) && interval(now) <= worthWaiting();
    }

    boolean isYoung(long now) {
      return ends < YOUNG_ENDS && now - lastEnd < YOUNG.toNanos();
    }

    boolean isNewborn(long now) {
      return !isProven() && now - lastEnd < NEWBORN.toNanos();
    }

    boolean isSlow(long now) {
      return isStalled(now) || meanWork / atOnce > (double) SLOW.toNanos();
    }

    boolean mayStart() {
      int left = limits.all() - Lanes.this.running;
      // Of an unproven lane nobody knows whether it ever gives back what it takes.
      int share =
          isProven() ? left : (int) (((long) atOnce * left + limits.all() - 1) / limits.all());
      return running < atOnce && (running == 0 || running < share);
    }

    /** How many may wait here. */
    int room(long now) {
      int left = limits.window() - waiting;
      if (isSlow(now)) {
        return Math.min(left, atOnce);
      }
      return isProven() ? left : left / 2;
    }

    boolean isIdle() {
      return running == 0 && queue.isEmpty();
    }

    /** How many more may come, none of which would wait for long or for an unknown time. */
    int places(long now) {
      int free =
          isProven() && !isSlow(now) ? room(now) - queue.size() : atOnce - running - queue.size();
      return Math.max(0, free);
    }

    boolean hasPlace(long now) {
      boolean startsAtOnce = queue.isEmpty() && Lanes.this.running < limits.all() && mayStart();
      return startsAtOnce || queue.size() < room(now);
    }

    /** In what time one more, beyond all who were turned away before, might have a place. */
    Duration turn(long now) {
      // Of one in which nothing has ended yet the worst is assumed: it is asked for its places
      // anyway.
      double interval = Math.max(interval(now), isProven() ? 1 : (double) STALLED.toNanos());
      long waited = (long) Math.min((double) LONGEST.toNanos(), interval * queue.size());
      long next =
          Math.max(nextPlace, now + waited) + (long) Math.min((double) LONGEST.toNanos(), interval);
      if (next - now >= LONGEST.toNanos()) {
        // Not all at the same moment.
        return LONGEST
            .dividedBy(2)
            .plusMillis(ThreadLocalRandom.current().nextLong(LONGEST.toMillis() / 2));
      }
      nextPlace = next;
      return Duration.ofNanos(next - now);
    }

    void starts() {
      if (running == 0) {
        lastEnd = System.nanoTime();
      }
      running++;
    }

    void ended(long now, long took) {
      running--;
      ends = Math.min(ends + 1, YOUNG_ENDS);
      meanWork = mean(meanWork, took);
      lastEnd = now;
      atOnce = Math.min(atOnce + 1, limits.perLane());
      shortest = took < shortest ? took : shortest + (took - shortest) / FORGETTING;
    }
  }

  /**
   * @param limits how much at once
   * @param cost what one thing takes of this machine, of all its processors together; zero where it
   *     takes nothing
   * @param threads runs each task at once, on a thread that may wait
   */
  public Lanes(Limits limits, Duration cost, Executor threads) {
    this.limits = limits;
    this.claims = new ProcessorClaims(cost);
    this.threads = threads;
  }

  /**
   * Brings something to do. Returns soon: after a moment where a quick lane is full, or as long as
   * turning away takes when much is.
   */
  public void submit(K key, Work work) {
    List<Runnable> outside = new ArrayList<>();
    entrance.lock();
    try {
      outside.addAll(enter(key, work));
    } finally {
      entrance.unlock();
    }
    // Without the lock: a thread may have to be made, or much to be stored by this one.
    outside.forEach(Runnable::run);
  }

  /** What is to be done then. */
  private List<Runnable> enter(K key, Work work) {
    List<Runnable> outside = new ArrayList<>();
    lock.lock();
    try {
      Lane lane = laneWithPlace(key);
      long now = System.nanoTime();
      if (closed) {
        outside.add(() -> aside(work::handBack));
      } else if (lane.hasPlace(now)) {
        lane.queue.addLast(work);
        waiting++;
        becomeReady(lane);
        startAll().forEach(started -> outside.add(() -> start(started)));
      } else {
        outside.add(turningAway(lane, work, now));
      }
      outside.addAll(tidy(now));
      forgetIfMany(lane);
    } finally {
      lock.unlock();
    }
    return outside;
  }

  private Runnable turningAway(Lane lane, Work work, long now) {
    Duration expected = lane.turn(now);
    return () -> aside(() -> turnAway(work, expected));
  }

  /** On another thread, where one can be had. */
  private void aside(Runnable task) {
    try {
      turningAway.execute(task);
    } catch (RuntimeException | Error e) {
      LOGGER.error("no thread can be had to turn work away", e);
      task.run();
    }
  }

  private void turnAway(Work work, Duration expected) {
    long begin = System.nanoTime();
    work.turnAway(expected);
    long took = System.nanoTime() - begin;
    lock.lock();
    try {
      meanTurningAway = mean(meanTurningAway, took);
    } finally {
      lock.unlock();
    }
  }

  private static double mean(double before, long newest) {
    double share = newest < before ? NEWEST_QUICKER : NEWEST;
    return before == 0 ? newest : before + share * (newest - before);
  }

  /** Nanoseconds: what is turned away comes back, which takes as long again. */
  private double worthWaiting() {
    double both = Math.max((double) QUICK.toNanos(), 2 * meanTurningAway);
    return Math.min(both, (double) LONGEST_WAIT_FOR_A_PLACE.toNanos());
  }

  /** Now and then. */
  private List<Runnable> tidy(long now) {
    if (now - lastTidied < TIDYING.toNanos()) {
      return List.of();
    }
    lastTidied = now;
    lanes.values().removeIf(lane -> lane.isIdle() && now - lane.lastEnd > REMEMBERED.toNanos());
    return limits.window() - waiting < limits.window() / 4 ? shed(now) : List.of();
  }

  /**
   * A lane that has become slow after much was let in holds places that others need: the last that
   * came go.
   */
  private List<Runnable> shed(long now) {
    List<Runnable> shed = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      while (lane.isSlow(now) && lane.queue.size() > lane.atOnce) {
        waiting--;
        shed.add(turningAway(lane, lane.queue.removeLast(), now));
      }
    }
    return shed;
  }

  /** The lane; one that is full, and quick or young, is given some time. */
  private Lane laneWithPlace(K key) {
    long deadline = System.nanoTime() + LONGEST_WAIT_FOR_A_PLACE.toNanos();
    while (true) {
      Lane lane = lanes.computeIfAbsent(key, Lane::new);
      long now = System.nanoTime();
      boolean quick = lane.isQuick(now);
      boolean waits =
          quick ? now < deadline : lane.isNewborn(now) || (lane.isYoung(now) && mayWait(now));
      if (closed || lane.hasPlace(now) || !waits) {
        return lane;
      }
      try {
        long unused = placeFree.awaitNanos(LOOK_AGAIN.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return lanes.computeIfAbsent(key, Lane::new);
      } finally {
        patience -= quick ? 0 : System.nanoTime() - now;
      }
    }
  }

  /** For a lane of which nobody knows whether it is worth that. */
  private boolean mayWait(long now) {
    double grown = patience + PATIENCE_GROWS * (now - patienceGrown);
    patience = Math.min(grown, (double) PATIENCE.toNanos());
    patienceGrown = now;
    return patience > 0;
  }

  private void becomeReady(Lane lane) {
    if (!lane.isReady && !lane.queue.isEmpty() && lane.running < lane.atOnce) {
      lane.isReady = true;
      ready.addLast(lane);
    }
  }

  private List<Assignment<Lane>> startAll() {
    List<Assignment<Lane>> started = new ArrayList<>();
    for (Optional<Assignment<Lane>> next = next(); next.isPresent(); next = next()) {
      started.add(next.get());
    }
    return started;
  }

  /** What is to be started now, if anything: of the lane whose turn it is. */
  private Optional<Assignment<Lane>> next() {
    if (!ready.isEmpty() && isBusy()) {
      return Optional.empty();
    }
    for (int turns = ready.size(); turns > 0 && running < limits.all(); turns--) {
      Lane lane = ready.removeFirst();
      if (lane.mayStart()) {
        lane.isReady = false;
        Work work = lane.queue.removeFirst();
        waiting--;
        lane.starts();
        running++;
        becomeReady(lane);
        return Optional.of(new Assignment<>(lane, work, claims.make(lane.shortest)));
      }
      // The places that are left are for others, until more are.
      ready.addLast(lane);
    }
    return Optional.empty();
  }

  /** Whether the processors have enough to do with what is worked. */
  private boolean isBusy() {
    boolean busy = claims.takeAll(System.nanoTime());
    if (busy && !looksAgain) {
      looksAgain = true;
      // All that is worked may hang, and nothing else may come.
      CompletableFuture.delayedExecutor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS, threads)
          .execute(this::lookAgain);
    }
    return busy;
  }

  private void lookAgain() {
    List<Assignment<Lane>> started;
    lock.lock();
    try {
      looksAgain = false;
      started = startAll();
    } finally {
      lock.unlock();
    }
    started.forEach(this::start);
  }

  private void start(Assignment<Lane> first) {
    try {
      threads.execute(
          () -> {
            Optional<Assignment<Lane>> mine = Optional.of(first);
            while (mine.isPresent()) {
              mine = work(mine.get());
            }
          });
    } catch (RuntimeException | Error e) {
      LOGGER.error("no thread can be had for work", e);
      undo(first);
      turnAway(first.work(), STALLED);
    }
  }

  /** It has not begun after all. */
  private void undo(Assignment<Lane> assignment) {
    lock.lock();
    try {
      running--;
      claims.giveUp(assignment.claim());
      assignment.lane().running--;
      becomeReady(assignment.lane());
      placeFree.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Does one thing. This thread goes on with what is next, if anything is. */
  private Optional<Assignment<Lane>> work(Assignment<Lane> mine) {
    long begin = System.nanoTime();
    try {
      mine.work().run();
    } catch (RuntimeException e) {
      LOGGER.error("a piece of work failed, which should mind that itself", e);
    }
    List<Assignment<Lane>> started;
    lock.lock();
    try {
      long now = System.nanoTime();
      running--;
      claims.giveUp(mine.claim());
      mine.lane().ended(now, now - begin);
      becomeReady(mine.lane());
      started = startAll();
      forgetIfMany(mine.lane());
      placeFree.signalAll();
    } finally {
      lock.unlock();
    }
    started.stream().skip(1).forEach(this::start);
    return started.stream().findFirst();
  }

  private void forgetIfMany(Lane lane) {
    if (lane.isIdle() && lanes.size() > MAX_REMEMBERED) {
      lanes.remove(lane.key, lane);
    }
  }

  /**
   * How many more a destination might be brought now, none of which would be turned away or wait
   * for long.
   */
  public int places(K key) {
    lock.lock();
    try {
      Lane lane = lanes.get(key);
      int places = lane == null ? FIRST_CONCURRENCY : lane.places(System.nanoTime());
      return closed ? 0 : Math.min(places, limits.all() + limits.window() - running - waiting);
    } finally {
      lock.unlock();
    }
  }

  /** How many are worked now. */
  public int running() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** How many wait in the lanes. */
  public int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** How many destinations have anything to do. */
  public int size() {
    lock.lock();
    try {
      return (int) lanes.values().stream().filter(lane -> !lane.isIdle()).count();
    } finally {
      lock.unlock();
    }
  }

  /** Starts nothing more, and hands back what waits. What runs goes on. */
  public void close() {
    List<Work> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      lanes.values().forEach(lane -> left.addAll(lane.queue));
      lanes.values().forEach(lane -> lane.queue.clear());
      ready.clear();
      waiting = 0;
      placeFree.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(work -> aside(work::handBack));
  }
}
