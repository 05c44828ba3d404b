package org.jamessts.tlsrpt.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpTextTest {

  /** RFC 5952 §4. */
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:0db8:0000:0000:0000:0000:0002:0001, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8::AAAA, 2001:db8::aaaa",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "0:0:1::, 0:0:1::",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::"
  })
  void addressShouldBeInItsOneForm(String address, String text) throws Exception {
    assertThat(IpText.of(InetAddress.getByName(address))).isEqualTo(text);
  }
}
