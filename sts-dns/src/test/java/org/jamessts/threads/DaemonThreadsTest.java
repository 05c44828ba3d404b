package org.jamessts.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

  @Test
  void taskShouldBeRunByWhoeverBringsItWhenAllThreadsAreBusy() throws Exception {
    Executor two = DaemonThreads.upTo(2, "test-busy");
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      two.execute(
          () -> {
            started.countDown();
            await(end);
          });
    }
    started.await();

    assertThat(CompletableFuture.supplyAsync(Thread::currentThread, two).get())
        .isEqualTo(Thread.currentThread());
    end.countDown();
  }

  @Test
  void threadsShouldBeDaemonsOfThatName() throws Exception {
    Thread thread =
        CompletableFuture.supplyAsync(Thread::currentThread, DaemonThreads.upTo(1, "test-daemon"))
            .get();

    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("test-daemon");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
