package org.jamessts.dane;

import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;

/** Finds the TLSA records of a host (RFC 7672 §2.2.2, §2.2.3). Safe for use by many threads. */
public final class DaneRecords {

  private final Resolver resolver;
  private final Guards guards;

  /**
   * Finder of records.
   *
   * @param resolver asks the DNS
   * @param guards which guards stand
   */
  public DaneRecords(Resolver resolver, Guards guards) {
    this.resolver = resolver;
    this.guards = guards;
  }

  /**
   * What is promised of a host, at the first base domain that has proven records.
   *
   * @param bases where to ask, in this order ({@code AddressLookup.Found#tlsaBases})
   * @param port the TCP port on which the host is contacted
   */
  public DaneLookup lookup(List<DomainName> bases, int port) {
    if (guards.equals(Guards.ALL)) {
      throw new UnsupportedOperationException();
    }
    return new DaneLookup.None(resolver.toString());
  }
}
