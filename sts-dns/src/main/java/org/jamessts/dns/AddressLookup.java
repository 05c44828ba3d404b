package org.jamessts.dns;

import java.net.InetAddress;
import java.util.List;

/** The addresses of one host, or why there are none. */
public sealed interface AddressLookup {

  /**
   * Addresses to try.
   *
   * @param addresses at least one, in the order in which to try them
   * @param security whether DNSSEC proves all that the DNS said about them
   */
  record Found(List<InetAddress> addresses, DnsAnswer.Security security) implements AddressLookup {
    public Found {
      addresses = List.copyOf(addresses);
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("found means found");
      }
    }
  }

  /**
   * The host has no address.
   *
   * @param nameExists whether the DNS knows the name at all
   */
  record None(boolean nameExists) implements AddressLookup {}

  /**
   * The DNS could not tell; try later.
   *
   * @param failure the kind
   * @param detail what happened, for a person to read
   */
  record Failed(DnsAnswer.Failure failure, String detail) implements AddressLookup {}
}
