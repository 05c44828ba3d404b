package org.jamessts.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Lets equal questions at one time be worked on once: the first to ask works, the others wait for
 * its answer. Safe for use by many threads.
 *
 * @param <K> the question
 * @param <V> the answer
 */
final class SingleFlight<K, V> {

  private final Map<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();
  private final Duration patience;

  /**
   * @param patience how long to wait for another's answer
   */
  SingleFlight(Duration patience) {
    this.patience = patience;
  }

  /**
   * Answers a question.
   *
   * @param question what is asked
   * @param work finds the answer; run on this thread, or not at all
   * @return the answer; nothing when another's did not come in time, or the wait was interrupted
   */
  Optional<V> ask(K question, Supplier<V> work) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> theirs = flights.putIfAbsent(question, mine);
    return theirs == null ? Optional.of(fly(question, mine, work)) : await(theirs);
  }

  private V fly(K question, CompletableFuture<V> flight, Supplier<V> work) {
    try {
      V answer = work.get();
      flight.complete(answer);
      return answer;
    } catch (RuntimeException | Error e) {
      flight.completeExceptionally(e);
      throw e;
    } finally {
      flights.remove(question, flight);
    }
  }

  private Optional<V> await(CompletableFuture<V> flight) {
    try {
      return Optional.of(flight.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the one who worked on it failed", e);
    }
  }
}
