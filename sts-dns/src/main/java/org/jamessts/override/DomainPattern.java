package org.jamessts.override;

import java.util.Comparator;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;

/**
 * Which domains an override is about: one domain, or with {@code *.} all below one, at any depth,
 * but not that one. The most specific pattern comes first in order: a domain before {@code *.}
 * patterns, and of those the one with more labels.
 *
 * @param subdomains whether it is about the domains below the name, and not about the name
 * @param name the domain, or the one above
 */
public record DomainPattern(boolean subdomains, DomainName name)
    implements Comparable<DomainPattern> {

  private static final Comparator<DomainPattern> MOST_SPECIFIC_FIRST =
      Comparator.comparing(DomainPattern::subdomains)
          .thenComparing(pattern -> pattern.subdomains() ? -pattern.labels() : 0)
          .thenComparing(DomainPattern::name);

  /**
   * Reads a pattern.
   *
   * @param text {@code example.com} or {@code *.example.com}
   * @throws InvalidDomainNameException when what is to be a domain is none: the message says why
   */
  public static DomainPattern parse(String text) throws InvalidDomainNameException {
    return text.startsWith("*.")
        ? new DomainPattern(true, DomainName.parse(text.substring(2)))
        : new DomainPattern(false, DomainName.parse(text));
  }

  /** Whether it is about a domain. */
  public boolean matches(DomainName domain) {
    return subdomains ? domain.value().endsWith("." + name.value()) : name.equals(domain);
  }

  private long labels() {
    return name.value().chars().filter(c -> c == '.').count();
  }

  @Override
  public int compareTo(DomainPattern other) {
    return MOST_SPECIFIC_FIRST.compare(this, other);
  }

  /** The pattern as it is read. */
  @Override
  public String toString() {
    return subdomains ? "*." + name : name.value();
  }
}
