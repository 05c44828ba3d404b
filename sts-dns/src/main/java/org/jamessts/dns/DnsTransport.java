package org.jamessts.dns;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jamessts.dns.DnsAnswer.Failure;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Puts one question to several servers in turn, until one answers it. A silent server is asked
 * twice, since a datagram may be lost; one that answers badly is not asked again.
 */
final class DnsTransport {

  /** Open sockets; a system has a thousand or so for all that a process does. */
  private static final int QUESTIONS_AT_ONCE = 500;

  private final List<InetSocketAddress> servers;
  private final Dnssec.Mode mode;
  private final Semaphore sockets = new Semaphore(QUESTIONS_AT_ONCE, true);

  /**
   * @param servers in the order in which they are tried
   * @param mode what the questions say of DNSSEC
   */
  DnsTransport(List<InetSocketAddress> servers, Dnssec.Mode mode) {
    this.mode = mode;
    this.servers = servers.stream().distinct().toList();
    if (this.servers.isEmpty() || servers.stream().anyMatch(InetSocketAddress::isUnresolved)) {
      throw new IllegalArgumentException("needs the addresses of servers: " + servers);
    }
  }

  /**
   * Asks.
   *
   * @return an answer with response code NOERROR or NXDOMAIN
   * @throws DnsFailureException when no server gave one before the deadline: the kind is that of
   *     the last attempt, the detail names every server
   */
  Message ask(Record question, Deadline deadline) throws DnsFailureException {
    Map<InetSocketAddress, String> details = new LinkedHashMap<>();
    Failure failure = Failure.TIMEOUT;
    Deque<InetSocketAddress> turns = new ArrayDeque<>(servers);
    turns.addAll(servers);
    while (!turns.isEmpty()) {
      Deadline turn = deadline.firstOf(turns.size());
      InetSocketAddress server = turns.remove();
      try {
        return usable(exchange(server, question, turn));
      } catch (DnsFailureException e) {
        details.put(server, e.detail());
        failure = e.failure();
        if (failure != Failure.TIMEOUT) {
          turns.removeIf(server::equals);
        }
      }
    }
    throw new DnsFailureException(failure, describe(question, details));
  }

  private Message exchange(InetSocketAddress server, Record question, Deadline turn)
      throws DnsFailureException {
    if (!turn.acquire(sockets)) {
      throw new DnsFailureException(Failure.TIMEOUT, "too many questions wait");
    }
    try {
      return DnsExchange.ask(server, question, mode, turn);
    } finally {
      sockets.release();
    }
  }

  /** Refuses what says nothing of the question. */
  static Message usable(Message answer) throws DnsFailureException {
    int rcode = answer.getRcode();
    if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
      throw new DnsFailureException(Failure.SERVER_FAILURE, Rcode.string(rcode));
    }
    // A referral looks like NODATA, but says nothing about the name (RFC 2308 §2.2).
    if (rcode == Rcode.NOERROR
        && answer.getSection(Section.ANSWER).isEmpty()
        && has(answer, Type.NS)
        && !has(answer, Type.SOA)) {
      throw new DnsFailureException(
          Failure.SERVER_FAILURE, "a referral: the server does not resolve for us");
    }
    return answer;
  }

  private static boolean has(Message answer, int type) {
    return answer.getSection(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == type);
  }

  private static String describe(Record question, Map<InetSocketAddress, String> details) {
    return details.entrySet().stream()
        .map(
            e ->
                e.getKey().getAddress().getHostAddress()
                    + "#"
                    + e.getKey().getPort()
                    + ": "
                    + e.getValue())
        .collect(
            Collectors.joining(
                "; ",
                Type.string(question.getType()) + " of " + question.getName().toString(true) + ": ",
                ""));
  }
}
