package org.jamessts.x509;

import static org.assertj.core.api.Assertions.assertThat;

import org.jamessts.dns.DomainName;
import org.jamessts.testing.Rule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsIdTest {

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @CsvSource({
    "mx.example.com, mx.example.com, true",
    "MX.Example.COM, mx.example.com, true",
    "mx.example.com, MX.Example.COM, true",
    "*.example.com, mx.example.com, true",
    "*.EXAMPLE.com, mx.example.com, true",
    "*.com, example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, a.b.example.com, false",
    "*.com, com, false",
    "example.com, mx.example.com, false",
    "mx.example.com, example.com, false",
    "mx.example.com, mx.example.com.example.net, false",
    "m*.example.com, mx.example.com, false",
    "*x.example.com, mx.example.com, false",
    "mx.*.com, mx.example.com, false",
    "*.*.com, mx.example.com, false",
    "*.*.example.com, a.b.example.com, false",
    "**.example.com, mx.example.com, false",
    "*, example, false",
    "*., example, false",
    "*.example.com., mx.example.com, false",
    "mx.example.com., mx.example.com, false",
    "'mx.example.com ', mx.example.com, false",
    "'mx.example.com,b', mx.example.com, false",
    "'', mx.example.com, false",
    // U+212A, the Kelvin sign: its lower-case form is an ASCII k.
    "\u212A.example.com, k.example.com, false",
    "*.\u212A.example, mx.k.example, false"
  })
  @Rule(value = "RFC 8461 S6", in = DnsId.class)
  @Rule(value = "RFC 8461 S21", in = DnsId.class)
  void matchesShouldTakeAWildcardOnlyAsTheWholeLeftMostLabel(
      String presented, String host, boolean matches) throws Exception {
    assertThat(DnsId.matches(presented, DomainName.parse(host))).isEqualTo(matches);
  }
}
