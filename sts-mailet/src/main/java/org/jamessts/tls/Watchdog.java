package org.jamessts.tls;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jamessts.threads.DaemonThreads;

/**
 * Ends what takes too long by closing its TCP socket. A socket's own read timeout starts anew with
 * every octet and does not cover writing, so a stranger who sends one octet a minute or stops
 * reading would hold a thread for ever; closing the socket frees the thread whatever it waits for.
 * The TLS socket above it is never closed from here: that could wait for the same stranger.
 *
 * <p>Safe for use by many threads. One daemon thread, which ends itself when idle: nothing to
 * close.
 */
public final class Watchdog {

  private static final int IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor executor;

  /** A watchdog with nothing to watch yet. */
  public Watchdog() {
    executor = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("smtp-watchdog"));
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRemoveOnCancelPolicy(true);
  }

  /**
   * Watches one step.
   *
   * @param socket the TCP socket, closed when the time is over
   * @param limit how long the step may take from now
   * @return to be disarmed when the step is over
   */
  public Guard guard(Socket socket, Duration limit) {
    return new Guard(socket, limit);
  }

  /** One watched step. */
  public final class Guard {
    private enum State {
      ARMED,
      DISARMED,
      FIRED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.ARMED);
    private final ScheduledFuture<?> alarm;

    private Guard(Socket socket, Duration limit) {
      alarm = executor.schedule(() -> fire(socket), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void fire(Socket socket) {
      if (state.compareAndSet(State.ARMED, State.FIRED)) {
        try {
          socket.close();
        } catch (IOException e) {
          // It is closed as far as it can be; the thread that waits sees it.
        }
      }
    }

    /**
     * Ends the watch.
     *
     * @return whether it ended in time; if not, the socket is closed
     */
    public boolean disarm() {
      boolean inTime = state.compareAndSet(State.ARMED, State.DISARMED);
      alarm.cancel(false);
      return inTime || state.get() == State.DISARMED;
    }
  }
}
