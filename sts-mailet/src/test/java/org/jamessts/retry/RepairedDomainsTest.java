package org.jamessts.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RepairedDomainsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final RepairedDomains domains = new RepairedDomains();

  @Test
  void deliveryShouldCountWhereMailWaits() {
    assertThat(domains.delivered("a.test", NOW)).isFalse();
    domains.waits("a.test");

    assertThat(domains.delivered("a.test", NOW)).isTrue();

    assertThat(domains.take()).containsExactly("a.test");
    assertThat(domains.take()).isEmpty();
  }

  @Test
  void deliveryShouldCountOnceAMinuteHoweverOftenMailIsDeferredAgain() {
    domains.waits("a.test");
    domains.delivered("a.test", NOW);
    domains.take();
    domains.waits("a.test");

    assertThat(domains.delivered("a.test", NOW.plusSeconds(59))).isFalse();
    assertThat(domains.delivered("a.test", NOW.plusSeconds(60))).isTrue();
  }

  @Test
  void anotherPolicyShouldCountWhetherOrNotMailIsKnownToWait() {
    assertThat(domains.changed("a.test")).isTrue();
    assertThat(domains.changed("a.test")).as("known already").isFalse();

    assertThat(domains.take()).containsExactly("a.test");
  }

  @Test
  void floodOfDomainsShouldBeBounded() {
    domains.waits("first.test");
    for (int i = 0; i < 20_000; i++) {
      domains.waits("d" + i + ".test");
      domains.changed("d" + i + ".test");
    }

    assertThat(domains.delivered("first.test", NOW)).isFalse();
    assertThat(domains.take()).hasSize(10_000);
    assertThat(domains.delivered("d19999.test", NOW)).isTrue();
  }
}
