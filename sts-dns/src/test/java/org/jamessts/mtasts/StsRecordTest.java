package org.jamessts.mtasts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.jamessts.mtasts.StsRecordChoice.Invalid;
import org.jamessts.mtasts.StsRecordChoice.None;
import org.jamessts.mtasts.StsRecordChoice.Present;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StsRecordTest {

  private static final String ID_32 = "20160831085700Z20160831085700Zab";

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  @Rule(value = "RFC 8461 S4", in = StsRecord.class)
  void selectShouldFindTheRecord(String rule, String text, String id) {
    assertThat(StsRecord.select(List.of(text))).isEqualTo(new Present(new StsRecord(id)));
  }

  static Stream<Arguments> selectShouldFindTheRecord() {
    return Stream.of(
        arguments("as in the RFC", "v=STSv1; id=20160831085700Z;", "20160831085700Z"),
        arguments("shortest", "v=STSv1;id=1", "1"),
        arguments("order free after the version", "v=STSv1; a=b; id=1", "1"),
        arguments("strings were joined", "v=STSv1; i" + "d=1;", "1"),
        arguments("first id counts", "v=STSv1; id=1; id=2", "1"),
        arguments("first id counts, though a later one is bad", "v=STSv1; id=1; id=a-b", "1"),
        arguments("id of 32", "v=STSv1; id=" + ID_32, ID_32),
        arguments("letters of both cases, digits", "v=STSv1; id=aZ09", "aZ09"),
        arguments("white space around delimiters", "v=STSv1; \tid=1\t ;\t a=b \t; ", "1"),
        arguments("extension after the id", "v=STSv1; id=1; a_.-9=!:<>~", "1"),
        arguments("extension name of 32", "v=STSv1; id=1; " + ID_32 + "=x", "1"),
        arguments("the version again is an extension", "v=STSv1; v=STSv1; id=1", "1"),
        arguments("ID is an extension", "v=STSv1; ID=2; id=1", "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id=1; v=STSv1",
        " v=STSv1; id=1",
        "V=STSv1; id=1",
        "v=stsv1; id=1",
        "v=STSv2; id=1",
        "v=STSv10; id=1",
        "v=STSv1 ; id=1",
        "v=STSv1",
        "v=spf1 -all",
        ""
      })
  @Rule(value = "RFC 8461 S3", in = StsRecord.class)
  void selectShouldDiscardRecordsWithoutThePrefix(String text) {
    assertThat(StsRecord.select(List.of(text)))
        .isEqualTo(new None("no TXT record begins with v=STSv1;"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  @Rule(value = "RFC 8461 S3", in = StsRecord.class)
  void selectShouldCallABadRecordInvalidAndSayWhy(String rule, String text, String reason) {
    assertThat(StsRecord.select(List.of(text))).isEqualTo(new Invalid("the TXT record" + reason));
  }

  static Stream<Arguments> selectShouldCallABadRecordInvalidAndSayWhy() {
    return Stream.of(
        arguments("no field", "v=STSv1;", " has no id"),
        arguments("no field, white space", "v=STSv1; \t", " has no id"),
        arguments("no id", "v=STSv1; a=b", " has no id"),
        arguments("ID is not id", "v=STSv1; ID=1", " has no id"),
        arguments("empty id", "v=STSv1; id=", " has no field in \" id=\""),
        arguments("id of 33", "v=STSv1; id=" + ID_32 + "c", bad(ID_32 + "c")),
        arguments("id with -", "v=STSv1; id=a-b", bad("a-b")),
        arguments("id with _", "v=STSv1; id=a_b", bad("a_b")),
        arguments("id with .", "v=STSv1; id=a.b", bad("a.b")),
        arguments("the first id is bad", "v=STSv1; id=a.b; id=1", bad("a.b")),
        arguments("space around =", "v=STSv1; id = 1", " has no field in \" id = 1\""),
        arguments("no =", "v=STSv1; id=1; x", " has no field in \" x\""),
        arguments("two delimiters at the end", "v=STSv1; id=1;;", " has no field in \"\""),
        arguments("two delimiters inside", "v=STSv1;; id=1", " has no field in \"\""),
        arguments("space at the end", "v=STSv1; id=1 ", " has no field in \" id=1 \""),
        arguments("= in a value", "v=STSv1; id=1; a=b=c", " has no field in \" a=b=c\""),
        arguments("space in a value", "v=STSv1; id=1; a=b c", " has no field in \" a=b c\""),
        arguments("no value", "v=STSv1; a=; id=1", " has no field in \" a=\""),
        arguments("no name", "v=STSv1; =b; id=1", " has no field in \" =b\""),
        arguments("name begins with _", "v=STSv1; _a=b; id=1", " has no field in \" _a=b\""),
        arguments(
            "name of 33",
            "v=STSv1; id=1; " + ID_32 + "c=x",
            " has no field in \" " + ID_32 + "c=x\""),
        arguments("line feed", "v=STSv1; id=1\n", " has no field in \" id=1?\""),
        arguments("not ASCII", "v=STSv1; id=1; a=\u00e4", " has no field in \" a=?\""));
  }

  private static String bad(String id) {
    return "'s id is not 1 to 32 letters and digits: \"" + id + "\"";
  }

  @Test
  @Rule(value = "RFC 8461 S3", in = StsRecord.class)
  void selectShouldOverlookUnrelatedRecords() {
    assertThat(StsRecord.select(List.of("v=spf1 -all", "v=STSv1; id=1", "")))
        .isEqualTo(new Present(new StsRecord("1")));
  }

  @Test
  @Rule(value = "RFC 8461 S3", in = StsRecord.class)
  void selectShouldFindNoneAmongTwoCandidatesEvenWhenOneIsInvalid() {
    assertThat(StsRecord.select(List.of("v=STSv1; id=1", "v=STSv1;")))
        .isEqualTo(new None("2 TXT records begin with v=STSv1;"));
  }

  @Test
  void reasonShouldNameTheIdOfARecordThatIsThere() {
    assertThat(StsRecord.select(List.of("v=STSv1; id=7")).reason()).endsWith("with id 7");
  }

  @Test
  void selectShouldNeverJoinRecords() {
    assertThat(StsRecord.select(List.of("v=STSv1; i", "d=1;"))).isInstanceOf(Invalid.class);
  }

  @Test
  void selectShouldFindNoneInNothing() {
    assertThat(StsRecord.select(List.of())).isInstanceOf(None.class);
  }

  @Test
  void selectShouldAnswerTheLongestRecordsQuickly() {
    // 65535 octets is what a TXT record can hold; none of these may cost more than one pass.
    for (String unit : new String[] {"a=b;", " ", ";", "a", "a=b \t ", "a=b; "}) {
      String text = "v=STSv1;" + unit.repeat(65_500 / unit.length()) + "\u0001";
      assertThat(StsRecord.select(List.of(text))).isInstanceOf(Invalid.class);
    }
  }

  @Test
  void constructorShouldRefuseWhatIsNoId() {
    assertThatThrownBy(() -> new StsRecord("a-b")).isInstanceOf(IllegalArgumentException.class);
  }
}
