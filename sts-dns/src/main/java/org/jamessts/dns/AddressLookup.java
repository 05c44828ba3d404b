package org.jamessts.dns;

import java.net.InetAddress;
import java.util.List;

/** The addresses of one host, or why there are none. */
public sealed interface AddressLookup {

  /**
   * Addresses to try.
   *
   * @param addresses at least one, in the order in which to try them
   * @param tlsaBases where TLSA records of the host may be, in the order in which to ask (RFC 7672
   *     §2.2.2, §2.2.3); none where DNSSEC does not prove enough for that
   */
  record Found(List<InetAddress> addresses, List<DomainName> tlsaBases) implements AddressLookup {
    public Found {
      addresses = List.copyOf(addresses);
      tlsaBases = List.copyOf(tlsaBases);
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
