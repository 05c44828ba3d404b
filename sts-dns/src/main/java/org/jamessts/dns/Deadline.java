package org.jamessts.dns;

import java.net.SocketTimeoutException;
import java.time.Duration;

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
}
