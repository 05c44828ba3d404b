package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupedWritesTest {

  private static final int THREADS = 8;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final GroupedWrites writes = new GroupedWrites();
  private final AtomicInteger count = new AtomicInteger();

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoReturnsShouldHaveHisChangeWrittenByAWriteThatBeganAfterIt() throws Exception {
    AtomicLong changed = new AtomicLong();
    AtomicLong safe = new AtomicLong();
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      all.add(
          threads.submit(
              () -> {
                boolean kept = true;
                for (int round = 0; round < 50; round++) {
                  long mine = changed.incrementAndGet();
                  writes.await(
                      () -> {
                        long seen = changed.get();
                        pause(2);
                        safe.set(seen);
                        count.incrementAndGet();
                      });
                  kept &= safe.get() >= mine;
                }
                return kept;
              }));
    }

    for (Future<Boolean> one : all) {
      assertThat(one.get()).isTrue();
    }
    assertThat(count.get()).as("several share one").isLessThan(THREADS * 50 / 2);
  }

  @Test
  void aWriteThatFailsShouldCountForNobody() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Future<String> first =
        threads.submit(
            () -> {
              try {
                writes.await(
                    () -> {
                      begun.countDown();
                      awaitIt(goOn);
                      throw new SQLException("the disk is full");
                    });
                return "written";
              } catch (SQLException e) {
                return String.valueOf(e.getMessage());
              }
            });
    begun.await();
    Future<?> second =
        threads.submit(
            () -> {
              writes.await(count::incrementAndGet);
              return null;
            });
    pause(20);
    assertThat(second.isDone()).as("it may be too late for the first").isFalse();
    goOn.countDown();

    second.get();
    assertThat(first.get()).isEqualTo("the disk is full");
    assertThat(count).hasValue(1);
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
