package org.jamessts.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jamessts.dns.AddressKind;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DomainName;

/**
 * Finds this server among the hosts of a domain (RFC 5321 §5.1): a host that has our name or one of
 * our addresses. Loopback addresses do not count: whether those may be used at all is a setting.
 *
 * @param names the names under which this server greets
 * @param addresses the addresses of this machine
 */
record OwnHosts(Set<DomainName> names, Set<InetAddress> addresses) {

  OwnHosts {
    names = Set.copyOf(names);
    addresses = Set.copyOf(addresses);
  }

  /**
   * Leaves out ourselves and every host of the same or a worse preference, which would only send
   * the mail back.
   *
   * @param targets in the order of preference
   * @return those that may be tried, in the same order
   */
  List<Target> before(List<Target> targets) {
    OptionalInt ours =
        targets.stream().filter(this::isOurs).mapToInt(target -> target.host().preference()).min();
    if (ours.isEmpty()) {
      return targets;
    }
    return targets.stream().filter(target -> target.host().preference() < ours.getAsInt()).toList();
  }

  /** Whether a host is this server. */
  boolean isOurs(Target target) {
    return names.contains(target.host().name()) || isHere(target.addresses());
  }

  private boolean isHere(AddressLookup lookup) {
    return lookup instanceof AddressLookup.Found found
        && found.addresses().stream()
            .filter(address -> AddressKind.of(address).isMailHost())
            .map(OwnHosts::plain)
            .anyMatch(addresses::contains);
  }

  /** An IPv4-mapped IPv6 address as the IPv4 address to which a connection goes. */
  private static InetAddress plain(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has four or sixteen octets", e);
    }
  }
}
