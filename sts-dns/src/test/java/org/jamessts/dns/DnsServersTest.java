package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsServersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1                        | /192.0.2.1:53",
        "192.0.2.1:5353                   | /192.0.2.1:5353",
        "192.0.2.1:1                      | /192.0.2.1:1",
        "[2001:db8::1]                    | /[2001:db8:0:0:0:0:0:1]:53",
        "[::1]:1053                       | /[0:0:0:0:0:0:0:1]:1053",
        "' 127.0.0.1:65535 '              | /127.0.0.1:65535",
      })
  void addressShouldBeRead(String text, String expected) throws Exception {
    assertThat(DnsServers.parse(text).addresses())
        .extracting(Object::toString)
        .containsExactly(expected);
  }

  @Test
  void orderShouldBeThatOfTheSetting() throws Exception {
    assertThat(DnsServers.parse("192.0.2.9, [::1]:54 ,192.0.2.1:55").addresses())
        .extracting(address -> address.getPort())
        .containsExactly(53, 54, 55);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "192.0.2.1,",
        "ns.example.com",
        "localhost:53",
        "192.0.2.1:",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "192.0.2.1:123456",
        "192.0.2.1:-1",
        "192.0.2",
        "192.0.2.256",
        "2001:db8::1",
        "[2001:db8::1",
        "[2001:db8::1]53",
        "[192.0.2.1]:53",
        "[]:53",
        "192.0.2.1 192.0.2.2",
        "dns://192.0.2.1",
      })
  void anythingElseShouldBeRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> DnsServers.parse(text))
        .isInstanceOf(InvalidDnsServersException.class)
        .hasMessageContaining("192.0.2.2:5353");
  }
}
