package org.jamessts.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  @Test
  void readShouldWalkThroughObjectsAndArrays() throws Exception {
    List<String> seen = new ArrayList<>();

    String last =
        read(
            " {\"a\": [\"x\", \"\\u00e4\\ud834\\udd1e\"], \"skipped\": {\"a\": [[1, {}]]}, \"b\": true, \"c\": 7}\n",
            in -> {
              in.enterObject();
              while (in.nextMember()) {
                switch (in.name()) {
                  case "a" -> {
                    in.enterArray();
                    while (in.nextItem()) {
                      seen.add(in.string());
                    }
                  }
                  case "b" -> seen.add("" + in.flag());
                  case "c" -> seen.add("" + in.isNumber() + in.integer(7));
                  default -> in.skip();
                }
              }
              return "end";
            });

    assertThat(last).isEqualTo("end");
    assertThat(seen).containsExactly("x", "ä𝄞", "true", "true7");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void readShouldRefuseWhatIsNotStrictJson(String rule, String text, String reason) {
    assertThatThrownBy(() -> skip(text.getBytes(UTF_8)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining(reason);
  }

  static Stream<Arguments> readShouldRefuseWhatIsNotStrictJson() {
    return Stream.of(
        arguments("nothing", "", "it is empty"),
        arguments("white space", " \n", "it is empty"),
        arguments("a second text", "{} {}", "something follows the end of the JSON text (line 1"),
        arguments("text after the end", "{}\n\nx", "(line 3, column 2)"),
        arguments("NUL after the end", "{}\0", "it is not JSON"),
        arguments("NUL in a string", "\"a\0b\"", "it is not JSON"),
        arguments("NUL as value", "[\0]", "it is not JSON"),
        arguments("control character in a string", "\"\u0007\"", "it is not JSON"),
        arguments("duplicate key", "{\"a\":1,\"a\":1}", "/a: it is not JSON: Duplicate field 'a'"),
        arguments("duplicate key, escaped", "{\"a\":1,\"\\u0061\":1}", "Duplicate field 'a'"),
        arguments("duplicate key far apart", "{\"a\":1,\"b\":1,\"c\":1,\"a\":1}", "Duplicate"),
        arguments("duplicate key deep inside", "[{\"a\":{\"b\":1,\"b\":1}}]", "/0/a/b: "),
        arguments("comment", "{} // no", "it is not JSON"),
        arguments("comment in front", "/* no */ {}", "it is not JSON"),
        arguments("hash comment", "# no\n{}", "it is not JSON"),
        arguments("single quotes", "{'a':1}", "it is not JSON"),
        arguments("key without quotes", "{a:1}", "it is not JSON"),
        arguments("trailing comma in an object", "{\"a\":1,}", "it is not JSON"),
        arguments("trailing comma in an array", "[1,]", "it is not JSON"),
        arguments("missing value", "[1,,2]", "it is not JSON"),
        arguments("leading zero", "[01]", "it is not JSON"),
        arguments("leading plus", "[+1]", "it is not JSON"),
        arguments("NaN", "[NaN]", "it is not JSON"),
        arguments("bad escape", "[\"\\x\"]", "it is not JSON"),
        arguments("cut off in an object", "{\"a\":{\"b\":", "/a/b: it is not JSON: Unexpected end"),
        arguments(
            "cut off in an array", "[1", "marker for Array (start marker at line 1, column 1)"),
        arguments("cut off in a string", "[\"a", "/0: it is not JSON: Unexpected end"),
        arguments("byte order mark", "\ufeff{}", "it is not JSON"),
        arguments("17 arrays deep", "[".repeat(17) + "]".repeat(17), "more than 16 deep"),
        arguments("17 objects deep", "{\"a\":".repeat(17) + "1", "more than 16 deep"));
  }

  @Test
  void readShouldAcceptADepthOf16() throws Exception {
    skip(("[".repeat(16) + "]".repeat(16)).getBytes(UTF_8));
    skip(("[" + "[],".repeat(1000) + "[]]").getBytes(UTF_8));
  }

  @Test
  void readShouldRefuseAMillionOpenBracketsAtOnce() {
    assertThatThrownBy(() -> skip("[".repeat(1_000_000).getBytes(UTF_8)))
        .hasMessageContaining("more than 16 deep")
        .hasMessageStartingWith("/0/0/0/");
  }

  @Test
  void readShouldRefuseOtherEncodingsThanUtf8() {
    for (byte[] other :
        List.of(
            "[\"\u00e4\"]".getBytes(ISO_8859_1),
            "[\"\u00c0\u00af\"]".getBytes(ISO_8859_1),
            "[\"\u00ed\u00a0\u0080\"]".getBytes(ISO_8859_1),
            "{}\u00ff".getBytes(ISO_8859_1))) {
      assertThatThrownBy(() -> skip(other)).hasMessageEndingWith("it is not UTF-8");
    }
    assertThatThrownBy(() -> skip("{}".getBytes(UTF_16BE)))
        .isInstanceOf(MalformedJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud834",
        "\\ud800",
        "\\udfff",
        "a\\udd1e",
        "\\udd1e\\ud834",
        "\\ud834\\ud834\\udd1e"
      })
  void stringShouldRefuseHalfOfASurrogatePair(String escaped) {
    assertThatThrownBy(() -> read("\"" + escaped + "\"", JsonReader::string))
        .hasMessageContaining("has half of a surrogate pair");
  }

  @Test
  void stringShouldAcceptWhatStandsBesideTheSurrogates() throws Exception {
    String text = read("\"\\ud7ff\\ue000\\udbff\\udfff\"", JsonReader::string);

    assertThat(text).isEqualTo("\ud7ff\ue000\udbff\udfff");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | \"{\" is not allowed; allowed is a string",
        "[] | \"[\" is not allowed; allowed is a string",
        "17 | \"17\" is not allowed; allowed is a string",
        "null | \"null\" is not allowed; allowed is a string",
        "false | \"false\" is not allowed; allowed is a string"
      })
  void stringShouldNameWhatItFoundInstead(String json, String reason) {
    assertThatThrownBy(() -> read(json, JsonReader::string)).hasMessage(reason);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "253402300799, 253402300799"})
  void integerShouldReadWholeNumbers(String json, long value) throws Exception {
    long read = read(json, in -> in.integer(253_402_300_799L));

    assertThat(read).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "253402300800",
        "-0",
        "-1",
        "1.0",
        "1e3",
        "1e999999999",
        "99999999999999999999999999",
        "\"1\"",
        "true",
        "{}"
      })
  void integerShouldRefuseEverythingElse(String json) {
    assertThatThrownBy(() -> read(json, in -> in.integer(253_402_300_799L)))
        .hasMessageEndingWith("allowed is a whole number from 0 to 253402300799");
  }

  @Test
  void integerShouldReadUpTo18Digits() throws Exception {
    long read = read("9".repeat(18), in -> in.integer(Long.MAX_VALUE));

    assertThat(read).isEqualTo(999_999_999_999_999_999L);
    assertThatThrownBy(() -> read("9".repeat(19), in -> in.integer(Long.MAX_VALUE)))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void integerShouldRefuseANumberOfAMillionDigitsAtOnce() {
    long before = System.nanoTime();

    assertThatThrownBy(() -> read("9".repeat(1_000_000), in -> in.integer(9)))
        .hasMessage(
            "\"" + "9".repeat(80) + "...\" is not allowed; allowed is a whole number from 0 to 9");
    // To make a number of them takes about a minute.
    assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-01T00:00:00Z, 2026-12-01T00:00:00Z",
    "2026-12-01T01:30:00+01:30, 2026-12-01T00:00:00Z",
    "2018-09-28T11:57:09.977018279-07:00, 2018-09-28T18:57:09.977018279Z",
    "2024-02-29T23:59:59.5Z, 2024-02-29T23:59:59.500Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z"
  })
  void instantShouldReadRfc3339(String text, Instant instant) throws Exception {
    Instant read = read("\"" + text + "\"", JsonReader::instant);

    assertThat(read).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-12-01",
        "2026-12-01T00:00Z",
        "2026-12-01T00:00:00",
        "2026-12-01 00:00:00Z",
        "2026-12-01t00:00:00z",
        "2026-12-01T00:00:00+0100",
        "2026-12-01T24:00:00Z",
        "2026-12-01T23:59:60Z",
        "2026-12-01T00:00:00+19:00",
        "2026-12-01T00:00:00.Z",
        "2026-12-01T00:00:00.1234567890Z",
        "2026-02-30T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "+12026-12-01T00:00:00Z",
        "٢٠٢٦-12-01T00:00:00Z",
        "tomorrow",
        ""
      })
  void instantShouldRefuseEverythingElse(String text) {
    assertThatThrownBy(() -> read("\"" + text + "\"", JsonReader::instant))
        .hasMessageEndingWith("allowed is a moment by RFC 3339, for example 2026-12-01T00:00:00Z");
  }

  @Test
  void flagShouldReadBoth() throws Exception {
    boolean yes = read("true", JsonReader::flag);
    boolean no = read("false", JsonReader::flag);

    assertThat(yes).isTrue();
    assertThat(no).isFalse();
  }

  @Test
  void flagShouldRefuseWhatOnlyLooksLikeOne() {
    for (String json : List.of("1", "\"true\"", "null", "[]")) {
      assertThatThrownBy(() -> read(json, JsonReader::flag))
          .hasMessageEndingWith("is not allowed; allowed is true or false");
    }
  }

  @Test
  void quotedShouldCutWhatIsLonger() {
    assertThat(MalformedJsonException.quoted("x".repeat(80)))
        .isEqualTo("\"" + "x".repeat(80) + "\"");
    assertThat(MalformedJsonException.quoted("x".repeat(81)))
        .isEqualTo("\"" + "x".repeat(80) + "...\"");
  }

  @Test
  void messagesShouldStayShortAndPrintableWhateverTheKeys() {
    String key = "\\u001b[31m\\ud800/~" + "k".repeat(100_000);

    assertThatThrownBy(
            () ->
                read(
                    "{\"" + key + "\":{\"" + key + "\":\"" + key + "\"}}",
                    in -> {
                      in.enterObject();
                      in.nextMember();
                      in.enterObject();
                      in.nextMember();
                      throw in.unknown("none");
                    }))
        .hasMessageMatching("/\\?\\[31m\\?~1~0k+\\.\\.\\.: \"\\?\\[31m\\?/~k+\\.\\.\\.\" is not .*")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
  }

  private static void skip(byte[] json) throws MalformedJsonException {
    JsonReader.read(
        json,
        in -> {
          in.skip();
          return "";
        });
  }

  private static <T> T read(String json, JsonReader.Format<T> format)
      throws MalformedJsonException {
    return JsonReader.read(json.getBytes(UTF_8), format);
  }
}
