package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.allOf;
import static org.jamessts.testing.SamplePolicies.name;
import static org.jamessts.testing.SamplePolicies.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every store of policies keeps to. It begins empty and has room for 100 policies in memory.
 */
public interface PolicyStoreContract {

  /** How many domains somebody makes up; with {@code -Dsts.flood=1000000}, that many. */
  int FLOOD = Integer.getInteger("sts.flood", 2_000);

  PolicyStore store();

  SettableClock clock();

  @Test
  default void getShouldReturnTextAndValueThatWerePut() {
    KnownPolicy policy = policy("a.example", clock().instant());

    assertThat(store().put(policy)).isTrue();
    assertThat(store().get(Slot.MTA_STS, policy.domain())).contains(policy);
    assertThat(store().get(Slot.MTA_STS, name("b.example"))).isEmpty();
  }

  @Test
  default void putShouldReplaceAnOlderPolicyByOneThatExpiresSooner() {
    store().put(policy("a.example", clock().instant()));
    clock().advance(Duration.ofSeconds(1));
    KnownPolicy newer = policy("a.example", "2", 60, clock().instant());

    assertThat(store().put(newer)).isTrue();
    assertThat(store().get(Slot.MTA_STS, newer.domain())).contains(newer);
    assertThat(allOf(store())).containsExactly(newer);
  }

  @Test
  default void putShouldNotReplaceAPolicyThatWasFetchedLater() {
    KnownPolicy older = policy("a.example", "1", 1_000_000, clock().instant());
    clock().advance(Duration.ofNanos(1_000));
    KnownPolicy newer = policy("a.example", "2", 60, clock().instant());
    store().put(newer);

    assertThat(store().put(older)).isTrue();
    assertThat(store().get(Slot.MTA_STS, newer.domain())).contains(newer);
    assertThat(allOf(store())).containsExactly(newer);
  }

  @Test
  default void theLatestFetchShouldWinWhenManyPutAtOnce() throws Exception {
    Instant start = clock().instant();
    List<KnownPolicy> versions =
        new ArrayList<>(
            IntStream.range(0, 100)
                .mapToObj(i -> policy("a.example", "v" + i, 604_800, start.plusMillis(i)))
                .toList());
    KnownPolicy newest = versions.get(99);
    Collections.shuffle(versions, new Random(17));

    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> puts = new ArrayList<>();
      versions.forEach(version -> puts.add(threads.submit(() -> store().put(version))));
      for (Future<Boolean> put : puts) {
        assertThat(put.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store().get(Slot.MTA_STS, newest.domain())).contains(newest);
    assertThat(allOf(store())).containsExactly(newest);
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  @Rule(value = "RFC 8461 S14", in = PolicyStore.class)
  default void aFloodOfOtherDomainsShouldMakeNoneForgotten() {
    Instant now = clock().instant();
    List<KnownMtaStsPolicy> before =
        IntStream.range(0, 50).mapToObj(i -> policy("good" + i + ".example", now)).toList();
    before.forEach(policy -> assertThat(store().put(policy)).isTrue());

    int kept = 0;
    for (int i = 0; i < FLOOD; i++) {
      kept += store().put(policy("hostile" + i + ".example", now)) ? 1 : 0;
    }

    assertThat(before)
        .allSatisfy(good -> assertThat(store().get(Slot.MTA_STS, good.domain())).contains(good));
    int found = 0;
    for (int i = 0; i < FLOOD; i++) {
      found += store().get(Slot.MTA_STS, name("hostile" + i + ".example")).isPresent() ? 1 : 0;
    }
    assertThat(found).as("every one that was taken").isEqualTo(kept);
  }
}
