package org.jamessts.explain;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jamessts.dns.DnsAnswer;
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

  private <T> DnsAnswer<T> told(
      String name, String type, Function<T, String> text, Supplier<DnsAnswer<T>> question) {
    long start = System.nanoTime();
    DnsAnswer<T> answer = question.get();
    steps.accept(DnsStep.of(name, type, answer, text, Optional.empty(), since(start)));
    return answer;
  }

  private DnsReply<String> told(String label, DomainName domain, Supplier<DnsReply<String>> ask) {
    long start = System.nanoTime();
    DnsReply<String> reply = ask.get();
    steps.accept(
        DnsStep.of(
            label + "." + domain,
            "TXT",
            reply.answer(),
            text -> text,
            Optional.of(reply.keep()),
            since(start)));
    return reply;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public DnsAnswer<MxRecord> mx(DomainName domain) {
    return told(
        domain.value(),
        "MX",
        mx -> mx.preference() + " " + (mx.exchange().isEmpty() ? "." : mx.exchange()),
        () -> resolver.mx(domain));
  }

  @Override
  public DnsAnswer<Inet4Address> a(DomainName host) {
    return told(host.value(), "A", InetAddress::getHostAddress, () -> resolver.a(host));
  }

  @Override
  public DnsAnswer<Inet6Address> aaaa(DomainName host) {
    return told(host.value(), "AAAA", InetAddress::getHostAddress, () -> resolver.aaaa(host));
  }

  @Override
  public DnsAnswer<String> cname(DomainName name) {
    return told(name.value(), "CNAME", text -> text, () -> resolver.cname(name));
  }

  @Override
  public DnsAnswer<TlsaRecord> tlsa(int port, DomainName base) {
    return told(
        "_" + port + "._tcp." + base,
        "TLSA",
        TlsaRecord::toString,
        () -> resolver.tlsa(port, base));
  }

  @Override
  public DnsReply<String> txt(String label, DomainName domain) {
    return told(label, domain, () -> resolver.txt(label, domain));
  }

  @Override
  public DnsReply<String> freshTxt(String label, DomainName domain) {
    return told(label, domain, () -> resolver.freshTxt(label, domain));
  }

  @Override
  public boolean validates() {
    return resolver.validates();
  }
}
