package org.jamessts.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets so many at a time do something short; the others wait. Who takes longer than it should does
 * not hold up others any more: so what hangs costs them no more than a moment. Safe for use by many
 * threads.
 */
public final class Turnstile {

  private final int atOnce;
  private final long patience;

  /** Only the first waits for a place: if all did, all would wake when one's time is over. */
  private final ReentrantLock entrance = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();

  /** Those that count, in the order in which they came. Guarded by the lock. */
  private final Deque<Turn> inside = new ArrayDeque<>();

  /**
   * @param atOnce how many, at least one
   * @param patience how long one counts at most
   */
  public Turnstile(int atOnce, Duration patience) {
    this.atOnce = atOnce;
    this.patience = patience.toNanos();
  }

  /** Lasts until it is closed, by whoever has it. */
  public final class Turn implements AutoCloseable {

    private final long end = System.nanoTime() + patience;

    private Turn() {}

    @Override
    public void close() {
      lock.lock();
      try {
        if (inside.remove(this)) {
          left.signal();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Waits for a turn. A thread that is interrupted goes ahead without waiting, and stays
   * interrupted.
   */
  public Turn enter() {
    try {
      entrance.lockInterruptibly();
      try {
        return enterWhenThereIsPlace();
      } finally {
        entrance.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return enterAtOnce();
    }
  }

  private Turn enterWhenThereIsPlace() throws InterruptedException {
    lock.lock();
    try {
      while (!hasPlace()) {
        long unused = left.awaitNanos(inside.getFirst().end - System.nanoTime());
      }
      return enterAtOnce();
    } finally {
      lock.unlock();
    }
  }

  private Turn enterAtOnce() {
    lock.lock();
    try {
      Turn turn = new Turn();
      inside.addLast(turn);
      return turn;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasPlace() {
    long now = System.nanoTime();
    while (!inside.isEmpty() && inside.getFirst().end - now <= 0) {
      inside.removeFirst();
    }
    return inside.size() < atOnce;
  }

  /** How many count. */
  int inside() {
    lock.lock();
    try {
      return inside.size();
    } finally {
      lock.unlock();
    }
  }
}
