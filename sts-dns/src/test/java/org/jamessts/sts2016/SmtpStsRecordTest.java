package org.jamessts.sts2016;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.sts2016.Records.APPENDIX_2;
import static org.jamessts.sts2016.Records.FULL;
import static org.jamessts.sts2016.Records.parsed;
import static org.jamessts.sts2016.Records.reportOnly;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.MxPattern.Kind;
import org.jamessts.sts2016.PolicyAuthentication.Dnssec;
import org.jamessts.sts2016.PolicyAuthentication.Webpki;
import org.jamessts.sts2016.SmtpStsRecordParse.Invalid;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SmtpStsRecordTest {

  private static final String DEFECT_1 = "draft-margolis-smtp-sts-00 A.3 defect 1";
  private static final String DEFECT_2 = "draft-margolis-smtp-sts-00 A.3 defect 2";
  private static final String DEFECT_3 = "draft-margolis-smtp-sts-00 A.3 defect 3";
  private static final String DEFECT_4 = "draft-margolis-smtp-sts-00 A.3 defect 4";
  private static final String DEFECT_5 = "draft-margolis-smtp-sts-00 A.3 defect 5";
  private static final String DEFECT_6 = "draft-margolis-smtp-sts-00 A.3 defect 6";
  private static final String DEFECT_7 = "draft-margolis-smtp-sts-00 A.3 defect 7";
  private static final String DEFECT_8 = "draft-margolis-smtp-sts-00 A.3 defect 8";

  private static final List<MxPattern> MX =
      List.of(
          MxPattern.subdomainsOf(new DomainName("example.com")),
          new MxPattern(Kind.HOST, new DomainName("mx.example.net")));
  private static final Optional<PolicyAuthentication> WEBPKI =
      Optional.of(new Webpki(URI.create("https://example.com/.well-known/smtp-sts/current")));
  private static final Optional<Duration> TWO_WEEKS = Optional.of(Duration.ofDays(14));
  private static final List<ReportUri> RUA =
      List.of(new ReportUri(URI.create("mailto:sts@example.com"), OptionalLong.of(10 << 20)));

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = DEFECT_4, in = Tags.class)
  @Rule(value = DEFECT_5, in = SmtpStsRecordParser.class)
  @Rule(value = DEFECT_7, in = SmtpStsRecordParser.class)
  @Rule(value = DEFECT_8, in = Tags.class)
  void parseShouldReadTheSameInEveryAllowedSpelling(String rule, String text) {
    assertThat(parsed(text))
        .isEqualTo(
            new SmtpStsRecord(
                true, MX, WEBPKI, Optional.of(Constraint.WEBPKI), TWO_WEEKS, RUA, text));
  }

  static Stream<Arguments> parseShouldReadTheSameInEveryAllowedSpelling() {
    return Stream.of(
        arguments("as the prose spells it", FULL),
        arguments("separator at the end", FULL + ";"),
        arguments("separator and white space at the end", FULL + " \t; \t"),
        arguments("no white space", FULL.replace(" ", "")),
        arguments("white space around separators", FULL.replace("; ", "\t ;\t ")),
        arguments(
            "white space around =",
            FULL.replaceAll("(v|to|mx|a|c|e|rua)=", "$1 \t= \t").replace("; ", ";")),
        arguments("defect 4: any order after to", reversed()),
        arguments("defect 5: a as the grammar spells it", FULL.replace("webpki:https", "https")),
        arguments("defect 5: a semicolon ends a URI", FULL.replace("/current", "/current;b=c")),
        arguments(
            "defect 7: tags and words without case",
            FULL.replace("v=", "V=")
                .replace("to=true", "To=tRUE")
                .replace(" mx=", " MX=")
                .replace(" a=webpki:", " A=WebPKI:")
                .replace(" c=webpki", " C=WebPKI")
                .replace(" e=", " E=")
                .replace(" rua=", " RUA=")
                .replace("10m", "10M")),
        arguments("defect 7: host names without case", FULL.replace("*.example", "*.Example")),
        arguments("defect 8: unknown tags", FULL.replace(" c=", " x=y; pin_.-9=a=b c!; c=")),
        arguments("defect 8: unknown tag of 32 octets", FULL + "; " + "x".repeat(32) + "=y"),
        arguments("defect 8: unknown tags of later drafts", FULL + "; m=report; id=1"),
        arguments(
            "defect 8: the first of duplicates",
            FULL + "; to=false; mx=a.example; a=dnssec; c=tlsa; e=1; rua=https://a.example/"),
        arguments(
            "defect 8: duplicates with bad values",
            FULL + "; v=STS2; to=no; mx=*; a=b; c=d; e=f; rua=g"),
        arguments("defect 9: white space at the end", FULL + " \t"));
  }

  private static String reversed() {
    List<String> fields = new ArrayList<>(List.of(FULL.split("; ")));
    Collections.reverse(fields.subList(2, fields.size()));
    return String.join("; ", fields);
  }

  @Test
  @Rule(value = DEFECT_2, in = SmtpStsRecordParser.class)
  void parseShouldReadTheExampleOfAppendix2() {
    assertThat(parsed(APPENDIX_2))
        .isEqualTo(
            new SmtpStsRecord(
                false,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(
                    new ReportUri(
                        URI.create("mailto:sts-feedback@example.com"), OptionalLong.empty())),
                APPENDIX_2));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  @Rule(value = DEFECT_2, in = SmtpStsRecordParser.class)
  @Rule(value = DEFECT_7, in = SmtpStsRecordParser.class)
  void parseShouldAcceptWhatToFalseDoesNotNeed(String rule, String text) {
    assertThat(parsed(text).tlsOnly()).isFalse();
  }

  static Stream<Arguments> parseShouldAcceptWhatToFalseDoesNotNeed() {
    return Stream.of(
        arguments("defect 2: to=false alone", "v=STS1;to=false"),
        arguments("defect 2: to=false without mx", reportOnly("a=dnssec; c=tlsa; e=1")),
        arguments("defect 2: to=false without a", reportOnly("mx=a.example; c=tlsa; e=1")),
        arguments("defect 2: to=false without c", reportOnly("mx=a.example; a=dnssec; e=1")),
        arguments("defect 2: to=false without e", reportOnly("mx=a.example; a=dnssec; c=tlsa")),
        arguments("defect 7: FALSE", "v=STS1; to=FALSE"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = DEFECT_2, in = SmtpStsRecordParser.class)
  @Rule(value = DEFECT_3, in = SmtpStsRecordParser.class)
  @Rule(value = DEFECT_4, in = Tags.class)
  @Rule(value = DEFECT_6, in = SmtpStsRecordParser.class)
  @Rule(value = DEFECT_7, in = SmtpStsRecordParser.class)
  @Rule(value = DEFECT_8, in = Tags.class)
  void parseShouldRefuseEverythingElseAndSayWhy(String rule, String text, String reason) {
    assertThat(SmtpStsRecord.parse(text))
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid -> assertThat(invalid.reason()).startsWith("the record" + reason));
  }

  static Stream<Arguments> parseShouldRefuseEverythingElseAndSayWhy() {
    return Stream.of(
        arguments("nothing", "", " does not begin with v=STS1: \"\""),
        arguments("white space before the version", " " + FULL, " does not begin with v=STS1"),
        arguments("version not first", "to=false; v=STS1", " does not begin with v=STS1"),
        arguments("version in other case", "v=sts1; to=false", " does not begin with v=STS1"),
        arguments("other version", "v=STSv1; id=1", " does not begin with v=STS1"),
        arguments("version that is longer", "v=STS10; to=false", " does not begin with v=STS1"),
        arguments("version alone", "v=STS1", " has no to"),
        arguments("version and separator", "v=STS1 ; ", " has no to"),
        arguments(
            "no separator after the version",
            "v=STS1 to=false",
            " has no semicolon after v=STS1: \"v=STS1 to=false\""),
        arguments("two separators", "v=STS1;; to=false", " has no tag and value in \"\""),
        arguments("two separators at the end", "v=STS1; to=false;;", " has no tag and value"),
        arguments("white space between separators", "v=STS1; to=false; ;", " has no tag and v"),
        arguments("no =", reportOnly("x"), " has no tag and value in \" x\""),
        arguments("no value", reportOnly("mx="), " has no tag and value in \" mx=\""),
        arguments("no tag", reportOnly("=x"), " has no tag and value in \" =x\""),
        arguments("tag with a space", reportOnly("a b=c"), " has no tag and value"),
        arguments("tag that begins with _", reportOnly("_a=b"), " has no tag and value"),
        arguments("tag of 33 octets", reportOnly("x".repeat(33) + "=y"), " has no tag and value"),
        arguments("line end", APPENDIX_2 + "\n", " has no tag and value in"),
        arguments("control character", reportOnly("x=a\0b"), " has no tag and value"),
        arguments("DEL", reportOnly("x=a\u007f"), " has no tag and value"),
        arguments("not ASCII", reportOnly("x=\u00e4"), " has no tag and value in \" x=?\""),
        arguments("to with another word", "v=STS1; to=yes", "'s to: \"yes\" is not true or fal"),
        arguments("defect 2: to=true alone", "v=STS1; to=true", " has to=true and no mx, a, c, e"),
        arguments("defect 2: to=true without mx", without(" mx="), " has to=true and no mx"),
        arguments("defect 2: to=true without a", without(" a="), " has to=true and no a"),
        arguments("defect 2: to=true without c", without(" c="), " has to=true and no c"),
        arguments("defect 2: to=true without e", without(" e="), " has to=true and no e"),
        arguments("defect 3: e of 11 digits", e("00000000001"), "'s e: \"00000000001\" is not"),
        arguments("e below 0", e("-1"), "'s e: \"-1\" is not a number of seconds"),
        arguments("e with a unit", e("14d"), "'s e: \"14d\" is not"),
        arguments("defect 4: to is not second", "v=STS1; e=1; to=false", "'s second tag is not to"),
        arguments("defect 4: a duplicate is second", "v=STS1; v=STS1; to=false", "'s second tag"),
        arguments("defect 6: _ is no wildcard", mx("_.example.com"), "'s mx: \"_.example.com\""),
        arguments("defect 7: STS1 has a case", FULL.replace("STS1", "Sts1"), " does not begin"),
        arguments("defect 8: known tag, bad value", reportOnly("c=dane"), "'s c: \"dane\" is not"),
        arguments("defect 8: bad value first", reportOnly("c=dane; c=tlsa"), "'s c: \"dane\""),
        arguments("mx with an empty element", mx("a.example,,b.example"), "'s mx: \"\" is not"),
        arguments("mx that ends with a comma", mx("a.example,"), "'s mx: \"\" is not"),
        arguments("mx with white space after a comma", mx("a.example, b.example"), "'s mx: \" b"),
        arguments("mx with a root dot", mx("a.example."), "'s mx: \"a.example"),
        arguments("mx that is an asterisk", mx("*"), "'s mx: \"*\""),
        arguments("mx with two asterisks", mx("*.*.example"), "'s mx: \"*.example\""),
        arguments("mx with part of a label", mx("*mail.example.com"), "'s mx: \"*mail"),
        arguments("mx that is an address", mx("192.0.2.1"), "'s mx: \"192.0.2.1\""));
  }

  private static String without(String tag) {
    return FULL.replaceFirst(tag + "[^;]*;", "");
  }

  private static String mx(String value) {
    return reportOnly("mx=" + value);
  }

  private static String e(String value) {
    return reportOnly("e=" + value);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "late March 2016 | v=STS1; m=report; mx=*mail.example.com | late March 2016",
        "both m and id | v=STS1; id=1; m=enforce | late March 2016",
        "April 2016 | v=STS1; id=randomstr; | draft-brotman-mta-sts-00",
      })
  void parseShouldNameTheDraftThatARecordWithoutToSeemsToFollow(
      String rule, String text, String draft) {
    assertThat(SmtpStsRecord.parse(text))
        .isInstanceOfSatisfying(
            Invalid.class, invalid -> assertThat(invalid.reason()).contains(draft));
  }

  @ParameterizedTest(name = "defect 3: e={0}")
  @CsvSource({"0", "1", "999999", "1000000", "4294967296", "9999999999", "0000000009"})
  @Rule(value = DEFECT_3, in = SmtpStsRecordParser.class)
  void parseShouldReadUpToTenDigitsOfSeconds(String digits) {
    assertThat(parsed(e(digits)).expiry()).contains(Duration.ofSeconds(Long.parseLong(digits)));
  }

  @ParameterizedTest(name = "defect 1: mx={0}")
  @CsvSource({"azAZ09-x.example", "0a.example", "x.0a", "a", "xn--fa-hia.example"})
  @Rule(value = DEFECT_1, in = SmtpStsRecordParser.class)
  void parseShouldReadLettersDigitsAndHyphensInMx(String name) throws Exception {
    assertThat(parsed(mx(name)).mx())
        .containsExactly(new MxPattern(Kind.HOST, DomainName.parse(name)));
  }

  @Test
  void parseShouldReadTheOtherWords() {
    SmtpStsRecord record = parsed(reportOnly("a=dnssec; c=tlsa"));

    assertThat(record.authentication()).contains(new Dnssec());
    assertThat(record.constraint()).contains(Constraint.TLSA);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "a.example.com, true",
    "a.b.example.com, true",
    "example.com, false",
    "mx.example.net, true",
    "a.mx.example.net, false",
    "example.net, false"
  })
  void coversShouldAskEveryPattern(String host, boolean covered) {
    assertThat(parsed(FULL).covers(new DomainName(host))).isEqualTo(covered);
  }

  @Test
  void coversShouldExpectAnyHostWhenNoneIsNamed() {
    assertThat(parsed(APPENDIX_2).covers(new DomainName("mail.example.org"))).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @Rule(value = DEFECT_2, in = SmtpStsRecord.class)
  void constructorShouldRefuseToTrueWithoutItsMeaning(
      String missing,
      List<MxPattern> mx,
      Optional<PolicyAuthentication> authentication,
      Optional<Constraint> constraint,
      Optional<Duration> expiry) {
    assertThatThrownBy(
            () -> new SmtpStsRecord(true, mx, authentication, constraint, expiry, List.of(), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mx, a, c and e");
  }

  static Stream<Arguments> constructorShouldRefuseToTrueWithoutItsMeaning() {
    Optional<Constraint> tlsa = Optional.of(Constraint.TLSA);
    return Stream.of(
        arguments("mx", List.of(), WEBPKI, tlsa, TWO_WEEKS),
        arguments("a", MX, Optional.empty(), tlsa, TWO_WEEKS),
        arguments("c", MX, WEBPKI, Optional.empty(), TWO_WEEKS),
        arguments("e", MX, WEBPKI, tlsa, Optional.empty()));
  }
}
