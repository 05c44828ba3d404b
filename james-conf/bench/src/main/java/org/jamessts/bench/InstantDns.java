package org.jamessts.bench;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxRecord;
import org.jamessts.dns.Resolver;
import org.jamessts.dns.TlsaRecord;

/** Announces for every domain the policy that is kept, at once, and counts how often. */
final class InstantDns implements Resolver {

  private static final DnsReply<String> RECORD =
      new DnsReply<>(
          new DnsAnswer.Found<>(
              List.of("v=STSv1; id=" + TypicalPolicies.ID + ";"), DnsAnswer.Security.INSECURE),
          Duration.ofDays(1));

  private final AtomicLong questions = new AtomicLong();

  long questions() {
    return questions.get();
  }

  @Override
  public DnsReply<String> txt(String label, DomainName domain) {
    questions.incrementAndGet();
    return RECORD;
  }

  @Override
  public DnsReply<String> freshTxt(String label, DomainName domain) {
    return txt(label, domain);
  }

  @Override
  public DnsReply<MxRecord> mx(DomainName domain) {
    throw new UnsupportedOperationException("policies need no MX records");
  }

  @Override
  public DnsReply<Inet4Address> a(DomainName host) {
    throw new UnsupportedOperationException("nothing is fetched");
  }

  @Override
  public DnsReply<Inet6Address> aaaa(DomainName host) {
    throw new UnsupportedOperationException("nothing is fetched");
  }

  @Override
  public DnsReply<String> cname(DomainName name) {
    throw new UnsupportedOperationException("nothing is fetched");
  }

  @Override
  public DnsReply<TlsaRecord> tlsa(int port, DomainName base) {
    throw new UnsupportedOperationException("nothing is delivered");
  }

  @Override
  public boolean validates() {
    return false;
  }
}
