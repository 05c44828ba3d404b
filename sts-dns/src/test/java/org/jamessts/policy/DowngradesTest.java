package org.jamessts.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.Latest.latest;
import static org.jamessts.testing.SamplePolicies.name;

import java.time.Duration;
import java.util.List;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyAlarm.Kind;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.SettableClock;
import org.jamessts.testing.TemporaryStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes are alarms, and how they are told. */
class DowngradesTest {

  private final SettableClock clock = new SettableClock();
  private final TemporaryStores stores = new TemporaryStores(100, clock);
  private final AlarmLog alarms = stores.stores().alarms();
  private final RecordingLog log = new RecordingLog();
  private final Downgrades downgrades = new Downgrades(alarms, clock, log);

  @AfterEach
  void close() {
    stores.close();
  }

  @ParameterizedTest(name = "{0} {1} -> {2} {3}: {4}")
  @CsvSource({
    "enforce, a b, testing, a b, WEAKENED",
    "enforce, a b, none, '', WEAKENED",
    "testing, a b, none, '', WEAKENED",
    "enforce, a b, testing, a, MX_REMOVED WEAKENED",
    "enforce, a b, enforce, a, MX_REMOVED",
    "enforce, a b, enforce, a c, MX_REMOVED",
    "testing, a b, enforce, b, MX_REMOVED",
    "enforce, *.a, enforce, x.a, MX_REMOVED",
    "enforce, a b, enforce, b a, ''",
    "enforce, a b, enforce, A B, ''",
    "enforce, a, enforce, a b, ''",
    "enforce, a a, enforce, a, ''",
    "testing, a, enforce, a, ''",
    "none, '', testing, a, ''",
    "none, a, none, b, ''"
  })
  void replacedShouldRaiseWhatBecameLess(
      String mode, String mx, String newMode, String newMx, String raised) {
    KnownPolicy before = policy(mode, mx);
    KnownPolicy after = policy(newMode, newMx);

    downgrades.replaced(before, after);

    List<PolicyAlarm> latest = latest(alarms, 10);
    assertThat(latest.stream().map(alarm -> alarm.kind().name()).sorted().toList())
        .isEqualTo(raised.isEmpty() ? List.of() : List.of(raised.split(" ")));
    assertThat(latest)
        .allSatisfy(
            alarm -> {
              assertThat(alarm.domain()).isEqualTo(name("a.example"));
              assertThat(alarm.before()).isEqualTo(before.text());
              assertThat(alarm.after()).isEqualTo(after.text());
              assertThat(alarm.at()).isEqualTo(clock.instant());
            });
    assertThat(log.drain()).hasSize(latest.size());
  }

  @Test
  void replacedShouldKnowTheDraftToo() {
    downgrades.replaced(draft("true"), draft("false"));

    assertThat(latest(alarms, 10)).extracting(PolicyAlarm::kind).containsExactly(Kind.WEAKENED);
  }

  @Test
  void theSameChangeShouldBeToldOnceAlsoAfterARestart() {
    KnownPolicy before = policy("enforce", "a");
    KnownPolicy after = policy("testing", "a");
    downgrades.replaced(before, after);
    downgrades.replaced(before, after);
    Downgrades restarted = new Downgrades(alarms, clock, log);

    restarted.replaced(before, after);

    assertThat(log.drain())
        .containsExactly(
            "WARN downgrade alarm: the policy of a.example is weakened; it was"
                + " \"version: STSv1 | mode: enforce | mx: a | max_age: 604800\", now"
                + " \"version: STSv1 | mode: testing | mx: a | max_age: 604800\"");
    assertThat(latest(alarms, 10)).hasSize(1);
  }

  @Test
  void aVanishedPolicyShouldBeToldOnceHoweverOftenItIsSeenAndFetched() {
    KnownPolicy kept = policy("enforce", "a");
    downgrades.vanished(kept, "no TXT record");
    downgrades.vanished(kept, "no TXT record");
    clock.advance(Duration.ofDays(1));
    downgrades.vanished(policy("enforce", "a"), "no TXT record");
    new Downgrades(alarms, clock, log).vanished(kept, "no TXT record");

    assertThat(log.drain())
        .containsExactly(
            "WARN downgrade alarm: the policy of a.example is no longer announced; it was"
                + " \"version: STSv1 | mode: enforce | mx: a | max_age: 604800\", now"
                + " \"no TXT record\"");
    assertThat(latest(alarms, 10)).hasSize(1);
  }

  @Test
  void aVanishedPolicyShouldNotHaveTheAlarmLogSearchedForEveryMail() {
    KnownPolicy kept = policy("enforce", "a");
    downgrades.vanished(kept, "no TXT record");
    clock.advance(Duration.ofDays(31));

    downgrades.vanished(kept, "no TXT record");

    assertThat(latest(alarms, 10).get(0).at())
        .isEqualTo(clock.instant().minus(Duration.ofDays(31)));
  }

  @Test
  void theLineShouldBeBoundedAndPrintableWhateverStrangersPublish() {
    KnownPolicy before =
        parsed("version: STSv1\r\nmode: enforce\nmx: a\nx: ☃\u0085\u202e\nmax_age: 60\n");
    KnownPolicy after =
        parsed("version: STSv1\nmode: testing\nmx: a\nmax_age: 60\nx: " + "y".repeat(60_000));

    downgrades.replaced(before, after);

    assertThat(log.drain())
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .hasSizeLessThan(1_200)
                    .matches("[\\x20-\\x7e]*")
                    .contains("mode: enforce | mx: a | x: ?", "mode: testing"));
    assertThat(latest(alarms, 10).get(0).after()).hasSizeLessThan(5_000);
  }

  private KnownPolicy policy(String mode, String mx) {
    StringBuilder text = new StringBuilder("version: STSv1\nmode: " + mode + "\n");
    for (String pattern : mx.isEmpty() ? new String[0] : mx.split(" ")) {
      text.append("mx: ").append(pattern).append('\n');
    }
    return parsed(text + "max_age: 604800\n");
  }

  private KnownPolicy parsed(String text) {
    StsPolicyParse parse = StsPolicy.parse(text.getBytes(UTF_8));
    assertThat(parse).isInstanceOf(StsPolicyParse.Parsed.class);
    return new KnownMtaStsPolicy(
        name("a.example"), "1", ((StsPolicyParse.Parsed) parse).policy(), clock.instant());
  }

  private KnownPolicy draft(String to) {
    String text = "v=STS1; to=" + to + "; mx=a; a=webpki:https://a.example/p; c=webpki; e=60";
    SmtpStsRecord record = ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse(text)).record();
    return new KnownDraftPolicy(
        name("a.example"),
        record,
        Standing.CONFIRMED,
        clock.instant(),
        clock.instant().plusSeconds(60));
  }
}
