package org.jamessts.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jamessts.guard.Guards;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks recursive name servers with dnsjava's messages. Names are taken as absolute: no search list,
 * no hosts file. Answers are kept by their TTL, absence too (RFC 2308).
 *
 * <p>A lookup occupies the calling thread for the timeout at most, also across several servers,
 * aliases and TCP. Nothing is held between lookups but the cache: there is nothing to close. An
 * entry of the cache takes some hundred octets, and 16 KiB if its owner is malicious.
 */
public final class DnsJavaResolver implements Resolver {

  private static final Duration FOR_EVER = Duration.ofDays(1);

  /** No zone can hold a name of more than 255 octets: this is knowledge, not failure. */
  private static final DnsReply<Object> NO_ROOM =
      new DnsReply<>(new DnsAnswer.Absent<>(false, DnsAnswer.Security.INSECURE), FOR_EVER);

  private final Dnssec dnssec;
  private final DnssecPath path;
  private final DnsLookup lookup;
  private final DnsCache cache;

  /**
   * What a resolver keeps to.
   *
   * @param timeout for one lookup as a whole
   * @param cacheEntries answers kept at most; 0 keeps none
   * @param dnssec whose word counts for what is proven
   */
  public record Settings(Duration timeout, int cacheEntries, Dnssec dnssec) {
    public Settings {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException("a timeout of " + timeout);
      }
    }
  }

  /**
   * A resolver.
   *
   * @param servers recursive servers, in the order in which they are tried; at least one
   * @param settings what it keeps to
   * @param clock tells when kept answers expire, and whether signatures hold
   * @param guards which guards stand
   */
  public DnsJavaResolver(
      List<InetSocketAddress> servers, Settings settings, Clock clock, Guards guards) {
    this.dnssec = settings.dnssec();
    this.cache = new DnsCache(settings.cacheEntries(), clock);
    DnsTransport plain = new DnsTransport(servers, Dnssec.Mode.OFF);
    Upstream unproven = (question, deadline) -> unproven(plain.ask(question, deadline));
    Upstream proving = proving(servers, unproven, clock, guards);
    // The test has a way of its own: that a crowd of questions hangs must not look as if no proofs
    // came.
    Upstream tested = proving(servers, unproven, clock, guards);
    this.path = new DnssecPath(dnssec, proving, unproven, tested, clock, cache::clear);
    Upstream upstream = dnssec.mode() == Dnssec.Mode.OFF ? unproven : path;
    this.lookup = new DnsLookup(upstream, settings.timeout(), clock);
  }

  private Upstream proving(
      List<InetSocketAddress> servers, Upstream unproven, Clock clock, Guards guards) {
    DnsTransport transport = new DnsTransport(servers, dnssec.mode());
    return switch (dnssec.mode()) {
      case OFF -> unproven;
      case TRUST_AD -> (question, deadline) -> believed(transport.ask(question, deadline));
      case VALIDATE ->
          new DnssecValidator(
              (question, deadline) -> transport.ask(question.toRecord(), deadline),
              dnssec.anchors(),
              clock,
              guards);
    };
  }

  /** A resolver that keeps no DNSSEC. */
  public DnsJavaResolver(
      List<InetSocketAddress> servers, Duration timeout, int cacheEntries, Clock clock) {
    this(servers, new Settings(timeout, cacheEntries, Dnssec.NONE), clock, Guards.ALL);
  }

  private static Upstream.Proven unproven(Message message) {
    return new Upstream.Proven(message, DnsAnswer.Security.INSECURE);
  }

  private static Upstream.Proven believed(Message message) {
    return new Upstream.Proven(
        message,
        message.getHeader().getFlag(Flags.AD)
            ? DnsAnswer.Security.SECURE
            : DnsAnswer.Security.INSECURE);
  }

  /** Tests whether proofs arrive, if it is time to; to be called every few seconds. */
  public void testWhenDue() {
    if (dnssec.mode() != Dnssec.Mode.OFF) {
      path.testWhenDue();
    }
  }

  /** Why nothing can be proven, though it should be. */
  public Optional<String> trouble() {
    return path.trouble();
  }

  @Override
  public DnsReply<MxRecord> mx(DomainName domain) {
    return find(name(domain), Type.MX, DnsJavaResolver::toMx);
  }

  @Override
  public DnsReply<Inet4Address> a(DomainName host) {
    return find(name(host), Type.A, DnsJavaResolver::toInet4);
  }

  @Override
  public DnsReply<Inet6Address> aaaa(DomainName host) {
    return find(name(host), Type.AAAA, DnsJavaResolver::toInet6);
  }

  @Override
  public Optional<DnsReply<Inet6Address>> keptAaaa(DomainName host) {
    return cache
        .kept(new DnsQuestion(name(host), Type.AAAA))
        .map(reply -> reply.map(DnsJavaResolver::toInet6));
  }

  @Override
  public DnsReply<String> cname(DomainName name) {
    return find(name(name), Type.CNAME, DnsJavaResolver::toTarget);
  }

  @Override
  public DnsReply<TlsaRecord> tlsa(int port, DomainName base) {
    try {
      Name service = Name.fromString("_" + port + "._tcp");
      return find(Name.concatenate(service, name(base)), Type.TLSA, DnsJavaResolver::toTlsa);
    } catch (NameTooLongException e) {
      return NO_ROOM.map(TlsaRecord.class::cast);
    } catch (TextParseException e) {
      throw new IllegalStateException("a number makes a label", e);
    }
  }

  @Override
  public boolean validates() {
    return dnssec.mode() != Dnssec.Mode.OFF && path.proves();
  }

  @Override
  public DnsReply<String> txt(String label, DomainName domain) {
    return text(label, domain, question -> cache.get(question, lookup::find));
  }

  @Override
  public DnsReply<String> freshTxt(String label, DomainName domain) {
    return text(label, domain, question -> cache.getFresh(question, lookup::find));
  }

  private DnsReply<String> text(
      String label, DomainName domain, Function<DnsQuestion, DnsReply<Record>> ask) {
    try {
      Name name = Name.concatenate(Name.fromString(label), name(domain));
      return ask.apply(new DnsQuestion(name, Type.TXT)).map(DnsJavaResolver::toText);
    } catch (NameTooLongException e) {
      return NO_ROOM.map(String.class::cast);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("not a label: " + label, e);
    }
  }

  private <T> DnsReply<T> find(Name name, int type, Function<Record, T> read) {
    return cache.get(new DnsQuestion(name, type), lookup::find).map(read);
  }

  private static Name name(DomainName domain) {
    try {
      return Name.fromString(domain.value(), Name.root);
    } catch (TextParseException e) {
      throw new IllegalStateException("a domain name is a name: " + domain, e);
    }
  }

  static MxRecord toMx(Record record) {
    MXRecord mx = (MXRecord) record;
    Name target = mx.getTarget();
    return new MxRecord(mx.getPriority(), target.equals(Name.root) ? "" : target.toString(true));
  }

  static Inet4Address toInet4(Record record) {
    try {
      return (Inet4Address) InetAddress.getByAddress(record.rdataToWireCanonical());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an A record has four octets", e);
    }
  }

  static Inet6Address toInet6(Record record) {
    try {
      // Not InetAddress.getByAddress, which turns an IPv4-mapped address into an Inet4Address.
      return Inet6Address.getByAddress(null, record.rdataToWireCanonical(), -1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an AAAA record has sixteen octets", e);
    }
  }

  static String toTarget(Record record) {
    return ((CNAMERecord) record).getTarget().toString(true);
  }

  static TlsaRecord toTlsa(Record record) {
    TLSARecord tlsa = (TLSARecord) record;
    return new TlsaRecord(
        tlsa.getCertificateUsage(),
        tlsa.getSelector(),
        tlsa.getMatchingType(),
        tlsa.getCertificateAssociationData());
  }

  static String toText(Record record) {
    return ((TXTRecord) record)
        .getStringsAsByteArrays().stream()
            .map(octets -> new String(octets, StandardCharsets.ISO_8859_1))
            .collect(Collectors.joining());
  }
}
