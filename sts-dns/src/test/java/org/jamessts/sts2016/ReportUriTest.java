package org.jamessts.sts2016;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.sts2016.Records.parsed;
import static org.jamessts.sts2016.Records.reportOnly;

import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import org.jamessts.sts2016.SmtpStsRecordParse.Invalid;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportUriTest {

  private static final String DEFECT_7 = "draft-margolis-smtp-sts-00 A.3 defect 7";

  private static final URI MAILTO = URI.create("mailto:a@example.com");
  private static final URI HTTPS = URI.create("https://example.com/sts");

  private static List<ReportUri> rua(String value) {
    return parsed(reportOnly("rua=" + value)).rua();
  }

  @ParameterizedTest(name = "{0}: !{1}")
  @CsvSource({
    "octets, 0, 0",
    "octets, 1, 1",
    "octets, 500, 500",
    "k is 2^10, 1k, 1024",
    "m is 2^20, 10m, 10485760",
    "g is 2^30, 3g, 3221225472",
    "t is 2^40, 2t, 2199023255552",
    "defect 7: units without case, 1K, 1024",
    "defect 7: units without case, 1M, 1048576",
    "defect 7: units without case, 1G, 1073741824",
    "defect 7: units without case, 1T, 1099511627776",
    "nothing, 0t, 0",
    "leading zeros, 000000000000000000000000007k, 7168",
    "zeros alone, 000, 0",
    "the greatest long, 9223372036854775807, 9223372036854775807",
    "over a long, 9223372036854775808, 9223372036854775807",
    "the greatest of 64 bits, 18446744073709551615, 9223372036854775807",
    "the greatest of 64 bits with a unit, 18446744073709551615t, 9223372036854775807",
    "a product just below, 8388607t, 9223370937343148032",
    "a product just over a long, 8388608t, 9223372036854775807",
    "a product that wraps to 0 in 64 bits, 16777216t, 9223372036854775807"
  })
  @Rule(value = DEFECT_7, in = ReportUri.class)
  void parseShouldReadSizesInOctetsAndStopAtTheGreatestLong(String rule, String size, long octets) {
    assertThat(rua("mailto:a@example.com!" + size))
        .containsExactly(new ReportUri(MAILTO, OptionalLong.of(octets)));
  }

  @ParameterizedTest(name = "{0}: !{1}")
  @CsvSource({
    "no digits, '', is not a size",
    "unit alone, k, is not a size",
    "unknown unit, 1p, is not a size",
    "two units, 1kb, is not a size",
    "unit first, k1, is not a size",
    "sign, -1, is not a size",
    "sign, +1, is not a size",
    "white space, 1 k, is not a size",
    "fraction, 1.5m, is not a size",
    "hexadecimal, 0x10, is not a size",
    "a second one, 1!2, is not a size",
    "one over 64 bits, 18446744073709551616, does not fit 64 bits",
    "20 nines, 99999999999999999999, does not fit 64 bits",
    "21 digits, 100000000000000000000, does not fit 64 bits"
  })
  void parseShouldRefuseWhatIsNoSize(String rule, String size, String reason) {
    assertThat(SmtpStsRecord.parse(reportOnly("rua=ftp://x/," + MAILTO + "!" + size)))
        .isEqualTo(new Invalid("the record's rua: \"" + size + "\" " + explained(reason)));
  }

  private static String explained(String reason) {
    return reason.equals("is not a size") ? "is not a size such as 10m" : reason;
  }

  @Test
  void parseShouldReadAListWithWhiteSpaceAroundItsCommas() {
    assertThat(rua("mailto:a@example.com!1k \t,\t https://example.com/sts,MAILTO:b@example.com"))
        .containsExactly(
            new ReportUri(MAILTO, OptionalLong.of(1024)),
            new ReportUri(HTTPS, OptionalLong.empty()),
            new ReportUri(URI.create("mailto:b@example.com"), OptionalLong.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mailto:a@example.com?subject=sts",
        "mailto:a%21b@example.com",
        "https://example.com:8443/sts?a=b%2Cc"
      })
  void parseShouldKeepAUriAsItIsWritten(String uri) {
    assertThat(rua(uri)).singleElement().extracting(ReportUri::uri).hasToString(uri);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "another scheme, ftp://example.com/",
    "clear text, http://example.com/",
    "another scheme with a size, ftp://example.com/!1m",
    "mailto without an address, mailto:bob",
    "mailto with an address in its query alone, mailto:?to=a@example.com",
    "mailto with two @, mailto:a@b@example.com",
    "mailto without a domain, mailto:a@",
    "mailto with a path, mailto://a@example.com",
    "mailto with a fragment, mailto:a@example.com#a",
    "https without a host, https:example.com",
    "https with a user, https://bob@example.com/",
    "https with a fragment, https://example.com/#a",
    "https with an address, https://192.0.2.1/"
  })
  void parseShouldKeepOutWhatTakesNoReportsAndStayValid(String rule, String uri) {
    assertThat(rua(uri)).isEmpty();
    assertThat(rua(uri + "," + MAILTO))
        .containsExactly(new ReportUri(MAILTO, OptionalLong.empty()));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "no scheme, a@example.com, with a scheme",
    "not a URI, mailto:a b@example.com, is not a URI",
    "not a URI, mailto:<a@example.com>, is not a URI",
    "empty, ',', is not a URI",
    "comma at the end, 'mailto:a@example.com,', is not a URI",
    "comma at the start, ',mailto:a@example.com', is not a URI",
    "white space before the size, mailto:a@example.com !1m, is not a URI",
    "size alone, !1m, is not a URI"
  })
  void parseShouldRefuseWhatIsNoUri(String rule, String value, String reason) {
    assertThat(SmtpStsRecord.parse(reportOnly("rua=" + value)))
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid ->
                assertThat(invalid.reason()).startsWith("the record's rua: \"").contains(reason));
  }

  @Test
  void constructorShouldRefuseWhatTakesNoReportsAndSizesBelow0() {
    assertThatThrownBy(() -> new ReportUri(URI.create("ftp://a/"), OptionalLong.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"ftp://a/\"");
    assertThatThrownBy(() -> new ReportUri(MAILTO, OptionalLong.of(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }
}
