package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;

class FetchFailuresTest {

  private static final PolicyFailure FAILURE =
      new PolicyFailure(PolicyFailure.Kind.FETCH, "no answer");

  private final SettableClock clock = new SettableClock();
  private final FetchFailures failures = new FetchFailures(clock, Duration.ofMinutes(5), 2);
  private final DomainName a = PolicyWorld.name("a.example");
  private final DomainName b = PolicyWorld.name("b.example");

  @Test
  @Rule(value = "RFC 8461 S10", in = FetchFailures.class)
  void recentShouldTellAFailureForFiveMinutes() {
    failures.add(a, "1", FAILURE);
    clock.advance(Duration.ofMinutes(5).minusNanos(1));
    assertThat(failures.recent(a, "1")).contains(FAILURE);
    clock.advance(Duration.ofNanos(1));
    assertThat(failures.recent(a, "1")).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S10", in = FetchFailures.class)
  void recentShouldTellDomainsAndIdsApart() {
    failures.add(a, "1", FAILURE);

    assertThat(failures.recent(a, "2")).isEmpty();
    assertThat(failures.recent(b, "1")).isEmpty();
  }

  @Test
  void addShouldForgetTheOldestWhenFull() {
    failures.add(a, "1", FAILURE);
    failures.add(a, "2", FAILURE);
    failures.add(a, "1", FAILURE);
    failures.add(b, "1", FAILURE);

    assertThat(failures.recent(a, "1")).isPresent();
    assertThat(failures.recent(a, "2")).isEmpty();
    assertThat(failures.recent(b, "1")).isPresent();
  }
}
