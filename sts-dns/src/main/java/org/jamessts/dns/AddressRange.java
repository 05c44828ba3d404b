package org.jamessts.dns;

import org.xbill.DNS.Address;

/** The addresses of one family that begin with the same bits. */
final class AddressRange {
  private final byte[] prefix;
  private final int bits;

  private AddressRange(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /** Reads a constant such as {@code 10.0.0.0/8} or {@code fe80::/10}. */
  static AddressRange of(String text) {
    int slash = text.indexOf('/');
    String address = text.substring(0, slash);
    byte[] prefix =
        Address.toByteArray(address, address.contains(":") ? Address.IPv6 : Address.IPv4);
    return new AddressRange(prefix, Integer.parseInt(text.substring(slash + 1)));
  }

  /**
   * Whether an address, as its octets, lies in the range. Never, when it is of the other family.
   */
  boolean holds(byte[] octets) {
    if (octets.length != prefix.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if (((octets[i / 8] ^ prefix[i / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
