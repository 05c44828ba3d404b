package org.jamessts.explain;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxRecord;
import org.jamessts.dns.Resolver;
import org.jamessts.dns.TlsaRecord;

/** A resolver that tells of each question and its answer. */
public final class WatchedDns implements Resolver {

  private final Resolver resolver;
  private final Consumer<DnsStep> steps;

  /**
   * Watches a resolver.
   *
   * @param resolver answers
   * @param steps is told, by many threads
   */
  public WatchedDns(Resolver resolver, Consumer<DnsStep> steps) {
    this.resolver = resolver;
    this.steps = steps;
  }

  private <T> DnsReply<T> told(
      String name, String type, Function<T, String> text, Supplier<DnsReply<T>> question) {
    long start = System.nanoTime();
    DnsReply<T> reply = question.get();
    steps.accept(DnsStep.of(name, type, reply, text, since(start)));
    return reply;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public DnsReply<MxRecord> mx(DomainName domain) {
    return told(
        domain.value(),
        "MX",
        mx -> mx.preference() + " " + (mx.exchange().isEmpty() ? "." : mx.exchange()),
        () -> resolver.mx(domain));
  }

  @Override
  public DnsReply<Inet4Address> a(DomainName host) {
    return told(host.value(), "A", InetAddress::getHostAddress, () -> resolver.a(host));
  }

  @Override
  public DnsReply<Inet6Address> aaaa(DomainName host) {
    return told(host.value(), "AAAA", InetAddress::getHostAddress, () -> resolver.aaaa(host));
  }

  @Override
  public Optional<DnsReply<Inet6Address>> keptAaaa(DomainName host) {
    return resolver
        .keptAaaa(host)
        .map(kept -> told(host.value(), "AAAA", InetAddress::getHostAddress, () -> kept));
  }

  @Override
  public DnsReply<String> cname(DomainName name) {
    return told(name.value(), "CNAME", text -> text, () -> resolver.cname(name));
  }

  @Override
  public DnsReply<TlsaRecord> tlsa(int port, DomainName base) {
    return told(
        "_" + port + "._tcp." + base,
        "TLSA",
        TlsaRecord::toString,
        () -> resolver.tlsa(port, base));
  }

  @Override
  public DnsReply<String> txt(String label, DomainName domain) {
    return told(label + "." + domain, "TXT", text -> text, () -> resolver.txt(label, domain));
  }

  @Override
  public DnsReply<String> freshTxt(String label, DomainName domain) {
    return told(label + "." + domain, "TXT", text -> text, () -> resolver.freshTxt(label, domain));
  }

  @Override
  public boolean validates() {
    return resolver.validates();
  }
}
