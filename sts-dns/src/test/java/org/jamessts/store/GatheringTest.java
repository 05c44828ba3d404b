package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jamessts.deferral.DeferralStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatheringTest {

  private static final int THREADS = 20;
  private static final int MOST = 8;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final List<List<Integer>> steps = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch first = new CountDownLatch(1);

  /** The first step, of 0 alone, waits until it may end. */
  private final Gathering<Integer> gathering = new Gathering<>(MOST, this::step);

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private void step(List<Integer> things) throws DeferralStoreException {
    steps.add(things);
    try {
      if (things.contains(0) && !first.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody has ended the first step");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (things.contains(THREADS)) {
      throw new DeferralStoreException("no " + THREADS);
    }
  }

  private Future<Integer> bring(int thing) {
    return threads.submit(
        () -> {
          gathering.bring(thing);
          return thing;
        });
  }

  /** All that are brought while the first step is under way. */
  private List<Future<Integer>> bringMeanwhile(int from, int to) throws Exception {
    List<Future<Integer>> all = new ArrayList<>(List.of(bring(0)));
    await().until(() -> steps.size() == 1);
    for (int i = from; i < to; i++) {
      all.add(bring(i));
    }
    await().until(() -> gathering.waiting() == to - from);
    first.countDown();
    return all;
  }

  @Test
  void whatComesDuringAStepShouldBeDoneInFewStepsNoneOfWhichIsTooLarge() throws Exception {
    List<Future<Integer>> all = bringMeanwhile(1, THREADS);

    for (Future<Integer> one : all) {
      assertThat(one.get()).isBetween(0, THREADS - 1);
    }
    assertThat(steps).allSatisfy(step -> assertThat(step).hasSizeLessThanOrEqualTo(MOST));
    assertThat(steps).hasSizeLessThan(THREADS / 2);
    assertThat(steps.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(THREADS);
  }

  @Test
  void whoeverWasPartOfAStepThatFailedShouldHearOfIt() throws Exception {
    List<Future<Integer>> all = bringMeanwhile(THREADS - 2, THREADS + 1);

    assertThat(all.get(0).get()).isZero();
    for (Future<Integer> one : all.subList(1, all.size())) {
      assertThatThrownBy(one::get)
          .hasCauseInstanceOf(DeferralStoreException.class)
          .hasMessageContaining("no " + THREADS);
    }
  }

  @Test
  void aStepAfterAFailedOneShouldSucceed() throws Exception {
    assertThatThrownBy(() -> gathering.bring(THREADS)).isInstanceOf(DeferralStoreException.class);

    gathering.bring(1);

    assertThat(steps).containsExactly(List.of(THREADS), List.of(1));
  }
}
