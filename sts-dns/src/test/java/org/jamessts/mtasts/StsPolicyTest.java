package org.jamessts.mtasts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicyParse.Invalid;
import org.jamessts.mtasts.StsPolicyParse.Parsed;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StsPolicyTest {

  private static final String GOOD =
      "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n";

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = "RFC 8461 S4", in = StsPolicyParser.class)
  void parseShouldAcceptWhatTheGrammarAllows(String rule, String body) {
    assertThat(StsPolicy.parse(body.getBytes(UTF_8))).isInstanceOf(Parsed.class);
  }

  static Stream<Arguments> parseShouldAcceptWhatTheGrammarAllows() {
    return Stream.of(
        arguments("LF", GOOD),
        arguments("CRLF", GOOD.replace("\n", "\r\n")),
        arguments("CRLF and LF mixed", GOOD.replaceFirst("\n", "\r\n")),
        arguments("no final line end", GOOD.strip()),
        arguments("no final line end after CRLF", GOOD.replace("\n", "\r\n").strip()),
        arguments("any order: version last", "mode:none\nmax_age:1\nversion:STSv1"),
        arguments("no white space after the colon", GOOD.replace(": ", ":")),
        arguments("tabs and spaces after the colon", GOOD.replace(": ", ":\t  \t")),
        arguments("white space at the end of a line", GOOD.replace("\n", " \t\n")),
        arguments("white space at the end of the last line", GOOD.strip() + " \t"),
        arguments("mode none without mx", "version: STSv1\nmode: none\nmax_age: 1\n"),
        arguments("wildcard mx", GOOD.replace("mail.", "*.a.")),
        arguments("mx of one label", GOOD.replace("mail.example.com", "mail")),
        arguments("mx as A-label", GOOD.replace("mail.", "xn--fa-hia.")),
        arguments("max_age 0", GOOD.replace("86400", "0")),
        arguments("max_age with leading zeros, ten digits", GOOD.replace("86400", "0000086400")),
        arguments("max_age at the maximum", GOOD.replace("86400", "31557600")),
        arguments("unknown field", GOOD + "foo: bar baz\n"),
        arguments("unknown field of one octet", GOOD + "f: b\n"),
        arguments("unknown field, name of 32 octets", GOOD + "a_.-567890".repeat(3) + "12: b\n"),
        arguments("unknown field whose name begins with a digit", GOOD + "1: b\n"),
        arguments("unknown field with all of UTF-8", GOOD + "foo: ä € 𝄞 \u0085 \ufeff:\n"),
        arguments("unknown field with ! and ~", GOOD + "foo: !~\n"));
  }

  @Test
  void parseShouldFindEachPatternWhereverItStands() throws Exception {
    String body = "mx:a.example\r\nnote: ä €\nmx: \t*.b.example \r\n" + GOOD + "mx: c.example";
    List<MxPattern> mx = ((Parsed) StsPolicy.parse(body.getBytes(UTF_8))).policy().mx();

    assertThat(mx)
        .isEqualTo(
            List.of(
                MxPattern.parse("a.example"),
                MxPattern.parse("*.b.example"),
                MxPattern.parse("mail.example.com"),
                MxPattern.parse("c.example")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void parseShouldRefuseEverythingElseAndSayWhy(String rule, String body, String reason) {
    assertThat(StsPolicy.parse(body.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            Invalid.class, invalid -> assertThat(invalid.reason()).contains(reason));
  }

  static Stream<Arguments> parseShouldRefuseEverythingElseAndSayWhy() {
    return Stream.of(
        arguments("enforce without mx", GOOD.replaceFirst("mx.*\n", ""), "no mx, which mode enf"),
        arguments(
            "testing without mx",
            GOOD.replaceFirst("mx.*\n", "").replace("enforce", "testing"),
            "it has no mx, which mode testing needs"),
        arguments("no version", GOOD.replaceFirst("version.*\n", ""), "it has no version"),
        arguments("no mode", GOOD.replaceFirst("mode.*\n", ""), "it has no mode"),
        arguments("no max_age", GOOD.replaceFirst("max_age.*\n", ""), "it has no max_age"),
        arguments("other version", GOOD.replace("STSv1", "STSv2"), "\"STSv2\" is not STSv1"),
        arguments("version in other case", GOOD.replace("STSv1", "stsv1"), "\"stsv1\" is not"),
        arguments("max_age over the maximum", GOOD.replace("86400", "31557601"), "31557601"),
        arguments("max_age over an int", GOOD.replace("86400", "9999999999"), "9999999999"),
        arguments("max_age that wraps to 86400", GOOD.replace("86400", "4295053696"), "line 4"),
        arguments("max_age of 11 digits", GOOD.replace("86400", "00000086400"), "max_age"),
        arguments("max_age below 0", GOOD.replace("86400", "-1"), "\"-1\""),
        arguments("max_age in other digits", GOOD.replace("86400", "٣"), "\"?\""),
        arguments("max_age with a unit", GOOD.replace("86400", "1d"), "\"1d\""),
        arguments("mode in other case", GOOD.replace("enforce", "Enforce"), "\"Enforce\" is not"),
        arguments("unknown mode", GOOD.replace("enforce", "report"), "line 2, mode: \"report\""),
        arguments("key in other case", GOOD.replace("version", "Version"), "no version"),
        arguments("white space before a key", GOOD.replace("mode", " mode"), "line 2 is no field"),
        arguments("white space before the colon", GOOD.replace("mode:", "mode :"), "line 2"),
        arguments("mx with root dot", GOOD.replace("e.com", "e.com."), "line 3, mx: \"mail.ex"),
        arguments("mx with two asterisks", GOOD.replace("mail.", "*.*."), "line 3, mx"),
        arguments("mx with an inner asterisk", GOOD.replace("mail.", "mail.*."), "line 3, mx"),
        arguments("mx with part of a label", GOOD.replace("mail.", "m*."), "line 3, mx"),
        arguments("mx that is an asterisk", GOOD.replace("mail.example.com", "*"), "mx"),
        arguments("mx that is *.", GOOD.replace("mail.example.com", "*."), "mx"),
        arguments("mx that is an address literal", mx("[192.0.2.1]"), "mx"),
        arguments("mx that is an address", mx("192.0.2.1"), "mx"),
        arguments("mx as U-label", GOOD.replace("mail.", "faß."), "\"fa?.example.com\""),
        arguments("mx with underscore", GOOD.replace("mail.", "_mail."), "mx"),
        arguments("mx with an empty label", GOOD.replace("mail.", "mail.."), "mx"),
        arguments("several mx on a line", GOOD.replace("mail.", "a.example mail."), "mx"),
        arguments("second mx bad", GOOD + "mx: m*.example.com\n", "line 5, mx"),
        arguments(
            "bad mx under mode none", GOOD.replace("enforce", "none") + "mx: m*.x\n", "line 5, mx"),
        arguments("blank line inside", GOOD.replace("mode", "\nmode"), "line 2 is no field: \"\""),
        arguments("blank line first", "\n" + GOOD, "line 1 is no field"),
        arguments("blank line last", GOOD + "\n", "line 5 is no field"),
        arguments("blank CRLF line", GOOD + "\r\n", "line 5 is no field"),
        arguments("line of white space", GOOD + " \n", "line 5 is no field"),
        arguments("white space after the last line", GOOD + " ", "line 5 is no field"),
        arguments("comment", "# comment\n" + GOOD, "line 1 is no field: \"# comment\""),
        arguments("byte order mark", "\ufeff" + GOOD, "line 1 is no field: \"?version"),
        arguments("bare CR as line end", GOOD.replace("\n", "\r"), "line 1 is no field"),
        arguments("bare CR at the end", GOOD.strip() + "\r", "line 4 is no field"),
        arguments("CR CR LF", GOOD.replace("\n", "\r\r\n"), "line 1 is no field"),
        arguments("unknown field without a value", GOOD + "foo:\n", "line 5 is no field"),
        arguments("unknown field of white space", GOOD + "foo: \t\n", "line 5 is no field"),
        arguments("unknown field with a tab inside", GOOD + "foo: a\tb\n", "line 5 is no field"),
        arguments("unknown field with NUL", GOOD + "foo: a\0b\n", "line 5 is no field"),
        arguments("unknown field with DEL", GOOD + "foo: \u007f\n", "line 5 is no field"),
        arguments("name of 33 octets", GOOD + "a".repeat(33) + ": b\n", "line 5 is no field"),
        arguments("name that begins with _", GOOD + "_a: b\n", "line 5 is no field"),
        arguments("name with a space", GOOD + "a b: c\n", "line 5 is no field"),
        arguments("line without a colon", GOOD + "foo\n", "line 5 is no field: \"foo\""),
        arguments("HTML", "<!DOCTYPE html>\n<html></html>", "line 1 is no field"),
        arguments("nothing", "", "it has no version"));
  }

  private static String mx(String pattern) {
    return GOOD.replace("mail.example.com", pattern);
  }

  @Test
  void parseShouldKeepTextAndValuesTogether() throws Exception {
    String body =
        """
        version: STSv1\r
        mode: testing\r
        mx: MAIL.example.com\r
        mx: *.example.net\r
        max_age: 86401\r
        """;

    assertThat(parsed(body))
        .isEqualTo(
            new StsPolicy(
                StsMode.TESTING,
                List.of(MxPattern.parse("mail.example.com"), MxPattern.parse("*.example.net")),
                Duration.ofSeconds(86_401),
                body));
  }

  @Test
  @Rule(value = "RFC 8461 S4", in = StsPolicyParser.class)
  void parseShouldTakeTheFirstOfEveryDuplicateButMx() {
    StsPolicy policy =
        parsed(
            """
            version: STSv1
            mode: testing
            mode: enforce
            mx: a.example
            mx: b.example
            max_age: 1
            max_age: 2
            version: STSv2
            mode: Enforce
            max_age: never
            """);

    assertThat(policy.mode()).isEqualTo(StsMode.TESTING);
    assertThat(policy.maxAge()).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.mx()).hasToString("[a.example, b.example]");
  }

  @Test
  @Rule(value = "RFC 8461 S4", in = StsPolicyParser.class)
  void parseShouldNotLetALaterDuplicateRepairTheFirst() {
    assertThat(StsPolicy.parse(("mode: Enforce\n" + GOOD).getBytes(UTF_8)))
        .isInstanceOf(Invalid.class);
  }

  @Test
  void parseShouldReadEveryMode() {
    for (StsMode mode : StsMode.values()) {
      assertThat(parsed(GOOD.replace("enforce", mode.keyword())).mode()).isEqualTo(mode);
    }
  }

  @Test
  void parseShouldRefuseOctetsThatAreNotUtf8() {
    for (String bad : new String[] {"\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00e4"}) {
      assertThat(StsPolicy.parse((GOOD + "foo: " + bad + "\n").getBytes(ISO_8859_1)))
          .isEqualTo(new Invalid("it is not UTF-8"));
    }
  }

  @Test
  @Rule(value = "RFC 8461 S11", in = StsPolicy.class)
  void parseShouldAcceptABodyOf65536OctetsAndRefuseOneMore() {
    String full = GOOD + "foo: " + "x".repeat(65_536 - GOOD.length() - 6) + "\n";

    assertThat(full).hasSize(65_536);
    assertThat(StsPolicy.parse(full.getBytes(UTF_8))).isInstanceOf(Parsed.class);
    assertThat(StsPolicy.parse((full + " ").getBytes(UTF_8)))
        .isEqualTo(new Invalid("it has 65537 octets, over 65536"));
  }

  @Test
  void parseShouldKeepReasonsShortAndPrintable() {
    assertThat(StsPolicy.parse((" \u0007" + "x".repeat(60_000)).getBytes(UTF_8)))
        .isEqualTo(new Invalid("line 1 is no field: \" ?" + "x".repeat(58) + "...\""));
    assertThat(StsPolicy.parse(("mode " + "x".repeat(55)).getBytes(UTF_8)))
        .isEqualTo(new Invalid("line 1 is no field: \"mode " + "x".repeat(55) + "\""));
  }

  @Test
  void parseShouldAnswerAnyOctetsWithAValue() {
    Random random = new Random(8461);
    byte[] alphabet = "version:STSv1 mode mx*.max_age0\r\n\t\ufeff".getBytes(UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = GOOD.getBytes(UTF_8);
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        body[random.nextInt(body.length)] = alphabet[random.nextInt(alphabet.length)];
      }
      if (StsPolicy.parse(body) instanceof Parsed parsed) {
        assertThat(parsed.policy().text()).isEqualTo(new String(body, UTF_8));
      }
    }
  }

  @Test
  void coversShouldAskEveryPattern() throws Exception {
    StsPolicy policy = parsed(GOOD + "mx: *.example.net\n");

    assertThat(policy.covers(DomainName.parse("mail.example.com"))).isTrue();
    assertThat(policy.covers(DomainName.parse("a.example.net"))).isTrue();
    assertThat(policy.covers(DomainName.parse("a.example.com"))).isFalse();
  }

  private static StsPolicy parsed(String body) {
    return ((Parsed) StsPolicy.parse(body.getBytes(UTF_8))).policy();
  }
}
