package org.jamessts.tlsrpt.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.tlsrpt.collect.Sessions.DOMAIN;
import static org.jamessts.tlsrpt.collect.Sessions.domain;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jamessts.testing.SettableClock;
import org.jamessts.tlsrpt.collect.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(TestDatabase.Kind.class)
class SuppressionsTest {

  private final SettableClock clock = new SettableClock();
  private final TestDatabase database;
  private final StoredSuppressions suppressions;

  SuppressionsTest(TestDatabase.Kind kind, @TempDir Path directory) {
    database = new TestDatabase(kind, directory);
    suppressions = new StoredSuppressions(database.access(), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Instant end() {
    return clock.instant().plus(Duration.ofDays(1));
  }

  @Test
  void suppressionShouldHoldUntilItsEnd() throws Exception {
    suppressions.put(SuppressionTarget.parse("example.com"), end(), "me");

    assertThat(suppressions.suppresses(DOMAIN)).isTrue();
    assertThat(suppressions.suppresses(domain(1))).isFalse();
    assertThat(suppressions.suppressesEndpoint("mailto:reports@example.com")).isFalse();
    clock.advance(Duration.ofDays(1));
    assertThat(suppressions.suppresses(DOMAIN)).isFalse();
    assertThat(suppressions.all()).as("what has ended is still shown").hasSize(1);
  }

  @Test
  void suppressionShouldBeChangedAndRemoved() throws Exception {
    SuppressionTarget target = SuppressionTarget.parse("example.com");
    suppressions.put(target, end(), "me");
    clock.advance(Duration.ofHours(1));
    suppressions.put(target, end(), "you");

    assertThat(suppressions.all())
        .containsExactly(new Suppression(target, end(), "you", clock.instant()));
    assertThat(suppressions.remove(target)).isTrue();
    assertThat(suppressions.remove(target)).isFalse();
    assertThat(suppressions.suppresses(DOMAIN)).isFalse();
    assertThat(suppressions.all()).isEmpty();
  }

  @Test
  void otherServersShouldTakeItUp() throws Exception {
    StoredSuppressions other = new StoredSuppressions(database.access(), clock);
    other.refresh();
    suppressions.put(SuppressionTarget.parse("example.com"), end(), "me");
    other.refresh();
    assertThat(other.suppresses(DOMAIN)).as("a moment ago").isFalse();

    clock.advance(Duration.ofSeconds(20));
    other.refresh();

    assertThat(other.suppresses(DOMAIN)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "mailto:Reports@Example.com, mailto:reports@example.com?subject=x",
    "reports@example.com, mailto:reports@example.com",
    "https://Reports.example.com, https://reports.example.com:443/",
    "https://reports.example.com:8443/v1/../tls?x=1, https://reports.example.com:8443/tls?x=1",
  })
  void endpointShouldBeKnownHoweverItIsWritten(String said, String found) throws Exception {
    suppressions.put(SuppressionTarget.parse(said), end(), "me");

    assertThat(suppressions.suppressesEndpoint(found)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mailto:others@example.com",
        "https://reports.example.com:8443/",
        "https://reports.example.com/other",
        "https://reports.example.com/?x=1",
        "https:///",
        "https://a b/",
        "ftp://reports.example.com/",
        "reports@example.com",
        "mailto:nobody"
      })
  void otherEndpointsShouldNotBe(String found) throws Exception {
    suppressions.put(SuppressionTarget.parse("reports@example.com"), end(), "me");
    suppressions.put(SuppressionTarget.parse("https://reports.example.com/"), end(), "me");

    assertThat(suppressions.suppressesEndpoint(found)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no domain", "ftp://a.example/", "mailto:", "https://", "1"})
  void whatIsNeitherShouldBeRefused(String text) {
    assertThatThrownBy(() -> SuppressionTarget.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mailto: or https:");
  }

  @Test
  void lengthShouldBeBounded() {
    String longest = "mailto:" + "x".repeat(993 - 2) + "@y";
    assertThat(SuppressionTarget.parse(longest).text()).hasSize(1_000);
    assertThatThrownBy(() -> SuppressionTarget.parse(longest + "y"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
