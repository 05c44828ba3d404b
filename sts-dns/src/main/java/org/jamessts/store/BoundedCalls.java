package org.jamessts.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jamessts.threads.DaemonThreads;

/**
 * Asks a database on threads of its own, and waits for an answer no longer than allowed, whatever
 * hangs: a server, a driver, a disk. It also keeps interrupts away, at which H2 closes its file.
 */
final class BoundedCalls implements AutoCloseable {

  private static final int WAITING = 1_000;

  private final ThreadPoolExecutor threads;

  /**
   * @param atOnce how many calls run at a time; others wait
   */
  BoundedCalls(int atOnce) {
    this.threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING),
            DaemonThreads.named("sts-store"));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Does the work.
   *
   * @param limit how long to wait; the work may still be done afterwards
   * @throws StoreException when there is no result by then
   */
  <T> T call(Callable<T> work, Duration limit) throws StoreException {
    Future<T> result;
    try {
      result = threads.submit(work);
    } catch (RejectedExecutionException e) {
      throw new StoreException("too many wait for the database");
    }
    try {
      return await(result, limit);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw new StoreException("the database did not answer within " + limit.toMillis() + " ms");
    } catch (ExecutionException | CancellationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StoreException(
          cause instanceof SQLException ? String.valueOf(cause.getMessage()) : cause.toString());
    }
  }

  /** Whoever is interrupted needs the answer too: without it, mail would go unprotected. */
  private static <T> T await(Future<T> result, Duration limit)
      throws TimeoutException, ExecutionException {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
