package org.jamessts.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DnsAnswer.Failure;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * One question to one server: over UDP, and over TCP when the answer is truncated (RFC 7766 §5).
 * dnsjava reads and writes the messages. The sockets are our own, because dnsjava lets the first
 * datagram that comes decide a question, which serves whoever forges one, and shares one selector
 * thread and one TCP connection a server between all questions of the process.
 */
final class DnsExchange {

  /** 1280, the smallest IPv6 MTU, less the headers: such an answer is never fragmented. */
  private static final int EDNS_PAYLOAD = 1232;

  /** More than we ask for, since some servers send more. */
  private static final int UDP_BUFFER = 4096;

  private DnsExchange() {}

  /**
   * Asks.
   *
   * @return a message that answers this question, complete, with whatever response code
   * @throws DnsFailureException when none came before the deadline, or TCP brought something else
   */
  static Message ask(InetSocketAddress server, Record question, Dnssec.Mode mode, Deadline deadline)
      throws DnsFailureException {
    Message query = query(question, mode);
    try {
      Message answer = udp(server, query, deadline);
      return answer.getHeader().getFlag(Flags.TC) ? tcp(server, query, deadline) : answer;
    } catch (SocketTimeoutException e) {
      throw new DnsFailureException(Failure.TIMEOUT, "no answer in time");
    } catch (IOException e) {
      throw new DnsFailureException(Failure.NETWORK, "network error: " + e.getMessage());
    }
  }

  /** The message that asks. */
  static Message query(Record question, Dnssec.Mode mode) {
    // The constructor draws a random id.
    Message query = Message.newQuery(question);
    boolean validates = mode == Dnssec.Mode.VALIDATE;
    if (validates) {
      // A server that validates would keep from us what it finds bogus (RFC 4035 §3.2.2).
      query.getHeader().setFlag(Flags.CD);
    } else if (mode == Dnssec.Mode.TRUST_AD) {
      query.getHeader().setFlag(Flags.AD); // RFC 6840 §5.7
    }
    query.addRecord(
        new OPTRecord(EDNS_PAYLOAD, 0, 0, validates ? ExtendedFlags.DO : 0), Section.ADDITIONAL);
    return query;
  }

  private static Message udp(InetSocketAddress server, Message query, Deadline deadline)
      throws IOException, DnsFailureException {
    Optional<DnsFailureException> misfit = Optional.empty();
    // A port of its own for every question, which a forger has to guess (RFC 5452 §9.2).
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      byte[] question = query.toWire();
      socket.send(new DatagramPacket(question, question.length));
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[UDP_BUFFER], UDP_BUFFER);
        socket.setSoTimeout(deadline.timeoutMillis());
        socket.receive(packet);
        try {
          return read(query, Arrays.copyOf(packet.getData(), packet.getLength()));
        } catch (DnsFailureException e) {
          // Perhaps forged: the true answer may still come (RFC 5452 §9.1).
          misfit = Optional.of(e);
        }
      }
    } catch (SocketTimeoutException e) {
      if (misfit.isPresent()) {
        throw misfit.get();
      }
      throw e;
    }
  }

  private static Message tcp(InetSocketAddress server, Message query, Deadline deadline)
      throws IOException, DnsFailureException {
    try (Socket socket = new Socket()) {
      socket.connect(server, deadline.timeoutMillis());
      byte[] question = query.toWire();
      // Length and message in one write, as RFC 7766 §8 asks.
      ByteBuffer framed = ByteBuffer.allocate(2 + question.length);
      framed.putShort((short) question.length).put(question);
      socket.getOutputStream().write(framed.array());
      DataInputStream length = new DataInputStream(new TimedInput(socket, deadline));
      byte[] octets = new byte[length.readUnsignedShort()];
      length.readFully(octets);
      Message answer = read(query, octets);
      if (answer.getHeader().getFlag(Flags.TC)) {
        throw new DnsFailureException(Failure.MALFORMED, "an answer truncated even over TCP");
      }
      return answer;
    }
  }

  /** The message in these octets, where it answers the query. */
  static Message read(Message query, byte[] octets) throws DnsFailureException {
    Message answer;
    try {
      answer = new Message(octets);
    } catch (IOException | RuntimeException e) {
      // Whatever the codec throws at a stranger's octets, they are no message.
      throw new DnsFailureException(
          Failure.MALFORMED, "an answer that is no DNS message: " + e.getMessage());
    }
    misfit(query, answer);
    return answer;
  }

  /** Refuses what is no answer to this very question (RFC 5452 §9.1). */
  private static void misfit(Message query, Message answer) throws DnsFailureException {
    List<Record> questions = answer.getSection(Section.QUESTION);
    String reason = "";
    if (answer.getHeader().getID() != query.getHeader().getID()) {
      reason = "another id";
    } else if (!answer.getHeader().getFlag(Flags.QR)
        || answer.getHeader().getOpcode() != Opcode.QUERY) {
      reason = "no response to a query";
    } else if (questions.size() != 1 || !questions.get(0).equals(query.getQuestion())) {
      reason = "another question";
    }
    if (!reason.isEmpty()) {
      throw new DnsFailureException(
          Failure.MALFORMED, "an answer that does not fit the question: " + reason);
    }
  }
}
