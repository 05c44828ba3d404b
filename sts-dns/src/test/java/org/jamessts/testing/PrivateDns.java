package org.jamessts.testing;

import static org.jamessts.testing.DnsText.name;
import static org.jamessts.testing.DnsText.type;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * A DNS server on loopback that answers like a recursive resolver: UDP and TCP on one port, EDNS,
 * CNAME and DNAME chains in one answer, NXDOMAIN and NODATA told apart, large answers truncated
 * over UDP. Zones may be signed: then it answers the DO bit as RFC 4035 §3 says. Records and faults
 * may change at any time. Names are absolute, with or without the root dot.
 */
public final class PrivateDns implements AutoCloseable {

  static final int UDP_WITHOUT_EDNS = 512;
  static final int UDP_LARGEST = 1232;

  /**
   * A question that arrived.
   *
   * @param name lower case, without the root dot
   * @param type for example {@code MX}
   * @param tcp whether it came over TCP
   */
  public record Query(String name, String type, boolean tcp) {}

  private record Key(Name name, int type) {}

  private final DnsZones zones = new DnsZones();
  private final Map<Key, DnsFault> faults = new ConcurrentHashMap<>();
  private final Queue<Query> queries = new ConcurrentLinkedQueue<>();
  private final DnsListener listener;
  private volatile @Nullable DnsFault everywhere;

  private PrivateDns(InetAddress address) {
    this.listener = DnsListener.open(address, this::answer);
  }

  /** Starts a server without records on 127.0.0.1 and a free port. */
  public static PrivateDns start() {
    try {
      return start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a server without records on this address and a free port. */
  public static PrivateDns start(InetAddress address) {
    return new PrivateDns(address);
  }

  /** Where the server listens, for UDP and for TCP. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** Adds the record of a master-file line: {@code owner TTL IN TYPE rdata}, names absolute. */
  public PrivateDns add(String line) {
    DnsText.records(line).forEach(zones::add);
    return this;
  }

  /** Adds an IPv4 address. */
  public PrivateDns a(String name, String ip) {
    return add(name(name) + " A " + ip);
  }

  /** Adds an IPv6 address. */
  public PrivateDns aaaa(String name, String ip) {
    return add(name(name) + " AAAA " + ip);
  }

  /** Adds an MX record; an exchange of "." is the null MX. */
  public PrivateDns mx(String name, int preference, String exchange) {
    return add(name(name) + " MX " + preference + " " + name(exchange));
  }

  /** Adds an alias. */
  public PrivateDns cname(String name, String target) {
    return add(name(name) + " CNAME " + name(target));
  }

  /** Redirects every name below this one to one below another (RFC 6672). */
  public PrivateDns dname(String name, String target) {
    return add(name(name) + " DNAME " + name(target));
  }

  /** Adds one TXT record of these strings, each of up to 255 octets; {@code \255} is an octet. */
  public PrivateDns txt(String name, String... strings) {
    try {
      zones.add(new TXTRecord(name(name), DClass.IN, DnsText.DEFAULT_TTL, List.of(strings)));
      return this;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("TXT " + name, e);
    }
  }

  /** Signs this zone and those above it, as {@link Signing#standard()}. */
  public PrivateDns sign(String zone) {
    return sign(zone, Signing.standard());
  }

  /**
   * Signs this zone so, also when it has been signed otherwise. Each name above it that is not a
   * zone yet becomes one and is signed as usual, up to the root. A name belongs to the closest zone
   * at or above it. A DS that the test adds stands in the place of the right one.
   */
  public PrivateDns sign(String zone, Signing signing) {
    zones.sign(name(zone), signing);
    return this;
  }

  /** Makes this name a zone that is not signed: below a signed one, insecure by proof. */
  public PrivateDns unsignedZone(String zone) {
    zones.cut(name(zone));
    return this;
  }

  /** The DS of the root in the form of a master file; there is one as soon as a zone is signed. */
  public String trustAnchor() {
    return zones.trustAnchor();
  }

  /**
   * Whether the server sets AD in an answer that comes from signed zones alone, when the query has
   * AD or DO and not CD (RFC 6840 §5.8). It never validates what it says itself: signatures that
   * have expired do not matter here.
   */
  public PrivateDns claimsAuthenticData(boolean claims) {
    zones.claimAuthenticData(claims);
    return this;
  }

  /**
   * The records of a zone as a master file, for another server to sign: SOA, NS and delegations are
   * there, keys, signatures, proofs and the DS of zones signed here are not.
   *
   * @throws IllegalArgumentException when the name is no zone
   */
  public String masterFile(String zone) {
    return zones.masterFile(name(zone));
  }

  /** Forgets all records and faults of a name; a zone stays a zone. */
  public PrivateDns remove(String name) {
    zones.remove(name(name), Type.ANY);
    faults.keySet().removeIf(key -> key.name().equals(name(name)));
    return this;
  }

  /** Forgets the records of one type of a name. */
  public PrivateDns remove(String name, String type) {
    zones.remove(name(name), type(type));
    return this;
  }

  /** From now on, answers this question with a fault. */
  public PrivateDns fault(String name, String type, DnsFault fault) {
    faults.put(new Key(name(name), type(type)), fault);
    return this;
  }

  /** From now on, answers this question rightly again. */
  public PrivateDns heal(String name, String type) {
    faults.remove(new Key(name(name), type(type)));
    return this;
  }

  /** From now on, answers every question that has no fault of its own with this one. */
  public PrivateDns faultEverywhere(DnsFault fault) {
    everywhere = fault;
    return this;
  }

  /** Takes back {@link #faultEverywhere}. */
  public PrivateDns healEverywhere() {
    everywhere = null;
    return this;
  }

  /** All questions that arrived, oldest first. */
  public List<Query> queries() {
    return List.copyOf(queries);
  }

  /** How often one question arrived. */
  public int queries(String name, String type) {
    Key wanted = new Key(name(name), type(type));
    return (int)
        queries.stream()
            .filter(q -> new Key(name(q.name()), type(q.type())).equals(wanted))
            .count();
  }

  @Override
  public void close() {
    listener.close();
  }

  private List<byte[]> answer(byte[] wire, boolean overTcp) {
    try {
      Message query = new Message(wire);
      Record question = query.getQuestion();
      if (question == null) {
        return List.of();
      }
      queries.add(
          new Query(
              question.getName().toString(true).toLowerCase(Locale.ROOT),
              Type.string(question.getType()),
              overTcp));
      Message answer = zones.answer(query);
      OPTRecord edns = query.getOPT();
      if (edns != null) {
        answer.addRecord(
            new OPTRecord(UDP_LARGEST, 0, 0, zones.ednsFlags(edns)), Section.ADDITIONAL);
      }
      DnsFault fault = faults.get(new Key(question.getName(), question.getType()));
      if (fault == null) {
        fault = everywhere;
      }
      if (fault != null) {
        return fault.apply(answer, overTcp);
      }
      return List.of(overTcp ? answer.toWire() : answer.toWire(udpSize(edns)));
    } catch (Exception e) {
      // A query that is no DNS, or a fault that broke: a server stays silent.
      return List.of();
    }
  }

  private static int udpSize(@Nullable OPTRecord edns) {
    return edns == null
        ? UDP_WITHOUT_EDNS
        : Math.max(UDP_WITHOUT_EDNS, Math.min(UDP_LARGEST, edns.getPayloadSize()));
  }
}
