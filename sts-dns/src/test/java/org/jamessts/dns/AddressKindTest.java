package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Address;

class AddressKindTest {

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, GLOBAL",
    "0.0.0.0, UNSPECIFIED",
    "0.255.255.255, UNSPECIFIED",
    "1.0.0.0, GLOBAL",
    "9.255.255.255, GLOBAL",
    "10.0.0.0, PRIVATE",
    "10.255.255.255, PRIVATE",
    "11.0.0.0, GLOBAL",
    "100.63.255.255, GLOBAL",
    "100.64.0.0, PRIVATE",
    "100.127.255.255, PRIVATE",
    "100.128.0.0, GLOBAL",
    "126.255.255.255, GLOBAL",
    "127.0.0.1, LOOPBACK",
    "127.255.255.255, LOOPBACK",
    "128.0.0.0, GLOBAL",
    "169.253.255.255, GLOBAL",
    "169.254.169.254, LINK_LOCAL",
    "169.255.0.0, GLOBAL",
    "172.15.255.255, GLOBAL",
    "172.16.0.0, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, GLOBAL",
    "192.0.0.8, RESERVED",
    "192.0.1.0, GLOBAL",
    "192.0.2.1, RESERVED",
    "192.88.99.1, RESERVED",
    "192.167.255.255, GLOBAL",
    "192.168.0.0, PRIVATE",
    "192.169.0.0, GLOBAL",
    "198.17.255.255, GLOBAL",
    "198.18.0.0, RESERVED",
    "198.19.255.255, RESERVED",
    "198.20.0.0, GLOBAL",
    "198.51.100.7, RESERVED",
    "203.0.113.7, RESERVED",
    "223.255.255.255, GLOBAL",
    "224.0.0.1, MULTICAST",
    "239.255.255.255, MULTICAST",
    "240.0.0.0, RESERVED",
    "255.255.255.255, RESERVED",
  })
  void ipv4RangeShouldDecide(String address, AddressKind kind) throws Exception {
    assertThat(AddressKind.of(literal(address))).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "2a00:1450::1, GLOBAL",
    "2606:4700::1111, GLOBAL",
    "::, UNSPECIFIED",
    "::1, LOOPBACK",
    "::2, UNSPECIFIED", // IPv4-compatible 0.0.0.2
    "::1:0:0, RESERVED",
    "fe80::1, LINK_LOCAL",
    "febf:ffff::1, LINK_LOCAL",
    "fec0::1, PRIVATE",
    "fc00::1, PRIVATE",
    "fdff::1, PRIVATE",
    "fe00::1, RESERVED",
    "ff02::1, MULTICAST",
    "2001::1, RESERVED", // Teredo
    "2001:1ff::1, RESERVED",
    "2001:200::1, GLOBAL",
    "2001:db8::1, RESERVED",
    "2001:db9::1, GLOBAL",
    "3fff:fff::1, RESERVED",
    "3fff:1000::1, GLOBAL",
    "4000::1, RESERVED",
    "100::1, RESERVED",
    "5f00::1, RESERVED",
  })
  void ipv6RangeShouldDecide(String address, AddressKind kind) throws Exception {
    assertThat(AddressKind.of(literal(address))).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "::7f00:1, LOOPBACK", // IPv4-compatible
    "::ffff:0:7f00:1, LOOPBACK", // IPv4-translated
    "::ffff:0:808:808, GLOBAL",
    "64:ff9b::7f00:1, LOOPBACK", // NAT64
    "64:ff9b::a9fe:a9fe, LINK_LOCAL",
    "64:ff9b::808:808, GLOBAL",
    "64:ff9b:1::808:808, PRIVATE", // NAT64 of a local network
    "2002:7f00:1::, LOOPBACK", // 6to4
    "2002:a00:1::1, PRIVATE",
    "2002:808:808::1, GLOBAL",
  })
  void ipv6ThatStandsForIpv4ShouldBeOfTheKindOfThatAddress(String address, AddressKind kind)
      throws Exception {
    assertThat(AddressKind.of(literal(address))).isEqualTo(kind);
  }

  @Test
  void mappedAddressShouldBeOfTheKindOfItsIpv4Address() throws Exception {
    byte[] octets = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
    assertThat(AddressKind.of(Inet6Address.getByAddress(null, octets, -1)))
        .isEqualTo(AddressKind.PRIVATE);
  }

  @ParameterizedTest
  @EnumSource
  void policyHostShouldBeGlobalAndMailHostAlsoPrivate(AddressKind kind) {
    assertThat(kind.isGlobal()).isEqualTo(kind == AddressKind.GLOBAL);
    boolean refused =
        switch (kind) {
          case LOOPBACK, LINK_LOCAL, UNSPECIFIED, MULTICAST -> true;
          case GLOBAL, PRIVATE, RESERVED -> false;
        };
    assertThat(kind.isMailHost()).isEqualTo(!refused);
  }

  private static InetAddress literal(String text) throws Exception {
    return Address.getByAddress(text);
  }
}
