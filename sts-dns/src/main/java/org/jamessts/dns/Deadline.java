package org.jamessts.dns;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The moment by which a piece of work has to end, on the monotonic clock, so that neither a slow
 * peer nor a change of the wall clock can move it.
 *
 * @param nanoTime a value of {@link System#nanoTime}
 */
record Deadline(long nanoTime) {

  static Deadline after(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** The end of the first of so many equal parts of the time that is left. */
  Deadline firstOf(int parts) {
    long now = System.nanoTime();
    return new Deadline(now + Math.max(0, nanoTime - now) / parts);
  }

  /**
   * The time left as a socket wants it.
   *
   * @return milliseconds, at least 1, since a socket takes 0 for "for ever"
   * @throws SocketTimeoutException when no time is left
   */
  int timeoutMillis() throws SocketTimeoutException {
    long left = nanoTime - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("no time left");
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, left / 1_000_000));
  }

  /** Takes a permit when one is free before the deadline. */
  boolean acquire(Semaphore permits) {
    return uninterruptibly(nanos -> permits.tryAcquire(nanos, TimeUnit.NANOSECONDS));
  }

  /** The next element, if there is one before the deadline. */
  <T> Optional<T> poll(BlockingQueue<T> queue) {
    return uninterruptibly(nanos -> Optional.ofNullable(queue.poll(nanos, TimeUnit.NANOSECONDS)));
  }

  /** What somebody else is about to find, if that is before the deadline and he finds it. */
  <T> Optional<T> await(CompletableFuture<T> others) {
    return uninterruptibly(
        nanos -> {
          try {
            return Optional.of(others.get(nanos, TimeUnit.NANOSECONDS));
          } catch (ExecutionException | CancellationException | TimeoutException e) {
            return Optional.empty();
          }
        });
  }

  /** Waits so many nanoseconds at most. */
  @FunctionalInterface
  private interface Wait<T> {
    T await(long nanos) throws InterruptedException;
  }

  /** An interrupt is kept for later: what ends a wait here is time alone. */
  private <T> T uninterruptibly(Wait<T> wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.await(nanoTime - System.nanoTime());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
