package org.jamessts.override;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.override.MemoryOverrideStore.Behaviour;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stored overrides: what is found, how it changes, and what happens when the store fails. */
class OverridesTest {

  private final SettableClock clock = new SettableClock();
  private final MemoryOverrideStore store = new MemoryOverrideStore();
  private final RecordingLog log = new RecordingLog();
  private Overrides overrides;

  OverridesTest() throws Exception {
    overrides = open();
  }

  @BeforeEach
  void forgetLog() {
    log.drain();
  }

  @ParameterizedTest(name = "{0} follows {1}")
  @CsvSource({
    "mail.a.example, mail.a.example",
    "MAIL.a.example., mail.a.example",
    "b.mail.a.example, *.mail.a.example",
    "c.b.mail.a.example, *.mail.a.example",
    "other.a.example, *.a.example",
    "x.other.a.example, *.a.example",
    "a.example, *.example",
    "b.example, *.example",
    "example, ''",
    "a.test, ''"
  })
  void findShouldTakeTheMostSpecific(String domain, String pattern) throws Exception {
    for (String known : new String[] {"*.example", "*.a.example", "mail.a.example"}) {
      put(minimum(known));
    }
    put(minimum("*.mail.a.example"));

    assertThat(find(domain)).isEqualTo(pattern);
  }

  @Test
  void findShouldGiveAllThatApplyTheMostSpecificFirst() throws Exception {
    put(minimum("*.a.example"));
    put(policy("mail.a.example"));
    put(minimum("*.example"));
    put(minimum("*.other.example"));

    assertThat(overrides.find(DomainName.parse("mail.a.example"), clock.instant()))
        .extracting(override -> override.pattern().toString())
        .containsExactly("mail.a.example", "*.a.example", "*.example");
  }

  @Test
  void findShouldFallThroughWhenTheMostSpecificHasEnded() throws Exception {
    put(minimum("*.example"));
    put(exempt("*.a.example", clock.instant().plus(Duration.ofDays(2))));
    put(exempt("mail.a.example", clock.instant().plus(Duration.ofDays(1))));

    assertThat(find("mail.a.example")).isEqualTo("mail.a.example");
    clock.advance(Duration.ofDays(1));
    assertThat(find("mail.a.example")).isEqualTo("*.a.example");
    clock.advance(Duration.ofDays(1));
    assertThat(find("mail.a.example")).isEqualTo("*.example");
  }

  @Test
  void findShouldNotAskTheStore() throws Exception {
    put(minimum("a.example"));
    int reads = store.reads();

    store.will(Behaviour.THROWS);

    assertThat(find("a.example")).isEqualTo("a.example");
    assertThat(store.reads()).isEqualTo(reads);
  }

  @Test
  void putShouldStoreLogAndApplyAtOnce() {
    assertThat(overrides.put(minimum("a.example"), "alice"))
        .isEqualTo(new OverrideChange.Done(Optional.empty()));
    assertThat(overrides.put(policy("a.example"), "bob"))
        .isEqualTo(new OverrideChange.Done(Optional.of(minimum("a.example"))));

    assertThat(overrides.stored())
        .containsExactly(new StoredOverride(policy("a.example"), "bob", clock.instant()));
    assertThat(store.all()).isEqualTo(overrides.stored());
    assertThat(log.drain())
        .containsExactly(
            "INFO override of a.example set by alice:"
                + " {\"domain\":\"a.example\",\"minimum\":\"verified\"}",
            "INFO override of a.example set by bob:"
                + " {\"domain\":\"a.example\",\"policy\":{\"mode\":\"enforce\",\"mx\":[\"mx\"]}}"
                + " (before: {\"domain\":\"a.example\",\"minimum\":\"verified\"})");
  }

  @Test
  void putShouldSetTheSameOnceMoreUnderAnotherName() {
    put(minimum("a.example"));
    log.drain();

    overrides.put(minimum("a.example"), "bob");

    assertThat(overrides.stored()).extracting(StoredOverride::changedBy).containsExactly("bob");
    assertThat(log.drain()).hasSize(1);
  }

  @Test
  void putShouldRefuseAnEndThatIsNotAhead() {
    Instant now = clock.instant();

    assertThat(overrides.put(exempt("a.example", now), "alice"))
        .isEqualTo(
            new OverrideChange.Refused("until is " + now + "; allowed is a moment after " + now));
    assertThat(overrides.stored()).isEmpty();
    assertThat(store.all()).isEmpty();
    assertThat(log.drain()).isEmpty();
  }

  @Test
  void putShouldKeepTheLogToOneLineWhoeverAsks() {
    overrides.put(
        minimum("a.example"), "eve\r\nINFO override of b.example\u202e" + "x".repeat(999));

    assertThat(log.drain())
        .singleElement()
        .asString()
        .startsWith("INFO override of a.example set by eve??INFO override of b.example?xx")
        .doesNotContain("\n")
        .hasSizeLessThan(250);
  }

  @Test
  void removeShouldLogWhatWasThereAndApplyAtOnce() throws Exception {
    put(minimum("a.example"));
    log.drain();

    assertThat(overrides.remove(DomainPattern.parse("a.example"), "bob"))
        .isEqualTo(new OverrideChange.Done(Optional.of(minimum("a.example"))));

    assertThat(find("a.example")).isEmpty();
    assertThat(store.all()).isEmpty();
    assertThat(log.drain())
        .containsExactly(
            "INFO override of a.example removed by bob:"
                + " {\"domain\":\"a.example\",\"minimum\":\"verified\"}");
  }

  @Test
  void removeShouldDoNothingWhenThereIsNone() throws Exception {
    put(minimum("*.example"));
    log.drain();

    assertThat(overrides.remove(DomainPattern.parse("a.example"), "bob"))
        .isEqualTo(new OverrideChange.Done(Optional.empty()));
    assertThat(log.drain()).isEmpty();
  }

  @Test
  void reloadShouldSeeWhatAnotherServerChanged() throws Exception {
    Overrides other = open();
    put(minimum("a.example"));
    assertThat(other.stored()).isEmpty();

    other.reload();
    assertThat(other.stored()).isEqualTo(overrides.stored());

    other.remove(DomainPattern.parse("a.example"), "bob");
    assertThat(find("a.example")).isEqualTo("a.example");
    overrides.reload();
    assertThat(find("a.example")).isEmpty();
  }

  @Test
  void changesShouldReplaceWhatAnotherServerStoredMeanwhile() throws Exception {
    Overrides second = open();
    Overrides third = open();
    put(minimum("a.example"));
    put(minimum("b.example"));

    assertThat(second.put(policy("a.example"), "bob"))
        .isEqualTo(new OverrideChange.Done(Optional.of(minimum("a.example"))));
    assertThat(third.remove(DomainPattern.parse("b.example"), "bob"))
        .isEqualTo(new OverrideChange.Done(Optional.of(minimum("b.example"))));
  }

  @Test
  void changesShouldFailWhenTheStoreRefusesThem() throws Exception {
    put(minimum("a.example"));
    log.drain();
    store.will(Behaviour.REFUSES_CHANGES);

    assertThat(overrides.put(policy("a.example"), "bob"))
        .isEqualTo(
            new OverrideChange.Failed(
                "the store does not work; whether it was stored shows within a minute"));
    assertThat(overrides.remove(DomainPattern.parse("a.example"), "bob"))
        .isEqualTo(
            new OverrideChange.Failed(
                "the store does not work; whether it was removed shows within a minute"));

    assertThat(overrides.stored())
        .extracting(StoredOverride::override)
        .containsExactly(minimum("a.example"));
    assertThat(log.drain()).isEmpty();
  }

  @Test
  void aStoreThatThrowsShouldTakeNothingAwayAndBeToldOnce() throws Exception {
    put(minimum("a.example"));
    log.drain();
    store.will(Behaviour.THROWS);

    assertThat(overrides.put(policy("a.example"), "bob"))
        .isEqualTo(
            new OverrideChange.Failed(
                "the store failed; whether it was stored shows within a minute: connection refused, or so"));
    assertThat(overrides.remove(DomainPattern.parse("a.example"), "bob"))
        .isInstanceOf(OverrideChange.Failed.class);
    assertThat(overrides.remove(DomainPattern.parse("b.example"), "bob"))
        .isInstanceOf(OverrideChange.Failed.class);
    overrides.reload();

    String trouble = "stored overrides cannot be read, those known stay: connection refused, or so";
    assertThat(find("a.example")).isEqualTo("a.example");
    assertThat(overrides.trouble()).contains(trouble);
    assertThat(log.drain()).containsExactly("ERROR " + trouble);

    store.will(Behaviour.WORKS);
    overrides.reload();
    assertThat(overrides.trouble()).isEmpty();
    assertThat(log.drain()).containsExactly("INFO stored overrides can be read again");
  }

  @Test
  void openShouldStartWithAStoreThatFails() throws Exception {
    put(minimum("a.example"));
    store.will(Behaviour.THROWS);
    overrides = open();
    assertThat(find("a.example")).isEmpty();
    assertThat(overrides.trouble()).isPresent();

    store.will(Behaviour.WORKS);
    overrides.reload();
    assertThat(find("a.example")).isEqualTo("a.example");
    assertThat(overrides.trouble()).isEmpty();
  }

  @Test
  void storedShouldListTheMostSpecificFirst() {
    for (String pattern : new String[] {"*.example", "b.example", "*.a.example", "a.test"}) {
      put(minimum(pattern));
    }

    assertThat(overrides.stored())
        .extracting(stored -> stored.override().pattern().toString())
        .containsExactly("a.test", "b.example", "*.a.example", "*.example");
  }

  private Overrides open() throws Exception {
    return Overrides.open(Optional.empty(), store, clock, log);
  }

  private void put(DomainOverride override) {
    assertThat(overrides.put(override, "alice")).isInstanceOf(OverrideChange.Done.class);
  }

  /** The most specific pattern, or nothing. */
  private String find(String domain) throws Exception {
    return overrides.find(DomainName.parse(domain), clock.instant()).stream()
        .map(override -> override.pattern().toString())
        .findFirst()
        .orElse("");
  }

  static DomainOverride minimum(String pattern) {
    return OverrideTest.parsed("{\"domain\":\"%s\",\"minimum\":\"verified\"}".formatted(pattern));
  }

  private static DomainOverride exempt(String pattern, Instant until) {
    return OverrideTest.parsed(
        "{\"domain\":\"%s\",\"exempt\":[\"mx-mismatch\"],\"until\":\"%s\"}"
            .formatted(pattern, until));
  }

  private static DomainOverride policy(String pattern) {
    return OverrideTest.parsed(
        "{\"domain\":\"%s\",\"policy\":{\"mode\":\"enforce\",\"mx\":[\"mx\"]}}".formatted(pattern));
  }
}
