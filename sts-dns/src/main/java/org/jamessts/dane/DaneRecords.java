package org.jamessts.dane;

import java.util.ArrayList;
import java.util.List;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;

/** Finds the TLSA records of a host (RFC 7672 §2.2.2, §2.2.3). Safe for use by many threads. */
public final class DaneRecords {

  private final Resolver resolver;
  private final TlsaRecords usable;
  private final Guards guards;

  /**
   * Finder of records.
   *
   * @param resolver asks the DNS
   * @param digests which are believed, and which rather than others
   * @param guards which guards stand
   */
  public DaneRecords(Resolver resolver, DigestAgility digests, Guards guards) {
    this.resolver = resolver;
    this.usable = new TlsaRecords(digests);
    this.guards = guards;
  }

  /**
   * What is promised of a host, at the first base domain that has proven records.
   *
   * @param bases where to ask, in this order ({@code AddressLookup.Found#tlsaBases})
   * @param port the TCP port on which the host is contacted
   */
  public DaneLookup lookup(List<DomainName> bases, int port) {
    if (bases.isEmpty()) {
      return new DaneLookup.None("DNSSEC does not prove the addresses of the host");
    }
    List<String> reasons = new ArrayList<>();
    for (DomainName base : bases) {
      DaneLookup found = at(base, resolver.tlsa(port, base).answer());
      if (!(found instanceof DaneLookup.None none)) {
        return found;
      }
      reasons.add(none.reason());
    }
    return new DaneLookup.None(String.join("; ", reasons));
  }

  /** What one base domain says. {@link DaneLookup.None} sends on to the next. */
  private DaneLookup at(DomainName base, DnsAnswer<TlsaRecord> answer) {
    if (answer instanceof DnsAnswer.Failed<TlsaRecord> failed) {
      return guards.stand(Guard.TLSA_FAILURE_IS_NO_ANSWER)
          ? new DaneLookup.Failed(failed.failure(), failed.detail())
          : new DaneLookup.None(failed.detail());
    }
    if (!(answer instanceof DnsAnswer.Found<TlsaRecord> found)) {
      return new DaneLookup.None(base + " has no TLSA records");
    }
    if (found.security() != Security.SECURE && guards.stand(Guard.TLSA_MUST_BE_PROVEN)) {
      return new DaneLookup.None("DNSSEC does not prove the TLSA records of " + base);
    }
    DaneLookup promised = usable.parse(base, found.records());
    return promised instanceof DaneLookup.Unusable unusable
            && !guards.stand(Guard.UNUSABLE_STILL_MEANS_TLS)
        ? new DaneLookup.None(unusable.reason())
        : promised;
  }
}
