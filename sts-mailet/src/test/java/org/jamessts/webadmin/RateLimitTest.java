package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private final SettableClock clock = new SettableClock();
  private final RateLimit limit = new RateLimit(2, Duration.ofSeconds(6), clock);

  @Test
  void soManyShouldPassAtOnceAndThenOneEachInterval() {
    assertThat(limit.pass()).isZero();
    assertThat(limit.pass()).isZero();
    assertThat(limit.pass()).isEqualTo(Duration.ofSeconds(6));

    clock.advance(Duration.ofSeconds(5));
    assertThat(limit.pass()).isEqualTo(Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(limit.pass()).isZero();
    assertThat(limit.pass()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void whoWaitsLongShouldNotSaveUpMore() {
    limit.pass();
    clock.advance(Duration.ofDays(1));

    assertThat(limit.pass()).isZero();
    assertThat(limit.pass()).isZero();
    assertThat(limit.pass()).isPositive();
  }

  @Test
  void nobodyShouldWaitLongerForAClockThatWasSetBack() {
    limit.pass();
    limit.pass();
    clock.advance(Duration.ofDays(-1));

    assertThat(limit.pass()).isEqualTo(Duration.ofSeconds(6));
    clock.advance(Duration.ofSeconds(6));
    assertThat(limit.pass()).isZero();
  }
}
