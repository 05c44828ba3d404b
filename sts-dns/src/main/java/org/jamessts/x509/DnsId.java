package org.jamessts.x509;

import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;

/**
 * A DNS-ID of a certificate (RFC 9525 §2): a dNSName in the subject alternative name. A {@code *}
 * counts only as the whole left-most label and stands for exactly one label (RFC 8461 §4.1); a name
 * written in any other way matches nothing. The common name is never looked at.
 */
public final class DnsId {

  private DnsId() {}

  /**
   * Whether a presented identifier covers a host.
   *
   * @param presented the dNSName as the certificate has it
   * @param host the name that was asked for
   * @return true when they are equal, or when the identifier is {@code *.} and the host's parent
   */
  public static boolean matches(String presented, DomainName host) {
    if (!presented.startsWith("*.")) {
      return isHostName(presented, host.value());
    }
    int firstDot = host.value().indexOf('.');
    return firstDot > 0 && isHostName(presented.substring(2), host.value().substring(firstDot + 1));
  }

  /** Whether a text spells a host name, in ASCII letters of any case and without a root dot. */
  private static boolean isHostName(String text, String canonical) {
    try {
      return text.equals(canonical)
          || (text.length() == canonical.length()
              && DomainName.parse(text).value().equals(canonical));
    } catch (InvalidDomainNameException e) {
      return false;
    }
  }
}
