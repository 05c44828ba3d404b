package org.jamessts.dns;

import java.util.List;
import java.util.Optional;

/** Where the mail of a domain goes, or why that cannot be said (RFC 5321 §5.1). */
public sealed interface MxLookup {

  /**
   * The hosts to try.
   *
   * @param hosts at least one, best preference first, equal ones in random order
   * @param implicit true when the domain has no MX record and is its own host
   * @param security whether DNSSEC proves the list, and every alias on the way to it
   * @param expanded where the domain is an alias: the domain whose MX records these are
   */
  record Hosts(
      List<MxHost> hosts,
      boolean implicit,
      DnsAnswer.Security security,
      Optional<DomainName> expanded)
      implements MxLookup {
    public Hosts {
      hosts = List.copyOf(hosts);
    }
  }

  /** The domain declares that it accepts no mail (RFC 7505). */
  record NullMx() implements MxLookup {}

  /** The domain does not exist: NXDOMAIN. */
  record NoSuchDomain() implements MxLookup {}

  /**
   * MX records exist, but none names a host to which mail could go.
   *
   * @param detail which records, for a person to read
   */
  record Unusable(String detail) implements MxLookup {}

  /**
   * The DNS could not tell; try later.
   *
   * @param failure the kind
   * @param detail what happened, for a person to read
   */
  record Failed(DnsAnswer.Failure failure, String detail) implements MxLookup {}
}
