package org.jamessts.guice;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.api.DNSServiceMBean;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DnsServers;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDnsServersException;
import org.jamessts.dns.MxRecord;
import org.jamessts.dns.Resolver;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.files.Trouble;
import org.jamessts.guard.Guards;
import org.jamessts.settings.StsSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our resolver with the name servers of {@code sts.properties}, or else those of James's {@code
 * dnsservice.xml}. James configures its DNS service after it has built us, so that the servers are
 * asked for at the first lookup and not before.
 */
final class JamesDns implements Resolver {

  private static final Logger LOGGER = LoggerFactory.getLogger(JamesDns.class);
  static final Duration TIMEOUT = Duration.ofSeconds(20);
  static final int CACHE_ENTRIES = 50_000;
  private static final Duration BETWEEN_TESTS = Duration.ofMinutes(1);

  /** An answer may be lost. */
  private static final int TESTS_IN_VAIN = 2;

  /** Whether it exists is no matter: that it does not is an answer, too. */
  private static final DomainName ANY_DOMAIN = new DomainName("example.com");

  private final Supplier<DnsJavaResolver> resolver;
  private volatile boolean opened;
  private final Clock clock;
  private volatile Instant nextTest = Instant.MIN;
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile String lastFailure = "";

  JamesDns(StsSettings.Dns settings, DNSService james, Clock clock) {
    this.clock = clock;
    this.resolver = Suppliers.memoize(() -> open(settings, james, clock));
  }

  private DnsJavaResolver open(StsSettings.Dns settings, DNSService james, Clock clock) {
    List<InetSocketAddress> servers =
        settings.servers().isEmpty() ? serversOf(james) : settings.servers();
    LOGGER.info(
        "asking the DNS servers {}, dnssec={}", servers, settings.dnssec().mode().keyword());
    DnsJavaResolver opened =
        new DnsJavaResolver(
            servers,
            new DnsJavaResolver.Settings(TIMEOUT, CACHE_ENTRIES, settings.dnssec()),
            clock,
            Guards.ALL);
    this.opened = true;
    return opened;
  }

  /** Tests whether proofs arrive, and whether anything does, if it is time to. */
  void testWhenDue() {
    resolver.get().testWhenDue();
    Instant now = clock.instant();
    if (now.isBefore(nextTest)) {
      return;
    }
    nextTest = now.plus(BETWEEN_TESTS);
    DnsReply<String> reply = freshTxt("_mta-sts", ANY_DOMAIN);
    if (reply.answer() instanceof DnsAnswer.Failed<String> failed) {
      lastFailure = failed.detail();
      unanswered.incrementAndGet();
    } else {
      unanswered.set(0);
    }
  }

  /** Why nothing can be known, or nothing be proven, though it should be. */
  Optional<String> trouble() {
    if (!opened) {
      return Optional.empty();
    }
    Optional<String> silent =
        unanswered.get() >= TESTS_IN_VAIN
            ? Optional.of("the name servers do not answer: " + lastFailure)
            : Optional.empty();
    return Trouble.all(List.of(silent, resolver.get().trouble()));
  }

  private static List<InetSocketAddress> serversOf(DNSService james) {
    if (!(james instanceof DNSServiceMBean service)) {
      throw new IllegalStateException(
          "James's DNS service does not tell its servers: set dns.servers in sts.properties");
    }
    try {
      return addresses(service.getDNSServers());
    } catch (InvalidDnsServersException e) {
      throw new IllegalStateException("dnsservice.xml: " + e.getMessage(), e);
    }
  }

  /** Servers as James names them: an IPv6 address without brackets. */
  static List<InetSocketAddress> addresses(String... servers) throws InvalidDnsServersException {
    return DnsServers.parse(
            Stream.of(servers)
                .map(server -> server.indexOf(':') < 0 ? server : "[" + server + "]")
                .collect(Collectors.joining(",")))
        .addresses();
  }

  @Override
  public DnsReply<MxRecord> mx(DomainName domain) {
    return resolver.get().mx(domain);
  }

  @Override
  public DnsReply<Inet4Address> a(DomainName host) {
    return resolver.get().a(host);
  }

  @Override
  public DnsReply<Inet6Address> aaaa(DomainName host) {
    return resolver.get().aaaa(host);
  }

  @Override
  public Optional<DnsReply<Inet6Address>> keptAaaa(DomainName host) {
    return resolver.get().keptAaaa(host);
  }

  @Override
  public DnsReply<String> cname(DomainName name) {
    return resolver.get().cname(name);
  }

  @Override
  public DnsReply<TlsaRecord> tlsa(int port, DomainName base) {
    return resolver.get().tlsa(port, base);
  }

  @Override
  public boolean validates() {
    return resolver.get().validates();
  }

  @Override
  public DnsReply<String> txt(String label, DomainName domain) {
    return resolver.get().txt(label, domain);
  }

  @Override
  public DnsReply<String> freshTxt(String label, DomainName domain) {
    return resolver.get().freshTxt(label, domain);
  }
}
