package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SingleFlightTest {

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final AtomicInteger runs = new AtomicInteger();
  private boolean refuses;
  private final SingleFlight<String, Integer> flights =
      new SingleFlight<>(
          task -> {
            if (refuses) {
              throw new RejectedExecutionException("full");
            }
            tasks.add(task);
          });

  private CompletableFuture<Integer> ask(String question) {
    return flights.ask(question, runs::incrementAndGet);
  }

  private void work() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @Test
  void equalQuestionsAtOneTimeShouldBeWorkedOnOnce() {
    CompletableFuture<Integer> first = ask("a");
    CompletableFuture<Integer> second = ask("a");
    CompletableFuture<Integer> other = ask("b");

    work();

    assertThat(first).isCompletedWithValue(1);
    assertThat(second).isCompletedWithValue(1);
    assertThat(other).isCompletedWithValue(2);
  }

  @Test
  void aQuestionShouldBeWorkedOnAnewWhenItWasAnswered() {
    CompletableFuture<Integer> first = ask("a");
    work();
    assertThat(first).isCompletedWithValue(1);

    CompletableFuture<Integer> again = ask("a");
    work();

    assertThat(again).isCompletedWithValue(2);
  }

  @Test
  void whoAsksAgainBecauseOfAnAnswerShouldNotGetItOnceMore() {
    List<CompletableFuture<Integer>> again = new ArrayList<>();
    CompletableFuture<Void> asking = ask("a").thenAccept(answer -> again.add(ask("a")));

    work();

    assertThat(asking).isCompleted();
    assertThat(again).singleElement().satisfies(one -> assertThat(one).isCompletedWithValue(2));
  }

  @Test
  void failingWorkShouldFailForAllWhoWaitAndBeTriedAgain() {
    CompletableFuture<Integer> first =
        flights.ask(
            "a",
            () -> {
              throw new StackOverflowError("a deep one");
            });
    CompletableFuture<Integer> second = ask("a");
    work();

    assertThatThrownBy(first::join).hasRootCauseMessage("a deep one");
    assertThatThrownBy(second::join).hasRootCauseMessage("a deep one");
    CompletableFuture<Integer> again = ask("a");
    work();
    assertThat(again).isCompletedWithValue(1);
  }

  @Test
  void refusedWorkShouldFailAndBeTriedAgain() {
    refuses = true;
    assertThatThrownBy(ask("a")::join)
        .hasCauseInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("too many lookups at once");

    refuses = false;
    CompletableFuture<Integer> again = ask("a");
    work();

    assertThat(again).isCompletedWithValue(1);
  }
}
