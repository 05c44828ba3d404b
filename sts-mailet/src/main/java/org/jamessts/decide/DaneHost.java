package org.jamessts.decide;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dane.TlsaSet;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.TlsaRecord;

/**
 * What DNSSEC proves of one MX host.
 *
 * @param mxHost the name in the MX record, or the next hop itself where there is none
 * @param lookup what is promised of its certificate
 * @param references the names of which the certificate has to have one, where a DANE-TA record
 *     matches (RFC 7672 §3.2.2); empty without usable records
 * @param proven whether DNSSEC also proves that mail for the next hop goes to this host. Where not,
 *     somebody may have led it here, and no delivery is a secure one (RFC 7672 §2.2.1)
 * @param validated whether DNSSEC was validated at all
 */
public record DaneHost(
    DomainName mxHost,
    DaneLookup lookup,
    Set<DomainName> references,
    boolean proven,
    boolean validated) {

  public DaneHost {
    references = Set.copyOf(references);
  }

  /**
   * A host on the way to a next hop.
   *
   * @param nextHop the domain that mail is for, or a gateway
   * @param route how the host was found
   * @param mxHost its name there
   * @param lookup what is promised of its certificate
   * @param validated whether DNSSEC was validated
   */
  public static DaneHost of(
      DomainName nextHop,
      MxLookup.Hosts route,
      DomainName mxHost,
      DaneLookup lookup,
      boolean validated) {
    return new DaneHost(
        mxHost,
        lookup,
        lookup instanceof DaneLookup.Usable usable
            ? references(nextHop, route, mxHost, usable.records())
            : Set.of(),
        isProven(route),
        validated);
  }

  /** Without MX records, what proves the host is its address (RFC 7672 §2.2.2). */
  public static boolean isProven(MxLookup.Hosts route) {
    return route.implicit() || route.security() == Security.SECURE;
  }

  private static Set<DomainName> references(
      DomainName nextHop, MxLookup.Hosts route, DomainName mxHost, TlsaSet records) {
    if (!isProven(route)) {
      return Set.of(mxHost);
    }
    Set<DomainName> names = new LinkedHashSet<>();
    names.add(records.base());
    // Of a host without MX records, this is its name before it was expanded.
    names.add(nextHop);
    route.expanded().ifPresent(names::add);
    return names;
  }

  /** The records that hold: those that can be used, or, where none can, what there is. */
  public List<TlsaRecord> records() {
    if (lookup instanceof DaneLookup.Usable usable) {
      return usable.records().records();
    }
    return lookup instanceof DaneLookup.Unusable unusable ? unusable.records() : List.of();
  }

  /** What to send as SNI: where there are TLSA records, their base domain (RFC 7672 §8.1). */
  public DomainName serverName() {
    if (lookup instanceof DaneLookup.Usable usable) {
      return usable.records().base();
    }
    return lookup instanceof DaneLookup.Unusable unusable ? unusable.base() : mxHost;
  }
}
