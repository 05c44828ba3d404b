package org.jamessts.testing;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dane.DaneRecords;
import org.jamessts.dane.DigestAgility;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DnssecAnchors;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.HostAddresses;
import org.jamessts.dns.InvalidAnchorsException;
import org.jamessts.dns.MxHosts;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.threads.DaemonThreads;

/**
 * What a delivery asks of the DNS, in its order: hosts, the two kinds of addresses at once, and
 * only then TLSA records (RFC 7672 §2.2.2).
 */
public final class MailLookup {

  private static final int SMTP = 25;

  /** What James gives a question. */
  public static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final int CACHE_ENTRIES = 50_000;
  private static final int THREADS = 16;

  private final Resolver resolver;
  private final boolean asksAnyway;
  private final MxHosts hosts;
  private final HostAddresses addresses;
  private final DaneRecords records;

  private MailLookup(Resolver resolver, boolean asksAnyway) {
    this.resolver = resolver;
    this.asksAnyway = asksAnyway;
    this.hosts = new MxHosts(resolver, new Random(17));
    this.addresses = new HostAddresses(resolver, DaemonThreads.upTo(THREADS, "lookups"));
    this.records = new DaneRecords(resolver, DigestAgility.STANDARD, Guards.ALL);
  }

  /**
   * Lookups that validate every answer, and have asked nothing yet.
   *
   * @param trustAnchor DS of the root
   * @param timeout for one question and its validation
   */
  public static MailLookup validating(
      InetSocketAddress server, String trustAnchor, Duration timeout) {
    try {
      DnssecAnchors anchors = DnssecAnchors.parse(trustAnchor);
      return on(
          server, timeout, new Dnssec(Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEFER, anchors), false);
    } catch (InvalidAnchorsException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Lookups with {@code dnssec=off}.
   *
   * @param asksAnyway whether hosts are asked for TLSA records though nothing can be proven: then
   *     the lookup of a signed domain is the same as with validation
   */
  public static MailLookup plain(InetSocketAddress server, boolean asksAnyway) {
    return on(server, TIMEOUT, Dnssec.NONE, asksAnyway);
  }

  private static MailLookup on(
      InetSocketAddress server, Duration timeout, Dnssec dnssec, boolean asksAnyway) {
    return new MailLookup(
        new DnsJavaResolver(
            List.of(server),
            new DnsJavaResolver.Settings(timeout, CACHE_ENTRIES, dnssec),
            Clock.systemUTC(),
            Guards.ALL),
        asksAnyway);
  }

  /** Whom it asks. */
  public Resolver resolver() {
    return resolver;
  }

  /**
   * Looks a domain up.
   *
   * @return what is not proven, or went wrong; nothing where there is a usable TLSA record
   */
  public Optional<String> unproven(DomainName domain) {
    MxLookup answer = hosts.lookup(domain);
    if (!(answer instanceof MxLookup.Hosts route)) {
      return Optional.of("no hosts of " + domain + ": " + answer);
    }
    DomainName host = route.hosts().get(0).name();
    AddressLookup found = addresses.lookup(host);
    if (!(found instanceof AddressLookup.Found addressed)) {
      return Optional.of("no addresses of " + host + ": " + found);
    }
    DaneLookup promised = records.lookup(asksAnyway ? List.of(host) : addressed.tlsaBases(), SMTP);
    return route.security() == Security.SECURE && promised instanceof DaneLookup.Usable
        ? Optional.empty()
        : Optional.of(domain + ": MX records " + route.security() + ", " + promised);
  }
}
