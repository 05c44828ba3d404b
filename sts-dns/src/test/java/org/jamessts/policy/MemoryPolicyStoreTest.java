package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryPolicyStoreTest {

  private final SettableClock clock = new SettableClock();
  private final MemoryPolicyStore store = new MemoryPolicyStore(3, clock);

  @Nested
  class Contract implements PolicyStoreContract {
    private final MemoryPolicyStore memory = new MemoryPolicyStore(100, clock);

    @Override
    public PolicyStore store() {
      return memory;
    }

    @Override
    public SettableClock clock() {
      return clock;
    }
  }

  @Test
  void putShouldCountALargePolicyAsSeveral() {
    assertThat(store.put(policy("large.example", 60, "x".repeat(1_700)))).isTrue();

    assertThat(store.isFull()).isTrue();
    assertThat(store.put(policy("a.example", 60))).isFalse();
  }

  @Test
  void putShouldNotLetAKnownDomainTakeAllTheMemory() {
    fill();
    clock.advance(Duration.ofSeconds(1));

    assertThat(store.put(policy("a.example", 60, "x".repeat(60_000)))).isFalse();
    assertThat(store.get(PolicyWorld.name("a.example")).orElseThrow().policy().text())
        .isEqualTo("text");
  }

  @Test
  void removeShouldGiveRoomAndLeaveANewerPolicy() {
    fill();
    KnownPolicy older = store.get(PolicyWorld.name("a.example")).orElseThrow();
    clock.advance(Duration.ofSeconds(1));
    store.put(policy("a.example", 60));

    store.remove(older);
    assertThat(store.isFull()).isTrue();
    store.remove(store.get(older.domain()).orElseThrow());
    assertThat(store.isFull()).isFalse();
    assertThat(store.get(older.domain())).isEmpty();
  }

  @Test
  void getShouldReturnWhatWasPut() {
    KnownPolicy policy = policy("a.example", 60);

    assertThat(store.put(policy)).isTrue();
    assertThat(store.get(policy.domain())).contains(policy);
    assertThat(store.get(PolicyWorld.name("b.example"))).isEmpty();
  }

  @Test
  void putShouldReplaceAnOlderPolicyEvenByOneThatExpiresSooner() {
    store.put(policy("a.example", 60));
    KnownPolicy newer = policy("a.example", 0);

    assertThat(store.put(newer)).isTrue();
    assertThat(store.known()).containsExactly(newer);
  }

  @Test
  void putShouldNotReplaceANewerPolicy() {
    KnownPolicy older = policy("a.example", 60);
    clock.advance(Duration.ofSeconds(1));
    KnownPolicy newer = policy("a.example", 30);
    store.put(newer);

    assertThat(store.put(older)).isTrue();
    assertThat(store.known()).containsExactly(newer);
  }

  @Test
  void putShouldRefuseANewDomainRatherThanForgetOneThatHolds() {
    fill();

    assertThat(store.put(policy("d.example", 10_000))).isFalse();
    assertThat(store.known())
        .extracting(policy -> policy.domain().value())
        .containsExactlyInAnyOrder("a.example", "b.example", "c.example");
  }

  @Test
  void putShouldUpdateAKnownDomainWhenFull() {
    fill();
    KnownPolicy newer = policy("b.example", 5);

    assertThat(store.put(newer)).isTrue();
    assertThat(store.get(newer.domain())).contains(newer);
  }

  @Test
  void putShouldMakeRoomByForgettingWhatHasExpired() {
    fill();
    clock.advance(Duration.ofSeconds(20));

    assertThat(store.put(policy("d.example", 60))).isTrue();
    assertThat(store.known())
        .extracting(policy -> policy.domain().value())
        .containsExactlyInAnyOrder("c.example", "d.example");
  }

  @Test
  void putShouldNotForgetAPolicyWhoseExpiryWasPutOff() {
    fill();
    store.put(policy("a.example", 1000));
    clock.advance(Duration.ofSeconds(20));
    store.put(policy("d.example", 60));

    assertThat(store.get(PolicyWorld.name("a.example"))).isPresent();
  }

  @Test
  void putShouldKeepTwoPoliciesThatExpireTogether() {
    store.put(policy("a.example", 60));
    store.put(policy("b.example", 60));

    assertThat(store.known()).hasSize(2);
  }

  private void fill() {
    store.put(policy("a.example", 10));
    store.put(policy("b.example", 20));
    store.put(policy("c.example", 30));
  }

  private KnownPolicy policy(String domain, long maxAge) {
    return policy(domain, maxAge, "text");
  }

  private KnownPolicy policy(String domain, long maxAge, String text) {
    return new KnownPolicy(
        PolicyWorld.name(domain),
        "1",
        new StsPolicy(StsMode.NONE, List.of(), Duration.ofSeconds(maxAge), text),
        clock.instant());
  }
}
