package org.jamessts.tlsrpt.discover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsRptRecordTest {

  private static final String MAIL = "mailto:a@example.com";

  private static List<String> places(String... texts) {
    TlsRptRecordChoice choice = TlsRptRecord.select(List.of(texts));
    assertThat(choice).as(choice.reason()).isInstanceOf(TlsRptRecordChoice.Present.class);
    return ((TlsRptRecordChoice.Present) choice)
        .record().rua().stream().map(Object::toString).toList();
  }

  /** RFC 8460 §3: the grammar. */
  @ParameterizedTest
  @MethodSource
  @Rule(value = "RFC 8460 T3", in = TlsRptRecord.class)
  void recordByTheGrammarShouldNameItsPlaces(String text, List<String> places) {
    assertThat(places(text)).isEqualTo(places);
  }

  static Stream<Arguments> recordByTheGrammarShouldNameItsPlaces() {
    return Stream.of(
        arguments("v=TLSRPTv1;rua=mailto:a@example.com", List.of(MAIL)),
        arguments("v=TLSRPTv1; rua=mailto:a@example.com;", List.of(MAIL)),
        arguments("v=TLSRPTv1;\t rua=mailto:a@example.com \t; ", List.of(MAIL)),
        arguments("v=TLSRPTv1; rua=MAILTO:a@EXAMPLE.com", List.of(MAIL)),
        arguments("v=TLSRPTv1; x=1; rua=mailto:a@example.com; y.z_-=a:b", List.of(MAIL)),
        arguments("v=TLSRPTv1; RUA=x; rua=mailto:a@example.com", List.of(MAIL)),
        arguments("v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com", List.of(MAIL)),
        arguments("v=TLSRPTv1; rua=mailto:a@example.com, mailto:a@example.com", List.of(MAIL)),
        arguments("v=TLSRPTv1; rua=mailto:a@example.com?subject=x", List.of(MAIL)),
        arguments("v=TLSRPTv1; rua=mailto:a%40b@example.com,mailto:a@example.com", List.of(MAIL)),
        arguments("v=TLSRPTv1; rua=tel:+4930,xmpp:a@b,mailto:a@example.com", List.of(MAIL)),
        arguments("v=TLSRPTv1; rua=mailto:a,https:///x,mailto:a@example.com", List.of(MAIL)),
        arguments(
            "v=TLSRPTv1; rua=mailto:a%2Bb%21@example.com , https://example.com/v1?x=%2C",
            List.of("mailto:a+b!@example.com", "https://example.com/v1?x=%2C")),
        arguments(
            "v=TLSRPTv1; rua=https://Example.com,https://example.com:8443/x,mailto:a@example.com",
            List.of("https://example.com/", "https://example.com:8443/x", MAIL)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "v=TLSRPTv1;|has no field in \"\"",
        "v=TLSRPTv1; |has no field in",
        "v=TLSRPTv1;;rua=mailto:a@example.com|has no field in \"\"",
        "v=TLSRPTv1; rua=mailto:a@example.com;;|has no field in \"\"",
        "v=TLSRPTv1; rua=mailto:a@example.com |must be encoded",
        "v=TLSRPTv1; rua|has no field in \" rua\"",
        "v=TLSRPTv1; x=1|has no rua",
        "v=TLSRPTv1; rua =mailto:a@example.com|has no field in",
        "v=TLSRPTv1; rua= mailto:a@example.com|must be encoded",
        "v=TLSRPTv1; rua=|has no scheme in \"\"",
        "v=TLSRPTv1; rua=a@example.com|has no scheme in \"a@example.com\"",
        "v=TLSRPTv1; rua=mailto:a@example.com,|has no scheme in \"\"",
        "v=TLSRPTv1; rua=mailto:a@example.com!10m|must be encoded",
        "v=TLSRPTv1; rua=mailto:a@b\u00fccher.example|must be encoded",
        "v=TLSRPTv1; rua=mailto:a%4@example.com|has no URI in",
        "v=TLSRPTv1; rua=mailto:a%0d%0aRCPT@example.com|no place",
        "v=TLSRPTv1; rua=mailto:a@192.0.2.1|no place",
        "v=TLSRPTv1; rua=https://192.0.2.1/x|no place",
        "v=TLSRPTv1; rua=https://[2001:db8::1]/x|no place",
        "v=TLSRPTv1; rua=https://a:b@example.com/x|no place",
        "v=TLSRPTv1; rua=https://example.com:0/x|no place",
        "v=TLSRPTv1; rua=https://example.com:65536/x|no place",
        "v=TLSRPTv1; rua=https://example.com/#x|no place",
        "v=TLSRPTv1; rua=http://example.com/x|no place"
      })
  @Rule(value = "RFC 8460 T3", in = TlsRptRecord.class)
  void recordThatIsNoneByTheGrammarOrNamesNoPlaceShouldBeInvalid(String text, String reason) {
    TlsRptRecordChoice choice = TlsRptRecord.select(List.of(text));

    assertThat(choice).as(choice.reason()).isInstanceOf(TlsRptRecordChoice.Invalid.class);
    assertThat(choice.reason()).contains(reason).hasSizeLessThan(200).matches("[\\x20-\\x7e]+");
  }

  /** RFC 8460 §3: others are discarded, and unless one is left there is none. */
  @Test
  @Rule(value = "RFC 8460 T2", in = TlsRptRecord.class)
  void noneAndSeveralShouldBothBeNone() {
    String one = "v=TLSRPTv1; rua=mailto:a@example.com";
    assertThat(places("something", one, "v=TLSRPTv10; x", "v=TLSRPTv1 ; rua=" + MAIL))
        .containsExactly(MAIL);
    assertThat(TlsRptRecord.select(List.of(one, "v=TLSRPTv1;")).reason())
        .isEqualTo("2 TXT records begin with v=TLSRPTv1;");
    assertThat(TlsRptRecord.select(List.of(one, one))).isInstanceOf(TlsRptRecordChoice.None.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "V=TLSRPTv1; rua=mailto:a@example.com",
        " v=TLSRPTv1; rua=mailto:a@example.com",
        "v=tlsrptv1; rua=mailto:a@example.com",
        "v=TLSRPTv1"
      })
  void textThatBeginsOtherwiseShouldBeNone(String text) {
    assertThat(TlsRptRecord.select(List.of(text))).isInstanceOf(TlsRptRecordChoice.None.class);
  }

  @Test
  void noMorePlacesThanTheBoundShouldBeUsed() {
    String many =
        IntStream.range(0, 1000)
            .mapToObj(i -> "mailto:a" + i + "@example.com")
            .collect(Collectors.joining(","));

    assertThat(places("v=TLSRPTv1; rua=" + many))
        .hasSize(TlsRptRecord.MAX_ENDPOINTS)
        .startsWith("mailto:a0@example.com");
  }

  @Test
  void longLocalPartsAndUrisShouldBeLeftOut() {
    assertThat(
            places(
                "v=TLSRPTv1; rua=mailto:"
                    + "x".repeat(65)
                    + "@example.com,https://example.com/"
                    + "y".repeat(2000)
                    + ","
                    + MAIL))
        .containsExactly(MAIL);
  }
}
