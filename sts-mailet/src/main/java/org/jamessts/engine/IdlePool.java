package org.jamessts.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jamessts.threads.DaemonThreads;

/**
 * Things that are open and have nothing to do, kept a while for whoever asks for one of their key.
 * Each belongs to one owner at a time: whoever takes it, or the pool. Safe for use by many threads.
 *
 * @param <K> for whom they will do
 * @param <V> what is kept; compared by identity
 */
public final class IdlePool<K, V> {

  /** Ending one may take a moment, since good manners have it say goodbye. */
  private static final int ENDING_THREADS = 4;

  private final int capacity;
  private final Duration idle;
  private final Clock clock;
  private final Consumer<V> end;
  private final Executor ending = DaemonThreads.upTo(ENDING_THREADS, "sts-pool-ending");
  private final ScheduledThreadPoolExecutor reaper;

  /** The longest idle first. */
  private final Set<Kept<K, V>> byAge = new LinkedHashSet<>();

  private final Map<K, Deque<Kept<K, V>>> byKey = new HashMap<>();
  private boolean reaping;
  private boolean closed;

  /** Compared by identity: each is another, whatever it holds. */
  private static final class Kept<K, V> {
    private final K key;
    private final V value;
    private final Instant until;

    Kept(K key, V value, Instant until) {
      this.key = key;
      this.value = value;
      this.until = until;
    }
  }

  /**
   * @param capacity how many are kept at most; one more ends the one that is idle longest
   * @param idle how long each is kept
   * @param clock tells the time
   * @param end ends one that is not kept any longer; called on a thread of its own
   */
  public IdlePool(int capacity, Duration idle, Clock clock, Consumer<V> end) {
    this.capacity = capacity;
    this.idle = idle;
    this.clock = clock;
    this.end = end;
    reaper = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("sts-pool-reaper"));
    reaper.setKeepAliveTime(1, TimeUnit.SECONDS);
    reaper.allowCoreThreadTimeOut(true);
  }

  /** The one of this key that was used last, now the caller's. */
  public synchronized Optional<V> take(K key) {
    Deque<Kept<K, V>> some = byKey.get(key);
    Kept<K, V> kept = some == null ? null : some.peekLast();
    if (kept == null || kept.until.isBefore(clock.instant())) {
      return Optional.empty();
    }
    remove(kept);
    return Optional.of(kept.value);
  }

  /** Keeps one, which the caller may not use any longer. */
  public void put(K key, V value) {
    List<V> over = new ArrayList<>();
    synchronized (this) {
      if (closed || capacity == 0 || idle.isZero()) {
        over.add(value);
      } else {
        Kept<K, V> kept = new Kept<>(key, value, clock.instant().plus(idle));
        byAge.add(kept);
        byKey.computeIfAbsent(key, any -> new ArrayDeque<>()).addLast(kept);
        while (byAge.size() > capacity) {
          over.add(removeOldest());
        }
        reapLater();
      }
    }
    endAll(over);
  }

  /** How many are kept now. */
  public synchronized int size() {
    return byAge.size();
  }

  /** Ends all; from now on none is kept. */
  public void close() {
    List<V> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      while (!byAge.isEmpty()) {
        all.add(removeOldest());
      }
    }
    // Else its thread would wait for the next look.
    reaper.shutdownNow();
    endAll(all);
  }

  private V removeOldest() {
    Kept<K, V> oldest = byAge.iterator().next();
    remove(oldest);
    return oldest.value;
  }

  private void remove(Kept<K, V> kept) {
    byAge.remove(kept);
    Deque<Kept<K, V>> some = byKey.get(kept.key);
    if (some != null) {
      some.remove(kept);
      if (some.isEmpty()) {
        byKey.remove(kept.key);
      }
    }
  }

  private void reapLater() {
    if (!reaping && !byAge.isEmpty()) {
      reaping = true;
      Future<?> unused = reaper.schedule(this::reap, idle.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void reap() {
    List<V> over = new ArrayList<>();
    synchronized (this) {
      reaping = false;
      Instant now = clock.instant();
      while (!byAge.isEmpty() && !byAge.iterator().next().until.isAfter(now)) {
        over.add(removeOldest());
      }
      reapLater();
    }
    endAll(over);
  }

  private void endAll(List<V> over) {
    over.forEach(value -> ending.execute(() -> end.accept(value)));
  }
}
