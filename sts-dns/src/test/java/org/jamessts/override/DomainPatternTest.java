package org.jamessts.override;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainPatternTest {

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "example.com, example.com, true",
    "EXAMPLE.com, example.COM, true",
    "example.com, mail.example.com, false",
    "*.example.com, mail.example.com, true",
    "*.Example.com, a.b.mail.example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, badexample.com, false",
    "*.example.com, example.com.evil.test, false",
    "*.com, example.com, true",
    "*.com, com, false"
  })
  void matchesShouldTakeADomainOrAllBelowOne(String pattern, String domain, boolean matches)
      throws Exception {
    assertThat(DomainPattern.parse(pattern).matches(DomainName.parse(domain))).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        ".",
        ".example.com",
        "*.*.example.com",
        "*example.com",
        "a.*.example.com",
        "**.example.com",
        "*.192.0.2.1",
        "192.0.2.1",
        "_dmarc.example.com",
        "a b.example.com",
        "a..example.com"
      })
  void parseShouldRefuseWhatIsNoPattern(String text) {
    assertThatThrownBy(() -> DomainPattern.parse(text))
        .isInstanceOf(InvalidDomainNameException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "*.example.com", "*.com"})
  void toStringShouldSpellWhatIsParsed(String text) throws Exception {
    assertThat(DomainPattern.parse(text)).hasToString(text);
  }

  @Test
  void compareToShouldPutTheMostSpecificFirst() throws Exception {
    List<DomainPattern> ordered = new ArrayList<>();
    for (String text :
        List.of(
            "a.example",
            "b.a.example",
            "*.c.b.a.example",
            "*.a.example",
            "*.b-with-a-long-name.example",
            "*.c.example",
            "*.test")) {
      ordered.add(DomainPattern.parse(text));
    }
    List<DomainPattern> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(1));

    assertThat(shuffled).isNotEqualTo(ordered);
    assertThat(shuffled.stream().sorted()).isEqualTo(ordered);
  }
}
