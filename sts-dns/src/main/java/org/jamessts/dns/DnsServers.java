package org.jamessts.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.Address;
import org.xbill.DNS.ResolverConfig;

/**
 * The name servers to ask. They are given as addresses, never as names: to find the address of a
 * name, a name server would have to be known.
 *
 * @param addresses at least one, in the order in which they are tried
 */
public record DnsServers(List<InetSocketAddress> addresses) {

  private static final int DEFAULT_PORT = 53;
  private static final int MAX_PORT = 65535;

  /** {@code 192.0.2.1}, {@code 192.0.2.1:53}, {@code [::1]} or {@code [::1]:53}. */
  private static final Pattern ENTRY =
      Pattern.compile("(?:\\[(?<v6>[^\\]]*)\\]|(?<v4>[^:\\[\\]]*))(?::(?<port>[0-9]{1,5}))?");

  public DnsServers {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads a setting.
   *
   * @param text {@code address[:port]}, separated by commas; an IPv6 address in brackets; the port
   *     is 53 where none is given
   * @throws InvalidDnsServersException when a part is no such thing, or there is none
   */
  public static DnsServers parse(String text) throws InvalidDnsServersException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      addresses.add(parseOne(part.strip()));
    }
    return new DnsServers(addresses);
  }

  /** Those that the operating system uses; none where it does not say. */
  public static List<InetSocketAddress> ofSystem() {
    return List.copyOf(ResolverConfig.getCurrentConfig().servers());
  }

  private static InetSocketAddress parseOne(String part) throws InvalidDnsServersException {
    Matcher matcher = ENTRY.matcher(part);
    if (!matcher.matches()) {
      throw new InvalidDnsServersException(part, "is not an address with an optional port");
    }
    String v6 = matcher.group("v6");
    String port = matcher.group("port");
    int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
    if (number < 1 || number > MAX_PORT) {
      throw new InvalidDnsServersException(part, "has a port that is not 1 to " + MAX_PORT);
    }
    try {
      InetAddress address =
          v6 == null
              ? Address.getByAddress(matcher.group("v4"), Address.IPv4)
              : Address.getByAddress(v6, Address.IPv6);
      return new InetSocketAddress(InetAddress.getByAddress(address.getAddress()), number);
    } catch (UnknownHostException e) {
      throw new InvalidDnsServersException(part, "is not an IP address");
    }
  }
}
