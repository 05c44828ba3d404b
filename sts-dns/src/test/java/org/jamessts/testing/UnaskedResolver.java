package org.jamessts.testing;

import java.net.Inet4Address;
import java.net.Inet6Address;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxRecord;
import org.jamessts.dns.Resolver;
import org.jamessts.dns.TlsaRecord;

/** A resolver that nobody should ask: a test overrides the questions that it expects. */
public abstract class UnaskedResolver implements Resolver {

  @Override
  public DnsReply<MxRecord> mx(DomainName domain) {
    throw unexpected("MX", domain);
  }

  @Override
  public DnsReply<Inet4Address> a(DomainName host) {
    throw unexpected("A", host);
  }

  @Override
  public DnsReply<Inet6Address> aaaa(DomainName host) {
    throw unexpected("AAAA", host);
  }

  @Override
  public DnsReply<String> cname(DomainName name) {
    throw unexpected("CNAME", name);
  }

  @Override
  public DnsReply<TlsaRecord> tlsa(int port, DomainName base) {
    throw unexpected("TLSA for port " + port, base);
  }

  @Override
  public DnsReply<String> txt(String label, DomainName domain) {
    throw unexpected("TXT " + label, domain);
  }

  @Override
  public DnsReply<String> freshTxt(String label, DomainName domain) {
    throw unexpected("fresh TXT " + label, domain);
  }

  @Override
  public boolean validates() {
    return true;
  }

  private static AssertionError unexpected(String question, DomainName name) {
    return new AssertionError("asked for " + question + " of " + name);
  }
}
