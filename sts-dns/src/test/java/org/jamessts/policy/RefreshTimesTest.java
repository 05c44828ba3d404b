package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshTimesTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456Z");

  @ParameterizedTest(name = "max_age {0}: within {1}")
  @CsvSource({
    "0, PT5M",
    "60, PT5M",
    "600, PT5M",
    "602, PT5M1S",
    "3600, PT30M",
    "172800, PT24H",
    "172799, PT23H59M59.5S",
    "31557600, PT24H"
  })
  @Rule(value = "RFC 8461 S15", in = RefreshTimes.class)
  void dueShouldComeAfterHalfOfTheLifetimeOrADayLessATenthAtMost(long maxAge, Duration wait) {
    for (int i = 0; i < 200; i++) {
      KnownPolicy policy = policy("d" + i + ".example", "1", maxAge, NOW);

      assertThat(RefreshTimes.due(policy))
          .isAfterOrEqualTo(NOW.plus(wait.multipliedBy(9).dividedBy(10)))
          .isBeforeOrEqualTo(NOW.plus(wait));
    }
  }

  @Test
  void dueShouldSpreadWhatWasFetchedTogether() {
    long apart =
        IntStream.range(0, 500)
            .mapToObj(i -> RefreshTimes.due(policy("d" + i + ".example", NOW)))
            .distinct()
            .count();

    assertThat(apart).isGreaterThan(80);
  }

  @Test
  void dueShouldNotPutADomainAtTheSamePlaceEveryDay() {
    long apart =
        IntStream.range(0, 100)
            .mapToObj(day -> policy("a.example", NOW.plus(Duration.ofSeconds(82_831L * day))))
            .map(policy -> Duration.between(policy.fetchedAt(), RefreshTimes.due(policy)))
            .distinct()
            .count();

    assertThat(apart).isGreaterThan(30);
  }

  @Test
  @Rule(value = "RFC 8461 S16", in = RefreshTimes.class)
  void theEndShouldBeNearInTheLastQuarterOfTheLifetime() {
    KnownPolicy policy = policy("a.example", "1", 4_000, NOW);

    assertThat(RefreshTimes.nearsItsEnd(policy)).isEqualTo(NOW.plusSeconds(3_000));
    assertThat(RefreshTimes.isExpiringSoon(policy, NOW.plusSeconds(3_000).minusNanos(1))).isFalse();
    assertThat(RefreshTimes.isExpiringSoon(policy, NOW.plusSeconds(3_000))).isTrue();
  }
}
