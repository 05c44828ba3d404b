package org.jamessts.testing;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A DNS server on loopback that answers like a recursive resolver: UDP and TCP on one port, EDNS,
 * CNAME chains in one answer, NXDOMAIN and NODATA told apart, large answers truncated over UDP.
 * Records and faults may change at any time. Names are absolute, with or without the root dot.
 */
public final class PrivateDns implements AutoCloseable {

  private static final long DEFAULT_TTL = 60;
  private static final int BIND_ATTEMPTS = 50;
  private static final int UDP_WITHOUT_EDNS = 512;
  private static final int UDP_LARGEST = 1232;

  /**
   * A question that arrived.
   *
   * @param name lower case, without the root dot
   * @param type for example {@code MX}
   * @param tcp whether it came over TCP
   */
  public record Query(String name, String type, boolean tcp) {}

  private record Key(Name name, int type) {}

  private final DnsRecords records = new DnsRecords();
  private final Map<Key, DnsFault> faults = new ConcurrentHashMap<>();
  private final List<Query> queries = new CopyOnWriteArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "private-dns");
            thread.setDaemon(true);
            return thread;
          });
  private final ServerSocket tcp;
  private final DatagramSocket udp;

  private PrivateDns(ServerSocket tcp, DatagramSocket udp) {
    this.tcp = tcp;
    this.udp = udp;
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
    for (int attempt = 1; ; attempt++) {
      try {
        ServerSocket tcp = new ServerSocket(0, 50, address);
        try {
          PrivateDns dns = new PrivateDns(tcp, new DatagramSocket(tcp.getLocalPort(), address));
          dns.threads.execute(dns::acceptTcp);
          dns.threads.execute(dns::receiveUdp);
          return dns;
        } catch (BindException e) {
          // The port is free for TCP only: take another.
          tcp.close();
          if (attempt == BIND_ATTEMPTS) {
            throw e;
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Where the server listens, for UDP and for TCP. */
  public InetSocketAddress address() {
    return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
  }

  /** Adds the record of a master-file line: {@code owner TTL IN TYPE rdata}, names absolute. */
  public PrivateDns add(String line) {
    try (Master master =
        new Master(
            new ByteArrayInputStream(line.getBytes(StandardCharsets.ISO_8859_1)),
            Name.root,
            DEFAULT_TTL)) {
      for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
        records.add(record);
      }
      return this;
    } catch (IOException e) {
      throw new IllegalArgumentException(line, e);
    }
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

  /** Adds one TXT record of these strings, each of up to 255 octets; {@code \255} is an octet. */
  public PrivateDns txt(String name, String... strings) {
    try {
      records.add(new TXTRecord(name(name), DClass.IN, DEFAULT_TTL, List.of(strings)));
      return this;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("TXT " + name, e);
    }
  }

  /** Forgets all records and faults of a name. */
  public PrivateDns remove(String name) {
    records.remove(name(name), Type.ANY);
    faults.keySet().removeIf(key -> key.name().equals(name(name)));
    return this;
  }

  /** Forgets the records of one type of a name. */
  public PrivateDns remove(String name, String type) {
    records.remove(name(name), type(type));
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
    udp.close();
    closeQuietly(tcp);
    connections.forEach(PrivateDns::closeQuietly);
    threads.shutdownNow();
  }

  private void receiveUdp() {
    while (!udp.isClosed()) {
      DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
      try {
        udp.receive(packet);
        threads.execute(() -> answerUdp(packet));
      } catch (IOException e) {
        // Closed, or a client that went away (ICMP port unreachable): the loop condition decides.
      }
    }
  }

  private void answerUdp(DatagramPacket packet) {
    byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
    for (byte[] answer : answer(query, false)) {
      try {
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        // The server or the client has gone: nobody waits for this answer.
      }
    }
  }

  private void acceptTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        connections.add(socket);
        threads.execute(() -> serveTcp(socket));
      } catch (IOException e) {
        // Closed: the loop condition decides.
      }
    }
  }

  private void serveTcp(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        byte[] query = in.readNBytes(in.readUnsignedShort());
        List<byte[]> answers = answer(query, true);
        if (answers.isEmpty()) {
          return;
        }
        for (byte[] answer : answers) {
          out.write(
              ByteBuffer.allocate(answer.length + 2)
                  .putShort((short) answer.length)
                  .put(answer)
                  .array());
        }
      }
    } catch (IOException e) {
      // The client has closed, or the server closes.
    } finally {
      connections.remove(socket);
    }
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
      Message answer = records.answer(query);
      OPTRecord edns = query.getOPT();
      if (edns != null) {
        answer.addRecord(new OPTRecord(UDP_LARGEST, 0, 0), Section.ADDITIONAL);
      }
      DnsFault fault = faults.get(new Key(question.getName(), question.getType()));
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

  private static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static int type(String text) {
    int type = Type.value(text);
    if (type < 0) {
      throw new IllegalArgumentException("no record type: " + text);
    }
    return type;
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // Closed is what we want.
    }
  }
}
