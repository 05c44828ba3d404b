package org.jamessts.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnforcementSwitchTest {

  private static final Optional<Instant> FOR_EVER = Optional.empty();

  /** A store that several servers see, and that fails on demand. */
  private static final class SharedStore implements EnforcementStore {
    private Optional<EnforcementOrder> order = Optional.empty();
    private boolean works = true;

    @Override
    public Optional<EnforcementOrder> get() {
      if (!works) {
        throw new IllegalStateException("connection refused,\n  or so");
      }
      return order;
    }

    @Override
    public boolean put(EnforcementOrder next) {
      order = works ? Optional.of(next) : order;
      return works;
    }

    @Override
    public boolean remove() {
      order = works ? Optional.empty() : order;
      return works;
    }
  }

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private final SharedStore store = new SharedStore();
  private final RecordingLog log = new RecordingLog();
  private int lowered;
  private Path copy;

  @BeforeEach
  void placeCopy() {
    copy = directory.resolve("var/enforcement.copy");
  }

  private EnforcementSwitch server(Enforcement setting) {
    return EnforcementSwitch.open(setting, store, copy, clock, () -> lowered++, log);
  }

  private EnforcementChange order(EnforcementSwitch server, Enforcement mode) {
    return server.order(mode, FOR_EVER, "broken roots", "alice");
  }

  @ParameterizedTest
  @EnumSource
  void settingShouldHoldWithoutAnOrder(Enforcement setting) {
    assertThat(server(setting).get()).isEqualTo(setting);
  }

  @Test
  void enforcingServerShouldSayNothing() {
    EnforcementSwitch server = server(Enforcement.ENFORCE);
    clock.advance(Duration.ofDays(1));
    server.lookAgain();

    assertThat(log.drain()).isEmpty();
    assertThat(server.lowered()).isEmpty();
    assertThat(lowered).isZero();
  }

  @Test
  void loweredSettingShouldBeToldAtTheStartAndEveryHour() {
    EnforcementSwitch server = server(Enforcement.OFF);

    assertThat(log.drain())
        .singleElement()
        .asString()
        .startsWith("WARN MAIL IS NOT PROTECTED")
        .contains("enforcement=off", "by the setting in sts.properties");
    assertThat(lowered).as("what waited under the setting before").isEqualTo(1);

    clock.advance(Duration.ofMinutes(59));
    server.lookAgain();
    assertThat(log.drain()).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    server.lookAgain();
    server.lookAgain();
    assertThat(log.drain()).singleElement().asString().startsWith("WARN still so: MAIL IS NOT");
    assertThat(lowered).isEqualTo(1);
  }

  @Test
  void orderShouldGoBeforeTheSettingOfEveryServerOfTheStore() {
    EnforcementSwitch here = server(Enforcement.ENFORCE);
    EnforcementSwitch there = server(Enforcement.ENFORCE);

    assertThat(order(here, Enforcement.REPORT_ONLY)).isInstanceOf(EnforcementChange.Done.class);

    assertThat(here.get()).isEqualTo(Enforcement.REPORT_ONLY);
    assertThat(there.get()).as("not yet").isEqualTo(Enforcement.ENFORCE);
    there.lookAgain();
    assertThat(there.get()).isEqualTo(Enforcement.REPORT_ONLY);
    assertThat(log.drain())
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("WARN MAIL IS NOT PROTECTED")
                    .contains("enforcement=report-only", "by alice", "(broken roots)"));
    assertThat(there.lowered().orElseThrow())
        .contains("by alice", "since " + clock.instant().truncatedTo(ChronoUnit.SECONDS));
    assertThat(lowered).isEqualTo(2);
    assertThat(server(Enforcement.ENFORCE).get())
        .as("after a restart")
        .isEqualTo(Enforcement.REPORT_ONLY);
  }

  @Test
  void orderShouldRaiseASettingToo() {
    EnforcementSwitch server = server(Enforcement.OFF);
    order(server, Enforcement.ENFORCE);

    assertThat(server.get()).isEqualTo(Enforcement.ENFORCE);
    assertThat(server.lowered()).isEmpty();
    assertThat(log.drain()).last().asString().startsWith("INFO mail is protected");
  }

  @Test
  void orderShouldEndByItself() {
    EnforcementSwitch server = server(Enforcement.ENFORCE);
    Instant end = clock.instant().plus(Duration.ofHours(2));
    server.order(Enforcement.OFF, Optional.of(end), "", "alice");

    clock.advance(Duration.ofHours(2).minusNanos(1));
    assertThat(server.get()).isEqualTo(Enforcement.OFF);
    clock.advance(Duration.ofNanos(1));

    assertThat(server.get()).as("before anybody looks again").isEqualTo(Enforcement.ENFORCE);
    log.drain();
    server.lookAgain();
    assertThat(log.drain()).singleElement().asString().startsWith("INFO mail is protected");
    assertThat(lowered).isEqualTo(1);
  }

  @Test
  void orderThatHasEndedOrCannotBeLoggedShouldBeRefused() {
    EnforcementSwitch server = server(Enforcement.ENFORCE);

    assertThat(server.order(Enforcement.OFF, Optional.of(clock.instant()), "", "alice"))
        .isInstanceOfSatisfying(
            EnforcementChange.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("until is "));
    assertThat(server.order(Enforcement.OFF, FOR_EVER, "a\nb", "alice"))
        .isInstanceOf(EnforcementChange.Refused.class);
    assertThat(server.get()).isEqualTo(Enforcement.ENFORCE);
    assertThat(store.order).isEmpty();
  }

  @Test
  void giveUpShouldBringTheSettingBack() {
    EnforcementSwitch server = server(Enforcement.REPORT_ONLY);
    order(server, Enforcement.OFF);
    log.drain();

    assertThat(server.giveUp("bob\n")).isInstanceOf(EnforcementChange.Done.class);

    assertThat(server.get()).isEqualTo(Enforcement.REPORT_ONLY);
    assertThat(log.drain())
        .anyMatch(line -> line.contains("was given up by bob?"))
        .anyMatch(line -> line.contains("enforcement=report-only"));
  }

  @Test
  void storeThatFailsShouldChangeNothingAndSaySo() {
    EnforcementSwitch server = server(Enforcement.ENFORCE);
    order(server, Enforcement.REPORT_ONLY);
    store.works = false;

    server.lookAgain();

    assertThat(server.get()).isEqualTo(Enforcement.REPORT_ONLY);
    assertThat(server.trouble().orElseThrow()).contains("connection refused, or so");
    assertThat(order(server, Enforcement.OFF)).isInstanceOf(EnforcementChange.Failed.class);
    assertThat(server.giveUp("alice")).isInstanceOf(EnforcementChange.Failed.class);
    assertThat(server.get()).isEqualTo(Enforcement.REPORT_ONLY);

    store.works = true;
    server.lookAgain();
    assertThat(server.trouble()).isEmpty();
  }

  @Test
  void storeThatFailsAtTheStartShouldLowerNothing() {
    order(server(Enforcement.ENFORCE), Enforcement.OFF);
    store.works = false;

    EnforcementSwitch restarted = server(Enforcement.ENFORCE);

    assertThat(restarted.get()).isEqualTo(Enforcement.ENFORCE);
    store.works = true;
    restarted.lookAgain();
    assertThat(restarted.get()).isEqualTo(Enforcement.OFF);
  }

  @Test
  void orderThatRaisesShouldHoldAtAStartWithoutTheStore() {
    order(server(Enforcement.OFF), Enforcement.ENFORCE);
    store.works = false;

    assertThat(server(Enforcement.OFF).get()).isEqualTo(Enforcement.ENFORCE);

    store.works = true;
    server(Enforcement.OFF).giveUp("alice");
    store.works = false;
    assertThat(server(Enforcement.OFF).get())
        .as("what was given up must not come back from an old copy")
        .isEqualTo(Enforcement.OFF);
  }

  @Test
  void copyThatCannotBeReadShouldLeaveTheSetting() throws Exception {
    order(server(Enforcement.OFF), Enforcement.ENFORCE);
    Files.writeString(copy, "mode=bogus\nchangedAt=never\n");
    store.works = false;
    log.drain();

    assertThat(server(Enforcement.OFF).get()).isEqualTo(Enforcement.OFF);
  }

  @Test
  void modesShouldBeWrittenAsInSettings() {
    assertThat(Enforcement.of("Report-Only")).contains(Enforcement.REPORT_ONLY);
    assertThat(Enforcement.of("report_only")).isEmpty();
    assertThat(Enforcement.OFF.isLowerThan(Enforcement.REPORT_ONLY)).isTrue();
    assertThat(Enforcement.ENFORCE.isLowerThan(Enforcement.ENFORCE)).isFalse();
  }
}
