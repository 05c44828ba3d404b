package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.jamessts.testing.Latest.latest;
import static org.jamessts.testing.SamplePolicies.name;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.policy.PolicyAlarm;
import org.jamessts.policy.PolicyAlarm.Kind;
import org.junit.jupiter.api.Test;

/** What the operator is told, once, and finds again later. */
interface AlarmLogContract extends StoreContract {

  private PolicyAlarm alarm(String domain, Kind kind, String before, String after) {
    return new PolicyAlarm(name(domain), kind, before, after, clock().instant());
  }

  private PolicyAlarm alarm(String domain) {
    return alarm(domain, Kind.WEAKENED, "mode: enforce\r\nx: naïve ☃\n", "mode: none\n");
  }

  @Test
  default void alarmShouldComeBackAsItWas() {
    PolicyAlarm alarm = alarm("a.example");

    assertThat(server().alarms.add(alarm)).isTrue();

    assertThat(latest(server().alarms, 10)).containsExactly(alarm);
  }

  @Test
  default void sameChangeShouldBeNewOnceIn30Days() {
    Server server = server();
    PolicyAlarm first = alarm("a.example");
    assertThat(server.alarms.add(first)).isTrue();
    assertThat(server.alarms.add(first)).isFalse();

    clock().advance(Duration.ofDays(30));
    assertThat(server().alarms.add(alarm("a.example"))).as("on another server").isFalse();
    assertThat(latest(server.alarms, 10)).containsExactly(first);

    clock().advance(Duration.ofNanos(1_000));
    PolicyAlarm again = alarm("a.example");
    assertThat(server.alarms.add(again)).isTrue();
    assertThat(server.alarms.add(again)).isFalse();
    assertThat(latest(server.alarms, 10)).containsExactly(again);
  }

  @Test
  default void changesThatDifferInAnythingShouldEachBeNew() {
    Server server = server();

    assertThat(
            Stream.of(
                alarm("a.example", Kind.WEAKENED, "one", "two"),
                alarm("b.example", Kind.WEAKENED, "one", "two"),
                alarm("a.example", Kind.MX_REMOVED, "one", "two"),
                alarm("a.example", Kind.WEAKENED, "one", "three"),
                alarm("a.example", Kind.WEAKENED, "onet", "wo")))
        .allSatisfy(alarm -> assertThat(server.alarms.add(alarm)).isTrue());
    assertThat(latest(server.alarms, 10)).hasSize(5);
  }

  @Test
  default void latestShouldBeTheNewestFirstAndNoMoreThanAskedFor() {
    Server server = server();
    for (String domain : List.of("m.example", "a.example", "z.example")) {
      server.alarms.add(alarm(domain));
      clock().advance(Duration.ofSeconds(1));
    }

    assertThat(latest(server.alarms, 2))
        .extracting(alarm -> alarm.domain().value())
        .containsExactly("z.example", "a.example");
  }

  @Test
  default void domainThatChangesAllTheTimeShouldNotHaveTheAlarmsOfOthersForgotten() {
    Server server = server();
    server.alarms.add(alarm("a.example"));
    for (int i = 0; i < 50; i++) {
      clock().advance(Duration.ofSeconds(1));
      assertThat(server.alarms.add(alarm("b.example", Kind.WEAKENED, "before " + i, "after")))
          .isTrue();
    }

    assertThat(latest(server.alarms, 100))
        .hasSize(21)
        .extracting(alarm -> alarm.domain().value())
        .contains("a.example");
    assertThat(latest(server.alarms, 1).get(0).before()).isEqualTo("before 49");
  }

  @Test
  default void pruneShouldLeaveTheLatest() {
    Server server = server();
    for (int i = 0; i < Server.ALARMS + 3; i++) {
      server.alarms.add(alarm("d" + i + ".example"));
      clock().advance(Duration.ofSeconds(1));
    }

    server.alarms.prune();
    server.alarms.prune();

    assertThat(latest(server.alarms, 100))
        .extracting(alarm -> alarm.domain().value())
        .containsExactly("d7.example", "d6.example", "d5.example", "d4.example", "d3.example");
  }

  @Test
  default void pruneShouldLeaveAllWhileTheyAreFew() {
    Server server = server();
    for (int i = 0; i < Server.ALARMS; i++) {
      server.alarms.add(alarm("d" + i + ".example"));
    }

    server.alarms.prune();

    assertThat(latest(server.alarms, 100)).hasSize(Server.ALARMS);
  }

  @Test
  default void longTextsShouldBeKeptInPartAndToldApartAsAWhole() {
    Server server = server();
    String longText = "mode: enforce\n" + "x".repeat(60_000);

    assertThat(server.alarms.add(alarm("a.example", Kind.WEAKENED, longText, longText + "a")))
        .isTrue();
    assertThat(server.alarms.add(alarm("a.example", Kind.WEAKENED, longText, longText + "b")))
        .isTrue();

    assertThat(latest(server.alarms, 10))
        .hasSize(2)
        .allSatisfy(
            alarm -> {
              assertThat(alarm.before()).hasSizeLessThan(5_000).startsWith("mode: enforce\nxxx");
              assertThat(alarm.after()).hasSizeLessThan(5_000).startsWith("mode: enforce\nxxx");
            });
  }

  @Test
  default void rowThatDoesNotReadAsAnAlarmShouldBeLeftOut() throws SQLException {
    Server server = server();
    server.alarms.add(alarm("a.example"));
    server.alarms.add(alarm("b.example"));
    server.alarms.add(alarm("c.example"));
    sql(
        "UPDATE sts_alarm SET kind = 'OF_TOMORROW' WHERE domain = 'a.example'",
        "UPDATE sts_alarm SET domain = 'no domain' WHERE domain = 'b.example'");

    assertThat(latest(server.alarms, 10))
        .extracting(alarm -> alarm.domain().value())
        .containsExactly("c.example");
  }

  @Test
  default void logWithoutDatabaseShouldCountEveryAlarmAsNew() {
    Server server = serverWithoutDatabase();

    assertThat(server.alarms.add(alarm("a.example"))).isTrue();
    assertThat(server.alarms.add(alarm("a.example"))).isTrue();
    assertThat(server.alarms.latest(Optional.empty(), 0, 10)).isEmpty();
    server.alarms.prune();
  }

  @Test
  default void alarmsShouldComeInPagesAndOfOneDomain() {
    Server server = server();
    for (int i = 0; i < 4; i++) {
      server.alarms.add(alarm("a.example", Kind.WEAKENED, "before " + i, "after"));
      server.alarms.add(alarm("b.example", Kind.WEAKENED, "before " + i, "after"));
      clock().advance(Duration.ofSeconds(1));
    }

    assertThat(server.alarms.latest(Optional.of(name("a.example")), 1, 2).orElseThrow())
        .extracting(PolicyAlarm::domain, PolicyAlarm::before)
        .containsExactly(
            tuple(name("a.example"), "before 2"), tuple(name("a.example"), "before 1"));
    assertThat(server.alarms.latest(Optional.empty(), 7, 10).orElseThrow()).hasSize(1);
    assertThat(server.alarms.latest(Optional.of(name("c.example")), 0, 10).orElseThrow()).isEmpty();
  }
}
