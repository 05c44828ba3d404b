package org.jamessts.delivery;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxRecord;
import org.jamessts.dns.Resolver;
import org.jamessts.dns.TlsaRecord;

/**
 * What a validating resolver would say: the answers of a real one, of which those about chosen
 * names count as proven. With none chosen, it does not validate.
 */
final class ProvenNames implements Resolver {

  private final Resolver real;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  ProvenNames(Resolver real) {
    this.real = real;
  }

  /** From now on, what the DNS says of these names is proven; TLSA records belong to their host. */
  void add(String... more) {
    names.addAll(Set.of(more));
  }

  void remove(String name) {
    names.remove(name);
  }

  private <T> DnsAnswer<T> about(DomainName name, DnsAnswer<T> answer) {
    Security security = names.contains(name.value()) ? Security.SECURE : Security.INSECURE;
    if (answer instanceof DnsAnswer.Found<T> found) {
      return new DnsAnswer.Found<>(found.records(), security, found.alias());
    }
    return answer instanceof DnsAnswer.Absent<T> absent
        ? new DnsAnswer.Absent<>(absent.nameExists(), security)
        : answer;
  }

  @Override
  public DnsAnswer<MxRecord> mx(DomainName domain) {
    return about(domain, real.mx(domain));
  }

  @Override
  public DnsAnswer<Inet4Address> a(DomainName host) {
    return about(host, real.a(host));
  }

  @Override
  public DnsAnswer<Inet6Address> aaaa(DomainName host) {
    return about(host, real.aaaa(host));
  }

  @Override
  public DnsAnswer<String> cname(DomainName name) {
    return about(name, real.cname(name));
  }

  @Override
  public DnsAnswer<TlsaRecord> tlsa(int port, DomainName base) {
    return about(base, real.tlsa(port, base));
  }

  @Override
  public DnsReply<String> txt(String label, DomainName domain) {
    return real.txt(label, domain);
  }

  @Override
  public DnsReply<String> freshTxt(String label, DomainName domain) {
    return real.freshTxt(label, domain);
  }

  @Override
  public boolean validates() {
    return !names.isEmpty();
  }
}
