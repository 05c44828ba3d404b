package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTextTest {

  @ParameterizedTest
  @CsvSource({
    "bob@b\u00fccher.test, bob@b\u00fccher.test",
    "bob@\u4f8b\u3048.test, bob@\u4f8b\u3048.test",
    "bob@\ud842\udfb7.test, bob@\ud842\udfb7.test",
    "bob@u\u0308.test, bob@u\u0308.test",
    "bob@\u0647\u200c\u0627.test, bob@\u0647\u200c\u0627.test",
    "bob@\u2603.test, bob@\u2603.test",
    // What breaks a line, hides or turns round.
    "'\"a\\\r\\\nb\"@x', '\"a\\?\\?b\"@x'",
    "'a\tb', 'a b'",
    "a\u0085b\u007f, a?b?",
    "a\u2028b\u2029c, a?b?c",
    "a\u202eb\u2066c, a?b?c",
    "a\u200bb\ufeffc\u00add, a?b?c?d",
    "a\u00a0b\u3000c, a?b?c",
    "a\ue000b\ud800, a?b?",
  })
  void addressShouldBeShownAsGivenInOneLine(String address, String shown) {
    assertThat(PrintableText.ofAddress(address)).isEqualTo(shown);
  }
}
