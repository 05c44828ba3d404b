package org.jamessts.mtasts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.mtasts.MxPattern.Kind;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MxPatternTest {

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "*.example.com, mail.example.com, true",
    "*.example.com, MAIL.Example.COM, true",
    "*.EXAMPLE.com, mail.example.com, true",
    "*.example.com, mail.example.com., true",
    "*.example.com, example.com, false",
    "*.example.com, a.b.example.com, false",
    "*.example.com, mail.example.net, false",
    "*.example.com, mailexample.com, false",
    "*.com, example.com, true",
    "*.com, com, false",
    "mail.example.com, mail.example.com, true",
    "Mail.Example.com, mail.example.com, true",
    "mail.example.com, a.mail.example.com, false",
    "mail.example.com, example.com, false",
    "example.com, mail.example.com, false"
  })
  @Rule(value = "RFC 8461 S20", in = MxPattern.class)
  void matchesShouldFollowSection4_1(String pattern, String host, boolean matches)
      throws Exception {
    assertThat(MxPattern.parse(pattern).matches(DomainName.parse(host))).isEqualTo(matches);
  }

  @ParameterizedTest(name = "below {0} and {1}: {2}")
  @CsvSource({
    "example.com, mail.example.com, true",
    "example.com, MAIL.Example.COM., true",
    "example.com, a.b.c.example.com, true",
    "example.com, example.com, false",
    "example.com, badexample.com, false",
    "example.com, mail.example.net, false",
    "example.com, com, false",
    "com, example.com, true",
    "com, com, false"
  })
  void subdomainsOfShouldCoverAnyNumberOfLabelsButNotTheNameItself(
      String name, String host, boolean matches) throws Exception {
    assertThat(MxPattern.subdomainsOf(DomainName.parse(name)).matches(DomainName.parse(host)))
        .isEqualTo(matches);
  }

  @Test
  void patternsOfDifferentKindsShouldBeDifferent() throws Exception {
    DomainName name = DomainName.parse("example.com");

    assertThat(MxPattern.parse("example.com")).isEqualTo(new MxPattern(Kind.HOST, name));
    assertThat(MxPattern.parse("*.example.com"))
        .isEqualTo(new MxPattern(Kind.ONE_LABEL, name))
        .isNotEqualTo(MxPattern.subdomainsOf(name));
  }

  @Test
  void toStringShouldTellSubdomainsFromAWildcard() throws Exception {
    assertThat(MxPattern.subdomainsOf(DomainName.parse("Example.com"))).hasToString(".example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        ".",
        "*..",
        "mail.example.com.",
        "*.example.com.",
        "*.*.example.com",
        "m*.example.com",
        "mail.*.com",
        "*mail.example.com",
        "[192.0.2.1]",
        "192.0.2.1",
        "*.192.0.2.1",
        "faß.example",
        "_mail.example.com",
        ".example.com",
        "a..example.com"
      })
  void parseShouldRefuseWhatIsNoPattern(String text) {
    assertThatThrownBy(() -> MxPattern.parse(text)).isInstanceOf(InvalidDomainNameException.class);
  }

  @ParameterizedTest(name = ".example.com and {0}: {1}")
  @CsvSource({
    "mail.example.com, true",
    "a.b.example.com, true",
    "example.com, false",
    "mailexample.com, false",
    "mail.example.com.evil.test, false",
    "mail.example.net, false"
  })
  void subdomainsOfShouldCoverEveryDepthButNotTheDomain(String host, boolean matches)
      throws Exception {
    MxPattern pattern = MxPattern.subdomainsOf(DomainName.parse("example.com"));

    assertThat(pattern.matches(DomainName.parse(host))).isEqualTo(matches);
    assertThat(pattern).hasToString(".example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail.example.com", "*.example.com"})
  void toStringShouldSpellThePattern(String text) throws Exception {
    assertThat(MxPattern.parse(text)).hasToString(text);
  }
}
