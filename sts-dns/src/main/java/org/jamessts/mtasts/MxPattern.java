package org.jamessts.mtasts;

import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;

/**
 * A pattern for the names of MX hosts.
 *
 * @param kind which names it covers
 * @param name the host, or the domain below which the hosts are
 */
public record MxPattern(Kind kind, DomainName name) {

  /** Which names a pattern covers. */
  public enum Kind {
    /** The one host of that name. */
    HOST,
    /** Exactly one label below the domain: {@code *.example.com} (RFC 8461 §4.1). */
    ONE_LABEL,
    /**
     * Any number of labels below the domain, at least one: {@code .example.com}. RFC 8461 has no
     * such pattern, so {@link #parse} never gives one.
     */
    SUBDOMAINS
  }

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
    return new MxPattern(wildcard ? Kind.ONE_LABEL : Kind.HOST, DomainName.parse(name));
  }

  /** Covers every host below a domain, at any depth, but not the domain itself. */
  public static MxPattern subdomainsOf(DomainName domain) {
    return new MxPattern(Kind.SUBDOMAINS, domain);
  }

  /** Whether the name of an MX record is covered (RFC 8461 §4.1). */
  public boolean matches(DomainName mxHost) {
    return switch (kind) {
      case HOST -> name.equals(mxHost);
      case ONE_LABEL -> {
        int firstDot = mxHost.value().indexOf('.');
        yield firstDot > 0 && mxHost.value().substring(firstDot + 1).equals(name.value());
      }
      case SUBDOMAINS -> mxHost.value().endsWith("." + name.value());
    };
  }

  /** The pattern as a policy spells it; {@code .example.com} for subdomains of any depth. */
  @Override
  public String toString() {
    return switch (kind) {
      case HOST -> name.value();
      case ONE_LABEL -> "*." + name;
      case SUBDOMAINS -> "." + name;
    };
  }
}
