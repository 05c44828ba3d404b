package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.Latest.latest;
import static org.jamessts.testing.SamplePolicies.none;
import static org.jamessts.testing.SamplePolicies.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.guard.Guards;
import org.jamessts.testing.SettableClock;
import org.jamessts.testing.TemporaryStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptPoliciesTest {

  private final SettableClock clock = new SettableClock();
  private final TemporaryStores stores = new TemporaryStores(100, clock);
  private final AlarmLog alarms = stores.stores().alarms();
  private final List<DomainName> changed = new ArrayList<>();
  private final KeptPolicies kept =
      new KeptPolicies(
          stores.stores().policies(),
          new Downgrades(alarms, clock),
          changed::add,
          clock,
          Guards.ALL);

  @AfterEach
  void close() {
    stores.close();
  }

  @Test
  void holdingShouldEndWhereStoredGoesOn() {
    KnownPolicy policy = policy("a.example", "1", 60, clock.instant());
    kept.adopt(policy);

    clock.advance(Duration.ofSeconds(60).minusNanos(1_000));
    assertThat(kept.holding(Slot.MTA_STS, policy.domain())).contains(policy);
    clock.advance(Duration.ofNanos(1_000));
    assertThat(kept.holding(Slot.MTA_STS, policy.domain())).isEmpty();
    assertThat(kept.stored(Slot.MTA_STS, policy.domain())).contains(policy);
  }

  @Test
  void adoptShouldRaiseWhatBecameLess() {
    kept.adopt(policy("a.example", clock.instant()));
    clock.advance(Duration.ofSeconds(1));

    kept.adopt(none("a.example", 60, clock.instant()));

    assertThat(latest(alarms, 10))
        .extracting(PolicyAlarm::kind)
        .containsExactly(PolicyAlarm.Kind.WEAKENED);
  }

  @Test
  void adoptShouldNotRaiseAnAlarmOverAPolicyThatIsNotTakenSinceALaterOneIsThere() {
    KnownPolicy older = none("a.example", 60, clock.instant());
    clock.advance(Duration.ofSeconds(1));
    KnownPolicy newer = policy("a.example", clock.instant());
    kept.adopt(newer);

    kept.adopt(older);

    assertThat(kept.holding(Slot.MTA_STS, newer.domain())).contains(newer);
    assertThat(latest(alarms, 10)).isEmpty();
  }

  @Test
  void adoptShouldTellOfAnotherPolicyButNotOfTheFirstNorOfTheSameAgain() {
    KnownPolicy first = policy("a.example", "1", 60, clock.instant());
    kept.adopt(first);
    clock.advance(Duration.ofSeconds(1));
    kept.adopt(policy("a.example", "1", 60, clock.instant()));
    assertThat(changed).isEmpty();

    kept.adopt(policy("a.example", "2", 120, clock.instant()));

    assertThat(changed).containsExactly(first.domain());
  }

  @Test
  void giveUpShouldForget() {
    KnownPolicy policy = policy("a.example", clock.instant());
    kept.adopt(policy);

    kept.giveUp(policy);

    assertThat(kept.stored(Slot.MTA_STS, policy.domain())).isEmpty();
  }
}
