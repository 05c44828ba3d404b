package org.jamessts.policy;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Lets equal questions at one time be worked on once, on threads of its own: whoever asks may wait
 * for the answer as long as he likes, and the work goes on without him. Safe for use by many
 * threads.
 *
 * @param <K> the question
 * @param <V> the answer
 */
final class SingleFlight<K, V> {

  private final Map<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();
  private final Executor threads;

  /**
   * @param threads where the work is done; it may refuse
   */
  SingleFlight(Executor threads) {
    this.threads = threads;
  }

  /**
   * Answers a question.
   *
   * @param question what is asked
   * @param work finds the answer; not run when somebody else's is running
   * @return the answer to come; it fails when the work does, or when there is too much of it
   */
  CompletableFuture<V> ask(K question, Supplier<V> work) {
    return ask(question, work, threads);
  }

  /** The same with the work done on this thread. */
  CompletableFuture<V> askHere(K question, Supplier<V> work) {
    return ask(question, work, Runnable::run);
  }

  private CompletableFuture<V> ask(K question, Supplier<V> work, Executor where) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> theirs = flights.putIfAbsent(question, mine);
    if (theirs != null) {
      return theirs;
    }
    try {
      where.execute(() -> fly(question, mine, work));
    } catch (RejectedExecutionException e) {
      flights.remove(question, mine);
      mine.completeExceptionally(new RejectedExecutionException("too many lookups at once", e));
    }
    return mine;
  }

  private void fly(K question, CompletableFuture<V> flight, Supplier<V> work) {
    try {
      V answer = work.get();
      // Before the answer is known: who asks again because of it must not get it once more.
      flights.remove(question, flight);
      flight.complete(answer);
    } catch (RuntimeException | Error e) {
      flights.remove(question, flight);
      flight.completeExceptionally(e);
    }
  }
}
