package org.jamessts.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TurnstileTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final AtomicInteger entered = new AtomicInteger();

  private Thread enters(Turnstile turnstile) {
    Thread thread =
        new Thread(
            () -> {
              turnstile.enter();
              entered.incrementAndGet();
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.sleep(1);
    }
  }

  @Test
  @SuppressWarnings("try")
  void noMoreThanItsNumberShouldBeInside() throws Exception {
    Turnstile turnstile = new Turnstile(3, LONG);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(50);
    for (int i = 0; i < 50; i++) {
      new Thread(
              () -> {
                try (Turnstile.Turn turn = turnstile.enter()) {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  Thread.sleep(2);
                  inside.decrementAndGet();
                } catch (InterruptedException e) {
                  return;
                }
                done.countDown();
              })
          .start();
    }

    done.await();
    assertThat(most).hasValue(3);
    assertThat(turnstile.inside()).isZero();
  }

  @Test
  void whoTakesLongShouldHoldUpTheOthersForAMomentOnly() throws Exception {
    Turnstile turnstile = new Turnstile(2, SHORT);
    long begin = System.nanoTime();
    List<Turnstile.Turn> hanging = List.of(turnstile.enter(), turnstile.enter());
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      others.add(enters(turnstile));
    }
    for (Thread other : others) {
      other.join();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);

    // They leave no place either: two come in each time.
    assertThat(took).isGreaterThanOrEqualTo(SHORT.multipliedBy(3));
    assertThat(turnstile.inside()).isEqualTo(2);
    hanging.forEach(Turnstile.Turn::close);
    assertThat(turnstile.inside()).as("who did not count leaves no place").isEqualTo(2);
  }

  @Test
  void aPlaceThatIsLeftShouldBeTakenAtOnce() throws Exception {
    Turnstile turnstile = new Turnstile(1, LONG);
    Turnstile.Turn turn = turnstile.enter();
    Thread next = enters(turnstile);
    awaitWaiting(next);
    assertThat(entered).hasValue(0);

    turn.close();

    next.join();
    assertThat(entered).hasValue(1);
  }

  @Test
  void whoIsInterruptedShouldGoAheadAndStayInterrupted() throws Exception {
    Turnstile turnstile = new Turnstile(1, LONG);
    Turnstile.Turn turn = turnstile.enter();
    CountDownLatch interrupted = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      Thread thread =
          new Thread(
              () -> {
                turnstile.enter();
                if (Thread.currentThread().isInterrupted()) {
                  interrupted.countDown();
                }
              });
      thread.start();
      awaitWaiting(thread);
      thread.interrupt();
      thread.join();
    }

    assertThat(interrupted.getCount()).isZero();
    turn.close();
  }
}
