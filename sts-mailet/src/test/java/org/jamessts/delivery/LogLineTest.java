package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.decide.FailureCode;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** What a stranger contributes to a line can neither end it nor pass for a key of ours. */
class LogLineTest {

  /** As any reader of such lines takes them apart. */
  private static final Pattern FIELD =
      Pattern.compile(
          "\\G(?:^| )(\\w+)=(\"(?:[^\"\\\\]++|\\\\.)*+\"|\\[(?:[^]\"]++|\"(?:[^\"\\\\]++|\\\\.)*+\")*+]|[^ \"\\[\\]=]++)");

  private static Map<String, String> parsed(String line) {
    Map<String, String> fields = new HashMap<>();
    Matcher field = FIELD.matcher(line);
    int end = 0;
    while (field.find()) {
      assertThat(fields.put(field.group(1), field.group(2))).as("twice in " + line).isNull();
      end = field.end();
    }
    assertThat(end).as("all of " + line).isEqualTo(line.length());
    return fields;
  }

  private static String unquoted(String shown) {
    return shown.startsWith("\"")
        ? shown.substring(1, shown.length() - 1).replaceAll("\\\\(.)", "$1")
        : shown;
  }

  @Test
  void plainWordsShouldStandBareAndAllElseInQuotationMarks() {
    LogLine line =
        LogLine.of("mail", "Mail1-to-a.test")
            .with("outcome", "deferred")
            .with("recipients", List.of("bob@a.test", "böb@bücher.test"))
            .with("code", "450 4.7.5")
            .with("mx", Optional.empty())
            .with("empty", "");

    assertThat(line)
        .hasToString(
            "mail=Mail1-to-a.test outcome=deferred recipients=[bob@a.test,böb@bücher.test]"
                + " code=\"450 4.7.5\" empty=\"\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\" outcome=\"delivered",
        "x outcome=delivered",
        "x\\\" outcome=delivered",
        "x\\",
        "\\",
        "\"",
        "outcome=delivered",
        "a=b",
        "] outcome=delivered [",
        "{} {}",
        "",
      })
  void valueShouldComeBackAsItWasAndBeNoKey(String hostile) {
    String line =
        LogLine.of("first", hostile)
            .with("list", List.of(hostile, "b"))
            .with("outcome", "deferred")
            .toString();

    Map<String, String> fields = parsed(line);
    assertThat(fields.keySet()).containsExactlyInAnyOrder("first", "list", "outcome");
    assertThat(fields.get("outcome")).isEqualTo("deferred");
    assertThat(unquoted(fields.getOrDefault("first", ""))).isEqualTo(hostile);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\r\nb",
        "a\nb",
        "a\u0085b",
        "a\u2028b",
        "a\u2029b",
        "a\u001b[2Jb",
        "a\u202eb",
        "a\u0000b",
        "a\u00a0b"
      })
  void nothingShouldEndTheLineOrHideInIt(String hostile) {
    assertThat(LogLine.of("reason", hostile).toString()).matches("reason=\"?a\\?[\\x20-\\x7e]*");
  }

  @Test
  void longValueShouldBeCut() {
    assertThat(LogLine.of("reason", "x".repeat(100_000)).toString()).hasSize(2_007);
  }

  @Test
  void lineShouldBeWrittenOnceAtItsLevel() {
    RecordingLog log = new RecordingLog();

    LogLine.of("a", "{}").with("b", "c d").to(log, Level.INFO);

    assertThat(log.drain()).containsExactly("INFO a={} b=\"c d\"");
  }

  @Test
  void ownTroubleShouldBeAnErrorAndNobodyElsesShould() {
    assertThat(Reason.ownTrouble(new IllegalStateException("a bug")).level())
        .isEqualTo(Level.ERROR);
    for (FailureCode code : FailureCode.values()) {
      assertThat(Reason.unreachable(code, "why").level())
          .as(code.toString())
          .isEqualTo(code == FailureCode.LOCAL ? Level.ERROR : Level.INFO);
    }
    assertThat(Reason.noSuchDomain("why").level()).isEqualTo(Level.INFO);
  }

  @Test
  void replyOfAHostileServerShouldStayInItsPlace() {
    try (DeliveryWorld world = new DeliveryWorld()) {
      PrivateInternet net = world.internet;
      net.goodMx("example.test", 10, "mx.example.test");
      net.server("mx.example.test")
          .effects(
              SmtpEffect.reply(
                  Stage.RCPT, "451 4.7.1 no\" outcome=delivered recipients=[bob@example.test]"));

      Reason reason =
          world.delivery().deliver(world.mailTo("example.test")).deferred().get(0).reason();
      Map<String, String> fields =
          parsed(LogLine.of("outcome", "deferred").with(reason.forLog()).toString());

      assertThat(fields.keySet()).containsExactlyInAnyOrder("outcome", "kind", "mx", "reason");
      assertThat(fields.get("outcome")).isEqualTo("deferred");
      assertThat(unquoted(fields.getOrDefault("reason", ""))).contains("no\" outcome=delivered");
    }
  }
}
