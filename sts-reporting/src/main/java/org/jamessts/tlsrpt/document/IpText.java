package org.jamessts.tlsrpt.document;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Addresses as text: IPv4 with dots, IPv6 as in RFC 5952 §4. */
final class IpText {

  private static final int GROUPS = 8;

  private IpText() {}

  static String of(InetAddress address) {
    return address instanceof Inet6Address six
        ? sixGroups(six.getAddress())
        : address.getHostAddress();
  }

  private static String sixGroups(byte[] octets) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = ((octets[2 * i] & 0xff) << 8) | (octets[2 * i + 1] & 0xff);
    }
    int start = 0;
    int longest = 1; // one group of zeros is not shortened
    for (int from = 0; from < GROUPS; from++) {
      int length = zerosFrom(groups, from);
      if (length > longest) {
        start = from;
        longest = length;
      }
    }
    return longest == 1
        ? join(groups, 0, GROUPS)
        : join(groups, 0, start) + "::" + join(groups, start + longest, GROUPS);
  }

  private static int zerosFrom(int[] groups, int from) {
    int to = from;
    while (to < GROUPS && groups[to] == 0) {
      to++;
    }
    return to - from;
  }

  private static String join(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
