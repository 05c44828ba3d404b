package org.jamessts.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class DemoTest {

  private static InetAddress address(int... octets) throws UnknownHostException {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return InetAddress.getByAddress(bytes);
  }

  @Test
  void shouldSayInOneLineThatTheMachineLacksTheAddresses() throws Exception {
    // RFC 5737: an address that no machine has.
    assertThat(Demo.obstacle(address(192, 0, 2, 1)).orElseThrow())
        .startsWith("this machine cannot listen at 192.0.2.1 (")
        .contains("127.77.0.0/16", "Linux")
        .hasLineCount(1);
  }

  @Test
  void shouldSayNothingWhereTheyAre() throws Exception {
    assertThat(Demo.obstacle(address(127, 0, 0, 1))).isEmpty();
  }
}
