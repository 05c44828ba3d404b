package org.jamessts.mtasts;

import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;

/**
 * One {@code mx} value of a policy: a host name, or {@code *.} and a domain, where the asterisk
 * stands for exactly one label (RFC 8461 §4.1).
 *
 * @param wildcard whether the pattern began with {@code *.}
 * @param name the host, or the parent domain of a wildcard
 */
public record MxPattern(boolean wildcard, DomainName name) {

  /**
   * Reads a pattern by the grammar of RFC 8461 §3.2: no trailing dot, no address literal, no
   * U-label, no asterisk but a whole left-most label.
   *
   * @param text the value of an {@code mx} field
   * @return the pattern
   * @throws InvalidDomainNameException when the text is no pattern: the message says why
   */
  public static MxPattern parse(String text) throws InvalidDomainNameException {
    boolean wildcard = text.startsWith("*.");
    String name = wildcard ? text.substring(2) : text;
    if (name.endsWith(".")) {
      // DomainName drops a root dot, which the policy grammar does not have: an empty label fails.
      name = name + ".";
    }
    return new MxPattern(wildcard, DomainName.parse(name));
  }

  /** Whether the name of an MX record is covered (RFC 8461 §4.1). */
  public boolean matches(DomainName mxHost) {
    if (!wildcard) {
      return name.equals(mxHost);
    }
    int firstDot = mxHost.value().indexOf('.');
    return firstDot > 0 && mxHost.value().substring(firstDot + 1).equals(name.value());
  }

  /** The pattern as a policy spells it. */
  @Override
  public String toString() {
    return wildcard ? "*." + name : name.value();
  }
}
