package org.jamessts.store;

import java.sql.SQLException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes once for all who wait: what a write to the disk costs depends little on how much it
 * writes. Whoever comes while one is under way waits for the next, since it may be too late for the
 * first. Safe for use by many threads.
 */
final class GroupedWrites {

  /** Writes to the disk all that was changed before it is called. */
  @FunctionalInterface
  interface Write {
    void now() throws SQLException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  // Guarded by the lock.
  private long asked;
  private long written;
  private boolean isWriting;

  /**
   * Returns when all that was changed before the call is written, by this thread or another.
   *
   * @param write called by one thread at a time
   * @throws SQLException when this thread could not write; others try for themselves
   */
  void await(Write write) throws SQLException {
    lock.lock();
    try {
      long mine = ++asked;
      while (written < mine) {
        if (isWriting) {
          ended.awaitUninterruptibly();
        } else {
          writeAll(write);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Called, and returns, with the lock. */
  private void writeAll(Write write) throws SQLException {
    long all = asked;
    isWriting = true;
    lock.unlock();
    boolean done = false;
    try {
      write.now();
      done = true;
    } finally {
      lock.lock();
      isWriting = false;
      written = done ? all : written;
      ended.signalAll();
    }
  }
}
