package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.icu.text.IDNA;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people write, and the name that is looked up: RFC 5891 §5, RFC 5892, RFC 5893, UTS #46. */
class InternationalDomainNameTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "U-label                            | bücher.test           | xn--bcher-kva.test",
        "every label may be one             | bücher.例え.テスト       | xn--bcher-kva.xn--r8jz45g.xn--zckzah",
        "an A-label beside a U-label        | xn--fa-hia.bücher.de  | xn--fa-hia.xn--bcher-kva.de",
        "an A-label in upper case beside it | XN--FA-HIA.bücher.de  | xn--fa-hia.xn--bcher-kva.de",
        "outside the BMP                    | 𠮷野家.test            | xn--fctt27jo60v.test",
        // Deviations: IDNA2003 leads to fass.de, to another Greek name, to names without joiners.
        "eszett stays                       | faß.de                | xn--fa-hia.de",
        "capital eszett is an eszett        | FAẞ.de                | xn--fa-hia.de",
        "final sigma stays                  | βόλος.com             | xn--nxasmm1c.com",
        "capital sigma is a sigma           | ΒΌΛΟΣ.com             | xn--nxasmq6b.com",
        "ZWNJ between joining letters       | \u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com       | xn--mgba3gch31f060k.com",
        "ZWJ after a virama                 | क\u094d\u200dष.test    | xn--11b2ezcw70k.test",
        // Mappings.
        "upper case                         | BÜCHER.Test           | xn--bcher-kva.test",
        "dotted capital I                   | İ.test                | xn--i-9bb.test",
        "decomposed                         | bu\u0308cher.test     | xn--bcher-kva.test",
        "fullwidth                          | ｂüｃｈｅｒ．ｔｅｓｔ      | xn--bcher-kva.test",
        "fullwidth, which is ASCII          | ｅｘａｍｐｌｅ.com        | example.com",
        "Kelvin sign                        | \u212a.test           | k.test",
        "ligature                           | ﬁsch.test             | fisch.test",
        "half-width katakana                | ﾃｽﾄ.test              | xn--zckzah.test",
        "ideographic full stop              | bücher。test           | xn--bcher-kva.test",
        "half-width ideographic full stop   | bücher｡test           | xn--bcher-kva.test",
        "root dot                           | bücher.test.          | xn--bcher-kva.test",
        "ideographic root dot               | bücher.test。          | xn--bcher-kva.test",
        "soft hyphen is ignored             | bü\u00adcher.test     | xn--bcher-kva.test",
        "variation selector is ignored      | bü\ufe0fcher.test     | xn--bcher-kva.test",
        // Right-to-left.
        "Hebrew                             | \u05d3\u05d5\u05d2\u05de\u05d4.test            | xn--6dbbec0c.test",
        "a digit at its end                 | \u05d0\u05d11.test              | xn--1-zhcd.test",
        "digits before Latin elsewhere      | 1a.bücher.test        | 1a.xn--bcher-kva.test",
        // What lookup need not test: RFC 5891 §5.4 leaves CONTEXTO to registries.
        "katakana middle dot alone          | ü・.test               | xn--tda886v.test",
        // RFC 5892 disallows symbols; UTS #46 does not, and such domains exist.
        "symbol                             | ☃.test                | xn--n3h.test",
      })
  void nameShouldBecomeTheOneThatIsLookedUp(String rule, String given, String expected)
      throws Exception {
    assertThat(DomainName.parseInternational(given)).hasToString(expected);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "empty label              | ü..test                | a label is empty",
        "empty first label        | .ü.test                | a label is empty",
        "empty for its mapping    | \u00ad.ü.test          | a label is empty",
        "two root dots            | ü.test..               | a label is empty",
        "space                    | ü x.test               | not allowed",
        "underscore (STD3)        | _ü.test                | not allowed",
        "slash (STD3)             | ü/.test                | not allowed",
        "angle bracket (STD3)     | ü>.test                | not allowed",
        "maps to a slash (STD3)   | ℀.test                 | not allowed",
        "control character        | ü\u0007.test           | not allowed",
        "line separator           | ü\u2028.test           | not allowed",
        "right-to-left override   | ü\u202e.test           | not allowed",
        "unassigned               | ü\u0378.test           | not allowed",
        "private use              | ü\ue000.test           | not allowed",
        "lone surrogate           | ü\ud800.test           | not allowed",
        "leading hyphen           | -ü.test                | hyphen",
        "trailing hyphen          | ü-.test                | hyphen",
        "hyphens in third place   | ab--ü.test             | hyphens in third and fourth place",
        "leading mark             | \u0301ü.test           | combining mark",
        "xn-- that is no Punycode | xn--ü.test             | no A-label",
        "xn-- of nothing          | xn--.ü.test            | no A-label",
        "xn-- of ASCII            | xn--abc-.ü.test        | no A-label",
        "xn-- of upper case       | xn--wca.ü.test         | no A-label",
        "digit before Hebrew      | 1\u05d0\u05d1.test               | right-to-left",
        "Latin in Hebrew          | \u05d0a\u05d1.test               | right-to-left",
        "Arabic and other digits  | \u05d0\u06601.test               | right-to-left",
        "digit label beside it    | 1a.\u05d0\u05d1.test             | right-to-left",
        "ZWJ after Latin          | a\u200dü.test          | zero-width",
        "ZWNJ after Latin         | a\u200cü.test          | zero-width",
        "ZWNJ where nothing joins | क\u200c.test           | zero-width",
        "all-numeric last label   | ü.１２                  | the last is a number",
        "address in wide digits   | １９２．０．２．１            | the last is a number",
      })
  void nameThatBreaksARuleShouldBeRefusedWithTheReason(String rule, String given, String reason) {
    assertThatThrownBy(() -> DomainName.parseInternational(given))
        .isInstanceOf(InvalidDomainNameException.class)
        .hasMessageContaining("is not a domain name: ")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest(name = "{0} times {1}")
  @CsvSource({
    // 63 octets with xn-- are the most.
    "57, ü, 63",
    "58, ü, 0",
    "57, u\u0308, 63",
    "28, \u4e00\u6587, 0",
  })
  void labelShouldFitIntoSixtyThreeOctets(int times, String text, int octets) throws Exception {
    String name = text.repeat(times) + ".test";
    if (octets > 0) {
      assertThat(DomainName.parseInternational(name).value()).hasSize(octets + ".test".length());
    } else {
      assertThatThrownBy(() -> DomainName.parseInternational(name))
          .hasMessageContaining("more than 63 octets");
    }
  }

  @Test
  void nameShouldFitInto253Octets() throws Exception {
    // 4 * 61 and the 9 of xn--tda.a.
    String longest = ("a".repeat(60) + ".").repeat(4) + "ü.a";

    assertThat(DomainName.parseInternational(longest + ".").value()).hasSize(253);
    assertThatThrownBy(() -> DomainName.parseInternational(longest + "a"))
        .isInstanceOf(InvalidDomainNameException.class)
        .hasMessageContaining("more than 253 octets");
  }

  /** Whatever a stranger writes, there is a name or a reason, soon. */
  @ParameterizedTest
  @CsvSource({"ü, 5000000", "\u3300, 253", "\u4e00, 759", "ü., 5000", "xn--ü, 300"})
  void endlessTextShouldBeRefusedAtOnce(String text, int times) {
    assertThatThrownBy(() -> DomainName.parseInternational(text.repeat(times)))
        .isInstanceOf(InvalidDomainNameException.class)
        .message()
        .hasSizeLessThan(300);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Example.TEST., example.test",
    "XN--BCHER-KVA.test, xn--bcher-kva.test",
    // No U-label has these A-labels, but the DNS may: they are looked up.
    "xn--a.test, xn--a.test",
    "xn--zzzzzzzzzz.test, xn--zzzzzzzzzz.test",
    "r3---sn.test, r3---sn.test",
  })
  void asciiShouldGoTheWayOfParse(String given, String expected) throws Exception {
    assertThat(DomainName.parseInternational(given)).hasToString(expected);
    assertThat(DomainName.parse(given)).hasToString(expected);
  }

  @Test
  void parseShouldStayStrict() {
    assertThatThrownBy(() -> DomainName.parse("bücher.test"))
        .isInstanceOf(InvalidDomainNameException.class)
        .hasMessageContaining("A-label");
  }

  /** A property, over names that are mostly valid. */
  @Test
  void nameShouldBeTheSameAgainHoweverItIsWritten() throws Exception {
    IDNA unicode = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_UNICODE);
    Random random = new Random(46);
    int names = 0;
    for (int i = 0; i < 20_000; i++) {
      String given = randomName(random);
      DomainName name;
      try {
        name = DomainName.parseInternational(given);
      } catch (InvalidDomainNameException e) {
        continue;
      }
      names++;
      StringBuilder shown = new StringBuilder();
      unicode.nameToUnicode(name.value(), shown, new IDNA.Info());
      assertThat(name.value()).as(given).matches("[a-z0-9.-]{1,253}");
      assertThat(DomainName.parse(name.value())).as(given).isEqualTo(name);
      assertThat(DomainName.parseInternational(name.value())).as(given).isEqualTo(name);
      assertThat(DomainName.parseInternational(shown.toString())).as(given).isEqualTo(name);
    }
    assertThat(names).as("names that were valid").isGreaterThan(5_000);
  }

  private static String randomName(Random random) {
    int[] firsts = {0x20, 0xa0, 0x370, 0x400, 0x5d0, 0x620, 0x900, 0x3040, 0x4e00, 0xff00, 0x1f600};
    StringBuilder name = new StringBuilder();
    int script = firsts[random.nextInt(firsts.length)];
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      name.appendCodePoint(script + random.nextInt(0x60));
    }
    return name.append(".test").toString();
  }
}
