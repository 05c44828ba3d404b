package org.jamessts.dns;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What an address is for. A stranger chooses the addresses that our lookups return, and could
 * choose ones inside our own network: so whoever connects asks for the kind first.
 *
 * <p>An IPv6 address that stands for an IPv4 address (mapped, translated, 6to4) is of the kind of
 * that IPv4 address, since that is where a connection to it ends. The ranges are those of the IANA
 * special-purpose address registries (RFC 6890).
 */
public enum AddressKind {
  /** An address of the public Internet. */
  GLOBAL,
  /** This machine: 127/8, ::1. */
  LOOPBACK,
  /** The same cable: 169.254/16, where clouds hand out a machine's credentials, and fe80::/10. */
  LINK_LOCAL,
  /** No address: 0/8 and ::. A connection to it reaches this machine. */
  UNSPECIFIED,
  /** A group: 224/4, ff00::/8. */
  MULTICAST,
  /** An organisation's or a provider's own network: RFC 1918, RFC 4193, RFC 6598. */
  PRIVATE,
  /** Set aside for documentation, measurements, protocols or the future; also broadcast. */
  RESERVED;

  private record Rule(AddressRange range, Function<byte[], AddressKind> kind) {}

  /** The first range that holds an address decides. */
  private static final List<Rule> RULES =
      List.of(
          is("0.0.0.0/8", UNSPECIFIED),
          is("10.0.0.0/8", PRIVATE),
          is("100.64.0.0/10", PRIVATE),
          is("127.0.0.0/8", LOOPBACK),
          is("169.254.0.0/16", LINK_LOCAL),
          is("172.16.0.0/12", PRIVATE),
          is("192.0.0.0/24", RESERVED),
          is("192.0.2.0/24", RESERVED),
          is("192.88.99.0/24", RESERVED),
          is("192.168.0.0/16", PRIVATE),
          is("198.18.0.0/15", RESERVED),
          is("198.51.100.0/24", RESERVED),
          is("203.0.113.0/24", RESERVED),
          is("224.0.0.0/4", MULTICAST),
          is("240.0.0.0/4", RESERVED),
          is("0.0.0.0/0", GLOBAL),
          is("::/128", UNSPECIFIED),
          is("::1/128", LOOPBACK),
          embedsAt(12, "::/96"), // IPv4-compatible (RFC 4291 §2.5.5.1)
          embedsAt(12, "::ffff:0:0/96"), // IPv4-mapped (RFC 4291 §2.5.5.2)
          embedsAt(12, "::ffff:0:0:0/96"), // IPv4-translated (RFC 2765 §2.1)
          embedsAt(12, "64:ff9b::/96"), // NAT64 (RFC 6052 §2.1)
          embedsAt(2, "2002::/16"), // 6to4 (RFC 3056 §2)
          is("64:ff9b:1::/48", PRIVATE),
          is("2001::/23", RESERVED),
          is("2001:db8::/32", RESERVED),
          is("3fff::/20", RESERVED),
          is("fc00::/7", PRIVATE),
          is("fe80::/10", LINK_LOCAL),
          is("fec0::/10", PRIVATE),
          is("ff00::/8", MULTICAST),
          // All that is allocated to the Internet so far (RFC 4291 §2.4).
          is("2000::/3", GLOBAL),
          is("::/0", RESERVED));

  /** The kind of an address. */
  public static AddressKind of(InetAddress address) {
    return of(address.getAddress());
  }

  /**
   * Whether a stranger may send us there at all. Policies are fetched from such addresses only,
   * unless an operator allows others.
   */
  public boolean isGlobal() {
    return this == GLOBAL;
  }

  /**
   * Whether mail may go there. Private networks count, since companies route mail inside them. What
   * can only be this machine, its cable or a group does not: no host of another domain is there.
   */
  public boolean isMailHost() {
    return this == GLOBAL || this == PRIVATE || this == RESERVED;
  }

  private static AddressKind of(byte[] octets) {
    for (Rule rule : RULES) {
      if (rule.range().holds(octets)) {
        return rule.kind().apply(octets);
      }
    }
    throw new IllegalStateException("the last range of each family holds every address");
  }

  private static Rule is(String range, AddressKind kind) {
    return new Rule(AddressRange.of(range), octets -> kind);
  }

  private static Rule embedsAt(int offset, String range) {
    return new Rule(
        AddressRange.of(range), octets -> of(Arrays.copyOfRange(octets, offset, offset + 4)));
  }
}
