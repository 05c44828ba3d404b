package org.jamessts.delivery;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.Optional;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;

/**
 * Mail addresses that name a host by its address, in brackets, in place of a domain (RFC 5321
 * §4.1.3). James takes the brackets away, takes the address without them for the same, and refuses
 * literals of IPv6.
 */
final class AddressLiteral {

  private AddressLiteral() {}

  /** The host's address; empty for a domain. */
  static Optional<InetAddress> of(Domain domain) {
    String text = domain.name();
    return InetAddresses.isInetAddress(text)
        ? Optional.of(InetAddresses.forString(text))
        : Optional.empty();
  }

  /** The address as the wire needs it: with brackets around a literal. */
  static String spelled(MailAddress address) {
    String domain = address.getDomain().name();
    return address.getLocalPart()
        + "@"
        + (of(address.getDomain()).isPresent() ? "[" + domain + "]" : domain);
  }
}
