package org.jamessts.mtasts;

import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;

/**
 * Which MX hosts a policy expects: one host, or hosts below a name. How many labels below is what
 * sets the two standards apart.
 *
 * @param kind how the name is meant
 * @param name the host, or the name that the hosts are below
 */
public record MxPattern(Kind kind, DomainName name) {

  /** How the name of a pattern is meant. */
  public enum Kind {
    /** The name is the host. */
    HOST,
    /** Hosts exactly one label below the name: {@code *.} of RFC 8461 §4.1. */
    ONE_LABEL,
    /** Hosts any number of labels below the name: {@code *.} of draft-margolis-smtp-sts-00 §3. */
    SUBDOMAINS
  }

  /**
   * Reads a pattern by the grammar of RFC 8461 §3.2: no trailing dot, no address literal, no
   * U-label, no asterisk but a whole left-most label.
   *
   * @param text the value of an {@code mx} field
   * @return the pattern, of kind {@link Kind#HOST} or {@link Kind#ONE_LABEL}
   * @throws InvalidDomainNameException when the text is no pattern: the message says why
   */
  public static MxPattern parse(String text) throws InvalidDomainNameException {
    Kind kind = text.startsWith("*.") ? Kind.ONE_LABEL : Kind.HOST;
    String name = kind == Kind.HOST ? text : text.substring(2);
    if (name.endsWith(".")) {
      // DomainName drops a root dot, which the policy grammar does not have: an empty label fails.
      name = name + ".";
    }
    return new MxPattern(kind, DomainName.parse(name));
  }

  /** The pattern that covers whatever is below a name, never the name itself. */
  public static MxPattern subdomainsOf(DomainName name) {
    return new MxPattern(Kind.SUBDOMAINS, name);
  }

  /** Whether the name of an MX record is covered. */
  public boolean matches(DomainName mxHost) {
    String host = mxHost.value();
    return switch (kind) {
      case HOST -> name.equals(mxHost);
      // From the first dot on: "." and all that follows the host's first label.
      case ONE_LABEL -> host.substring(Math.max(0, host.indexOf('.'))).equals("." + name);
      case SUBDOMAINS -> host.endsWith("." + name);
    };
  }

  /** Whether one of some patterns covers the name of an MX record. */
  public static boolean anyMatches(List<MxPattern> patterns, DomainName mxHost) {
    // On the way of every mail, several times.
    for (MxPattern pattern : patterns) {
      if (pattern.matches(mxHost)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A host or {@code *.} and a name as RFC 8461 spells them; subdomains as {@code .} and a name.
   */
  @Override
  public String toString() {
    return switch (kind) {
      case HOST -> name.value();
      case ONE_LABEL -> "*." + name;
      case SUBDOMAINS -> "." + name;
    };
  }
}
