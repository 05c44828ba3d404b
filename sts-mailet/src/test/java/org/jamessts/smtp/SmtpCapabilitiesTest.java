package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpCapabilitiesTest {

  private static SmtpCapabilities of(String... lines) {
    return SmtpCapabilities.of(SmtpReply.of(250, List.of(lines)));
  }

  @Test
  void ofShouldReadKeywordsInAnyCaseAndNotTheGreeting() {
    SmtpCapabilities offered = of("STARTTLS greets you", "pipelining", "8BitMime", "SIZE 10", "");
    assertThat(offered.startTls()).isFalse();
    assertThat(offered.pipelining()).isTrue();
    assertThat(offered.eightBitMime()).isTrue();
    assertThat(offered.extensions())
        .containsOnly(entry("PIPELINING", ""), entry("8BITMIME", ""), entry("SIZE", "10"));
  }

  @Test
  void offersShouldCompareWholeKeywords() {
    SmtpCapabilities offered = of("hi", "XSTARTTLS", "STARTTLSX", "AUTH STARTTLS", "REQUIRETLS");
    assertThat(offered.startTls()).isFalse();
    assertThat(offered.requireTls()).isTrue();
  }

  @Test
  void authMechanismsShouldBeThoseOfAllLines() {
    assertThat(of("hi", "AUTH PLAIN  login", "auth XOAUTH2", "AUTH=CRAM-MD5").authMechanisms())
        .containsExactlyInAnyOrder("PLAIN", "LOGIN", "XOAUTH2");
  }

  @ParameterizedTest
  @CsvSource({
    "SIZE 1000, 1000",
    "size 1000, 1000",
    "SIZE, -1",
    "SIZE 0, -1",
    "SIZE x, -1",
    "SIZE -5, -1",
    "SIZE 99999999999999999999, -1",
  })
  void sizeLimitShouldBeEmptyWhereNoneIsNamed(String line, long expected) {
    OptionalLong limit = of("hi", line).sizeLimit();
    assertThat(limit).isEqualTo(expected < 0 ? OptionalLong.empty() : OptionalLong.of(expected));
  }
}
