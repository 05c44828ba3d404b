package org.jamessts.sts2016;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.sts2016.Records.APPENDIX_2;
import static org.jamessts.sts2016.Records.FULL;
import static org.jamessts.sts2016.Records.parsed;
import static org.jamessts.sts2016.Records.reportOnly;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jamessts.sts2016.SmtpStsRecordParse.Invalid;
import org.jamessts.sts2016.SmtpStsRecordParse.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a stranger publishes: a value or a reason, soon. */
class SmtpStsRecordBoundsTest {

  /** Far above what one pass over 64 KiB takes, far below what a pass for each octet takes. */
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final String[] STARTS = {
    "",
    "v",
    "v=",
    "v=STS1",
    "v=STS1;",
    "v=STS1; to",
    "v=STS1; to=",
    "v=STS1; to=false",
    "v=STS1; to=false;",
    "v=STS1; to=false; x=",
    "v=STS1; to=false; mx=",
    "v=STS1; to=false; a=",
    "v=STS1; to=false; a=webpki:https://",
    "v=STS1; to=false; a=https://a.example/",
    "v=STS1; to=false; c=",
    "v=STS1; to=false; e=",
    "v=STS1; to=false; rua=",
    "v=STS1; to=false; rua=mailto:",
    "v=STS1; to=false; rua=mailto:a@b!"
  };

  @ParameterizedTest(name = "[{0}]")
  @ValueSource(
      strings = {
        ",",
        ";",
        " ",
        "\t",
        " \t",
        "=",
        "!",
        "a",
        ".",
        "*",
        "*.",
        "0",
        "1",
        "%",
        "%41",
        "@",
        "/",
        ":",
        "[",
        "#",
        "?",
        "a.",
        "a,",
        "a;",
        "a=b;",
        ";a=b",
        " a",
        "a b ",
        "1k",
        "!1m,",
        "mx=a;",
        "mailto:a@b,",
        "mailto:a@b!1t,",
        "https://a/,",
        "\u00e4",
        "\u0000",
        "\ud800",
        "a      "
      })
  void parseShouldAnswerAnyRepetitionSoon(String unit) {
    for (String start : STARTS) {
      for (String end : new String[] {"", "\u0001"}) {
        int times = (SmtpStsRecord.MAX_OCTETS - start.length() - end.length()) / unit.length();
        String text = start + unit.repeat(times) + end;

        assertTimeoutPreemptively(SOON, () -> assertAnswered(text));
      }
    }
  }

  @Test
  void parseShouldAnswerAnyTextWithAValueOrAReason() {
    Random random = new Random(2016_03_18);
    String alphabet = "vSTS1=;; \t,,.*!_-:/@%#?[]0129ktmxacerufalswebpkihttps\0\n\u007f\u00e4";
    int parsed = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? FULL : APPENDIX_2);
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        int at = random.nextInt(text.length());
        char other = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, other);
          case 1 -> text.insert(at, other);
          default -> text.deleteCharAt(at);
        }
      }
      parsed += assertAnswered(text.toString()) ? 1 : 0;
    }
    // A changed record is sometimes still one: both answers were seen.
    assertThat(parsed).isBetween(1_000, 19_000);
  }

  @Test
  void parseShouldAnswerNoiseWithAValueOrAReason() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      String noise =
          random
              .ints(random.nextInt(400), 0, 0x10000)
              .collect(
                  () -> new StringBuilder("v=STS1; to=false; "),
                  (text, c) -> text.append((char) (c % 2 == 0 ? c : 0x20 + c % 0x5f)),
                  StringBuilder::append)
              .toString();
      assertAnswered(noise);
      assertAnswered(noise.substring(18));
    }
  }

  /** Whether it was a record. */
  private static boolean assertAnswered(String text) {
    if (SmtpStsRecord.parse(text) instanceof Parsed valid) {
      SmtpStsRecord record = valid.record();
      assertThat(record.text()).isEqualTo(text);
      if (record.tlsOnly()) {
        assertThat(record.mx()).isNotEmpty();
      }
      assertThat(SmtpStsRecord.select(List.of(text)))
          .isEqualTo(new SmtpStsRecordChoice.Present(record));
      return true;
    }
    assertThat(SmtpStsRecord.parse(text))
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid -> assertThat(invalid.reason()).hasSizeBetween(10, 400).matches("[ -~]+"));
    assertThat(SmtpStsRecord.select(List.of(text)))
        .isNotInstanceOf(SmtpStsRecordChoice.Present.class);
    return false;
  }

  @Test
  void parseShouldReadARecordOf65536OctetsAndRefuseOneMore() {
    String full = reportOnly("x=");
    full += "y".repeat(65_536 - full.length());

    assertThat(parsed(full).text()).isEqualTo(full).hasSize(65_536);
    assertThat(SmtpStsRecord.parse(full + " "))
        .isEqualTo(new Invalid("the record is longer than 65536 octets"));
  }

  @Test
  void parseShouldReadManyOfEverythingThatFits() {
    assertThat(parsed(reportOnly("mx=a" + ",a".repeat(32_000))).mx()).hasSize(32_001);
    assertThat(parsed(reportOnly("rua=mailto:a@b" + ",mailto:a@b".repeat(5_000))).rua())
        .hasSize(5_001);
    assertThat(parsed(reportOnly("x=y" + ";x=y".repeat(16_000))).tlsOnly()).isFalse();
  }

  @Test
  void reasonsShouldBeShortAndPrintable() {
    assertThat(SmtpStsRecord.parse(reportOnly("x=\u0007" + "y".repeat(60_000))))
        .isEqualTo(
            new Invalid("the record has no tag and value in \" x=?" + "y".repeat(56) + "...\""));
  }
}
