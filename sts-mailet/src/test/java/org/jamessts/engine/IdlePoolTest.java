package org.jamessts.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;

class IdlePoolTest {

  private static final Duration IDLE = Duration.ofSeconds(5);

  private final SettableClock clock = new SettableClock();
  private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

  private IdlePool<String, String> pool(int capacity, Duration idle, Clock time) {
    return new IdlePool<>(capacity, idle, time, ended::add);
  }

  private String nextEnd() throws InterruptedException {
    return ended.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void oneShouldBelongToWhoeverTakesIt() {
    IdlePool<String, String> pool = pool(10, IDLE, clock);
    pool.put("host", "session");

    assertThat(pool.take("other")).isEmpty();
    assertThat(pool.take("host")).contains("session");
    assertThat(pool.take("host")).isEmpty();
    assertThat(pool.size()).isZero();
  }

  @Test
  void theOneUsedLastShouldBeTakenFirst() {
    IdlePool<String, String> pool = pool(10, IDLE, clock);
    pool.put("host", "early");
    pool.put("host", "late");

    assertThat(pool.take("host")).contains("late");
    assertThat(pool.take("host")).contains("early");
  }

  @Test
  void oneThatWasIdleTooLongShouldNotBeTaken() {
    IdlePool<String, String> pool = pool(10, IDLE, clock);
    pool.put("host", "session");

    clock.advance(IDLE.plusMillis(1));

    assertThat(pool.take("host")).isEmpty();
  }

  @Test
  void oneThatNobodyTakesShouldBeEnded() throws InterruptedException {
    IdlePool<String, String> pool = pool(10, Duration.ofMillis(50), Clock.systemUTC());
    pool.put("host", "session");

    assertThat(nextEnd()).isEqualTo("session");
    assertThat(pool.size()).isZero();
    // The reaper works again after it had nothing to do.
    pool.put("host", "second");
    assertThat(nextEnd()).isEqualTo("second");
  }

  @Test
  void theLongestIdleShouldMakeRoomForOneTooMany() throws InterruptedException {
    IdlePool<String, String> pool = pool(2, IDLE, clock);
    pool.put("a", "first");
    pool.put("b", "second");
    pool.put("a", "third");

    assertThat(nextEnd()).isEqualTo("first");
    assertThat(pool.take("a")).contains("third");
    assertThat(pool.take("a")).isEmpty();
    assertThat(pool.take("b")).contains("second");
  }

  @Test
  void noneShouldBeKeptAfterTheEnd() throws InterruptedException {
    IdlePool<String, String> pool = pool(2, IDLE, clock);
    pool.put("a", "kept");

    pool.close();
    pool.put("a", "late");

    assertThat(List.of(nextEnd(), nextEnd())).containsExactlyInAnyOrder("kept", "late");
    assertThat(pool.take("a")).isEmpty();
  }

  @Test
  void noneShouldBeKeptWhereNoTimeIsGranted() throws InterruptedException {
    IdlePool<String, String> pool = pool(2, Duration.ZERO, clock);

    pool.put("a", "session");

    assertThat(nextEnd()).isEqualTo("session");
  }

  @Test
  void noThreadShouldWaitForTheNextLookAfterTheEnd() throws Exception {
    Set<Thread> others = reapers();
    IdlePool<String, String> pool = pool(10, Duration.ofHours(1), clock);
    pool.put("key", "value");
    Set<Thread> own = reapers();
    own.removeAll(others);
    assertThat(own).hasSize(1);

    pool.close();

    assertThat(nextEnd()).isEqualTo("value");
    for (Thread reaper : own) {
      reaper.join(Duration.ofSeconds(30).toMillis());
      assertThat(reaper.isAlive()).isFalse();
    }
  }

  private static Set<Thread> reapers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("sts-pool-reaper"))
        .collect(Collectors.toCollection(HashSet::new));
  }
}
