package org.jamessts.tls;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jamessts.threads.DaemonThreads;

/**
 * Ends what takes too long by closing its TCP socket. A socket's own read timeout starts anew with
 * every octet and does not cover writing, so a stranger who sends one octet a minute or stops
 * reading would hold a thread for ever; closing the socket frees the thread whatever it waits for.
 * The TLS socket above it is never closed from here: that could wait for the same stranger.
 *
 * <p>All that is watched is looked at in turn, some times a second, rather than each having an
 * alarm of its own: a mail has several steps of less than a millisecond, and to set an alarm wakes
 * a thread. So a step may last a moment longer than its limit.
 *
 * <p>Safe for use by many threads. One daemon thread, which ends itself when idle: nothing to
 * close.
 */
public final class Watchdog {

  private static final Duration TURN = Duration.ofMillis(50);
  private static final int IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor executor;
  private final Set<Guard> watched = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();

  /** A watchdog with nothing to watch yet. */
  public Watchdog() {
    executor = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("smtp-watchdog"));
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Watches one step.
   *
   * @param socket the TCP socket, closed soon after the time is over
   * @param limit how long the step may take from now
   * @return to be disarmed when the step is over
   */
  public Guard guard(Socket socket, Duration limit) {
    Guard guard = new Guard(socket, System.nanoTime() + limit.toNanos());
    watched.add(guard);
    lookLater();
    return guard;
  }

  private void lookLater() {
    if (!looking.get() && looking.compareAndSet(false, true)) {
      Future<?> unused = executor.schedule(this::look, TURN.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    long now = System.nanoTime();
    for (Guard guard : watched) {
      if (guard.deadline - now <= 0) {
        guard.fire();
      }
    }
    // What is watched from now on has somebody look later; what was before is seen here.
    looking.set(false);
    if (!watched.isEmpty()) {
      lookLater();
    }
  }

  /** One watched step. */
  public final class Guard {
    private enum State {
      ARMED,
      DISARMED,
      FIRED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.ARMED);
    private final Socket socket;
    private final long deadline;

    private Guard(Socket socket, long deadline) {
      this.socket = socket;
      this.deadline = deadline;
    }

    private void fire() {
      watched.remove(this);
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
      watched.remove(this);
      boolean inTime = state.compareAndSet(State.ARMED, State.DISARMED);
      return inTime || state.get() == State.DISARMED;
    }
  }
}
