package org.jamessts.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jamessts.deferral.DeferralStoreException;

/**
 * Does in one step what many bring at the same time, where a step costs little more than one thing.
 * Whoever comes while a step is under way waits for the next, which one of those who wait does for
 * all. Safe for use by many threads.
 *
 * @param <T> a thing to do
 */
final class Gathering<T> {

  /** Does all of them, or none. */
  @FunctionalInterface
  interface Step<T> {
    void on(List<T> things) throws DeferralStoreException;
  }

  private static final class Item<T> {
    private final T thing;
    private boolean isDone;
    private Optional<DeferralStoreException> failure = Optional.empty();

    Item(T thing) {
      this.thing = thing;
    }
  }

  private final int most;
  private final Step<T> step;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  // Guarded by the lock.
  private final List<Item<T>> waiting = new ArrayList<>();
  private boolean isWorking;

  /**
   * @param most in one step
   * @param step one at a time
   */
  Gathering(int most, Step<T> step) {
    this.most = most;
    this.step = step;
  }

  /**
   * Returns when the thing is done.
   *
   * @throws DeferralStoreException as the step of which it was a part
   */
  void bring(T thing) throws DeferralStoreException {
    Item<T> mine = new Item<>(thing);
    lock.lock();
    try {
      waiting.add(mine);
      while (!mine.isDone) {
        if (isWorking) {
          ended.awaitUninterruptibly();
        } else {
          work();
        }
      }
    } finally {
      lock.unlock();
    }
    if (mine.failure.isPresent()) {
      throw new DeferralStoreException(String.valueOf(mine.failure.get().getMessage()));
    }
  }

  /** How many wait for a step that has not begun. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Called, and returns, with the lock. */
  private void work() {
    List<Item<T>> first = waiting.subList(0, Math.min(most, waiting.size()));
    List<Item<T>> some = List.copyOf(first);
    first.clear();
    isWorking = true;
    lock.unlock();
    Optional<DeferralStoreException> failure =
        Optional.of(new DeferralStoreException("another mail was to be kept, and that failed"));
    try {
      step.on(some.stream().map(item -> item.thing).toList());
      failure = Optional.empty();
    } catch (DeferralStoreException e) {
      failure = Optional.of(e);
    } finally {
      lock.lock();
      isWorking = false;
      for (Item<T> item : some) {
        item.isDone = true;
        item.failure = failure;
      }
      ended.signalAll();
    }
  }
}
