package org.jamessts.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Optional;

/**
 * Asks the DNS. Implementations follow CNAMEs, retry truncated answers over TCP, and answer within
 * a bounded time. They are safe for use by many threads, and never throw for what a server said: a
 * failure is a {@link DnsAnswer.Failed}. Each reply says for how long its answer holds.
 */
public interface Resolver {

  /** The MX records of a mail domain, in the order of the answer. */
  DnsReply<MxRecord> mx(DomainName domain);

  /** The IPv4 addresses of a host. */
  DnsReply<Inet4Address> a(DomainName host);

  /** The IPv6 addresses of a host. */
  DnsReply<Inet6Address> aaaa(DomainName host);

  /** The answer of {@link #aaaa} that is kept, if one is: nobody is asked. */
  default Optional<DnsReply<Inet6Address>> keptAaaa(DomainName host) {
    return Optional.empty();
  }

  /**
   * Where a name is an alias for another, that other name, without the root dot. The answer says of
   * this one step alone whether DNSSEC proves it (RFC 7672 §2.1.3).
   */
  DnsReply<String> cname(DomainName name);

  /**
   * The TLSA records of a TCP service, at {@code _port._tcp.base} (RFC 6698 §3).
   *
   * @param port of the service
   * @param base the TLSA base domain (RFC 7672 §2.2.3)
   */
  DnsReply<TlsaRecord> tlsa(int port, DomainName base);

  /**
   * The TXT records at {@code label.domain}.
   *
   * @param label one leading label or several, for example {@code _mta-sts} or {@code _smtp._tls}
   * @param domain the domain below which to look
   * @return each record as one text: its strings joined without a separator (RFC 8461 §3.1), one
   *     character an octet (ISO 8859-1), so that no octet is lost or merged
   */
  DnsReply<String> txt(String label, DomainName domain);

  /**
   * As {@link #txt}, but asks the servers anew: what an earlier answer allows to be kept does not
   * count. For the rare question whose answer decides something final.
   */
  DnsReply<String> freshTxt(String label, DomainName domain);

  /**
   * Whether DNSSEC is validated now. Where not, every answer is {@link
   * DnsAnswer.Security#INSECURE}.
   */
  boolean validates();
}
