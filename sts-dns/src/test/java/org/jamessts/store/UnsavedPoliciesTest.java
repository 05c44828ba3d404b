package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.draft;
import static org.jamessts.testing.SamplePolicies.name;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jamessts.guard.Guards;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.Slot;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;

/** What is kept while the database fails: bounded, and never given up for another domain. */
class UnsavedPoliciesTest {

  private final SettableClock clock = new SettableClock();
  private final UnsavedPolicies unsaved = new UnsavedPolicies(3, clock, Guards.ALL);

  @Test
  void getShouldReturnWhatWasPut() {
    KnownPolicy policy = policy("a.example", 60);

    assertThat(unsaved.put(policy, false)).isTrue();
    assertThat(get("a.example")).contains(policy);
    assertThat(get("b.example")).isEmpty();
  }

  @Test
  void putShouldKeepTheSlotsOfADomainApart() {
    KnownPolicy mtaSts = policy("a.example", 60);
    KnownPolicy confirmed = draft("a.example", Standing.CONFIRMED, 60, clock.instant());
    KnownPolicy candidate = draft("a.example", Standing.CANDIDATE, 60, clock.instant());

    assertThat(List.of(mtaSts, confirmed, candidate))
        .allSatisfy(policy -> assertThat(unsaved.put(policy, false)).isTrue());

    assertThat(unsaved.all()).containsExactlyInAnyOrder(mtaSts, confirmed, candidate);
    unsaved.remove(candidate);
    assertThat(unsaved.all()).containsExactlyInAnyOrder(mtaSts, confirmed);
    assertThat(unsaved.get(new PolicyKey(Slot.DRAFT, name("a.example")))).contains(confirmed);
  }

  @Test
  void putShouldCountALargePolicyAsSeveral() {
    assertThat(unsaved.put(policy("large.example", 60, "x".repeat(1_700)), false)).isTrue();

    assertThat(unsaved.isFull()).isTrue();
    assertThat(unsaved.put(policy("a.example", 60), false)).isFalse();
  }

  @Test
  void putShouldNotLetAKnownDomainTakeAllTheMemory() {
    fill();
    clock.advance(Duration.ofSeconds(1));

    assertThat(unsaved.put(policy("a.example", 60, "x".repeat(60_000)), false)).isFalse();
    assertThat(get("a.example").orElseThrow().text()).isEqualTo("text");
  }

  @Test
  void putShouldGiveRoomBackWhenALargePolicyBecomesSmall() {
    unsaved.put(policy("a.example", 60, "x".repeat(1_700)), false);
    clock.advance(Duration.ofSeconds(1));

    assertThat(unsaved.put(policy("a.example", 60), false)).isTrue();
    assertThat(unsaved.put(policy("b.example", 60), false)).isTrue();
    assertThat(unsaved.put(policy("c.example", 60), false)).isTrue();
    assertThat(unsaved.isFull()).isTrue();
  }

  @Test
  void removeShouldGiveRoomAndLeaveANewerPolicy() {
    fill();
    KnownPolicy older = get("a.example").orElseThrow();
    clock.advance(Duration.ofSeconds(1));
    unsaved.put(policy("a.example", 60), false);

    unsaved.remove(older);
    assertThat(unsaved.isFull()).isTrue();
    unsaved.remove(get("a.example").orElseThrow());
    assertThat(unsaved.isFull()).isFalse();
    assertThat(get("a.example")).isEmpty();
  }

  @Test
  void putShouldReplaceAnOlderPolicyEvenByOneThatExpiresSooner() {
    unsaved.put(policy("a.example", 60), false);
    KnownPolicy newer = policy("a.example", 0);

    assertThat(unsaved.put(newer, false)).isTrue();
    assertThat(unsaved.all()).containsExactly(newer);
  }

  @Test
  void putShouldNotReplaceANewerPolicy() {
    KnownPolicy older = policy("a.example", 60);
    clock.advance(Duration.ofSeconds(1));
    KnownPolicy newer = policy("a.example", 30);
    unsaved.put(newer, false);

    assertThat(unsaved.put(older, false)).isTrue();
    assertThat(unsaved.all()).containsExactly(newer);
  }

  @Test
  void putShouldRefuseANewDomainRatherThanForgetOneThatHolds() {
    fill();

    assertThat(unsaved.put(policy("d.example", 10_000), false)).isFalse();
    assertThat(unsaved.all())
        .extracting(policy -> policy.domain().value())
        .containsExactlyInAnyOrder("a.example", "b.example", "c.example");
  }

  @Test
  void putShouldUpdateAKnownDomainWhenFull() {
    fill();
    KnownPolicy newer = policy("b.example", 5);

    assertThat(unsaved.put(newer, false)).isTrue();
    assertThat(get("b.example")).contains(newer);
  }

  @Test
  void putShouldMakeRoomByForgettingWhatHasExpired() {
    fill();
    clock.advance(Duration.ofSeconds(20));

    assertThat(unsaved.put(policy("d.example", 60), false)).isTrue();
    assertThat(unsaved.all())
        .extracting(policy -> policy.domain().value())
        .containsExactlyInAnyOrder("c.example", "d.example");
  }

  @Test
  void putShouldNotForgetAPolicyWhoseExpiryWasPutOff() {
    fill();
    unsaved.put(policy("a.example", 1000), false);
    clock.advance(Duration.ofSeconds(20));
    unsaved.put(policy("d.example", 60), false);

    assertThat(get("a.example")).isPresent();
  }

  @Test
  void putShouldForgetAllThatExpiredTogether() {
    unsaved.put(draft("a.example", Standing.CONFIRMED, 60, clock.instant()), false);
    unsaved.put(draft("b.example", Standing.CONFIRMED, 60, clock.instant()), false);
    unsaved.put(draft("b.example", Standing.CANDIDATE, 60, clock.instant()), false);
    assertThat(unsaved.all()).hasSize(3);
    clock.advance(Duration.ofSeconds(60));

    assertThat(unsaved.put(policy("large.example", 60, "x".repeat(1_700)), false)).isTrue();

    assertThat(unsaved.all())
        .extracting(policy -> policy.domain().value())
        .containsExactly("large.example");
  }

  private void fill() {
    unsaved.put(policy("a.example", 10), false);
    unsaved.put(policy("b.example", 20), false);
    unsaved.put(policy("c.example", 30), false);
  }

  private Optional<KnownPolicy> get(String domain) {
    return unsaved.get(new PolicyKey(Slot.MTA_STS, name(domain)));
  }

  private KnownPolicy policy(String domain, long maxAge) {
    return policy(domain, maxAge, "text");
  }

  private KnownPolicy policy(String domain, long maxAge, String text) {
    return new KnownMtaStsPolicy(
        name(domain),
        "1",
        new StsPolicy(StsMode.NONE, List.of(), Duration.ofSeconds(maxAge), text),
        clock.instant());
  }
}
