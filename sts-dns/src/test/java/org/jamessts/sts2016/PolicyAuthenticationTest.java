package org.jamessts.sts2016;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.sts2016.Records.parsed;
import static org.jamessts.sts2016.Records.reportOnly;

import java.net.URI;
import org.jamessts.sts2016.PolicyAuthentication.Dnssec;
import org.jamessts.sts2016.PolicyAuthentication.Webpki;
import org.jamessts.sts2016.SmtpStsRecordParse.Invalid;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyAuthenticationTest {

  private static final String DEFECT_5 = "draft-margolis-smtp-sts-00 A.3 defect 5";
  private static final String DEFECT_7 = "draft-margolis-smtp-sts-00 A.3 defect 7";

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "prose, webpki:https://example.com/sts, https://example.com/sts, example.com",
    "defect 5: grammar, https://example.com/sts, https://example.com/sts, example.com",
    "defect 7: prefix, WEBPKI:https://example.com/, https://example.com/, example.com",
    "scheme and host without case, HTTPS://Example.COM/S, HTTPS://Example.COM/S, example.com",
    "port, webpki:https://example.com:8443/, https://example.com:8443/, example.com",
    "least port, webpki:https://example.com:1/, https://example.com:1/, example.com",
    "greatest port, webpki:https://example.com:65535/, https://example.com:65535/, example.com",
    "no path, webpki:https://example.com, https://example.com, example.com",
    "query, webpki:https://example.com/?a=b!c, https://example.com/?a=b!c, example.com",
    "defect 5: %3B, https://example.com/a%3Bb, https://example.com/a%3Bb, example.com",
    "another host, webpki:https://a.example/, https://a.example/, a.example",
    "root dot, webpki:https://example.com./, https://example.com./, example.com"
  })
  @Rule(value = DEFECT_5, in = SmtpStsRecordParser.class)
  @Rule(value = DEFECT_7, in = SmtpStsRecordParser.class)
  void parseShouldReadBothSpellingsAndPrintThatOfTheProse(
      String rule, String value, String uri, String host) {
    assertThat(parsed(reportOnly("a=" + value)).authentication())
        .hasValueSatisfying(
            authentication -> {
              assertThat(authentication)
                  .isEqualTo(new Webpki(URI.create(uri)))
                  .hasToString("webpki:" + uri);
              assertThat(((Webpki) authentication).uri()).hasToString(uri);
              assertThat(((Webpki) authentication).host()).hasToString(host);
            });
  }

  @ParameterizedTest(name = "defect 7: {0}")
  @CsvSource({"dnssec", "DNSSEC", "DnsSec"})
  @Rule(value = DEFECT_7, in = SmtpStsRecordParser.class)
  void parseShouldReadDnssecWithoutCase(String value) {
    assertThat(parsed(reportOnly("a=" + value)).authentication())
        .hasValueSatisfying(
            authentication ->
                assertThat(authentication).isEqualTo(new Dnssec()).hasToString("dnssec"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "another word, none, not https",
    "dnssec and more, dnssec2, not https",
    "the bare word of late March 2016, webpki, not https",
    "no URI, webpki:, not https",
    "clear text, webpki:http://example.com/, not https",
    "another scheme, mailto:a@example.com, not https",
    "relative, webpki://example.com/, not https",
    "prefix twice, webpki:webpki:https://example.com/, not https",
    "white space, webpki: https://example.com/, and a URI",
    "not a URI, https://example.com/|, and a URI",
    "user, https://bob@example.com/, user information",
    "empty user, https://@example.com/, user information",
    "fragment, https://example.com/#a, fragment",
    "empty fragment, https://example.com/#, fragment",
    "no authority, https:example.com, no host",
    "empty authority, https:///sts, no host",
    "underscore, https://policy._smtp_sts.example.com/, no host",
    "port 0, https://example.com:0/, port",
    "port 65536, https://example.com:65536/, port",
    "port over an int, https://example.com:4294967739/, no host",
    "IPv4, https://192.0.2.1/, not a domain name",
    "IPv6, https://[2001:db8::1]/, not a domain name",
  })
  void parseShouldRefuseEverythingElseAndSayWhy(String rule, String value, String reason) {
    assertThat(SmtpStsRecord.parse(reportOnly("a=" + value)))
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid ->
                assertThat(invalid.reason())
                    .startsWith("the record's a: \"" + value + "\" is not dnssec or webpki:")
                    .contains(reason));
  }

  @Test
  void constructorShouldRefuseWhatIsNoHttpsUri() {
    assertThatThrownBy(() -> new Webpki(URI.create("http://example.com/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("its scheme is not https");
  }
}
