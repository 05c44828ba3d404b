package org.jamessts.smtp;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * How long each step of a conversation may take (RFC 5321 §4.5.3.2). Each is an absolute bound from
 * the start of the step, writing included, which single octets do not prolong.
 *
 * @param connect for the TCP connection
 * @param banner for the greeting
 * @param ehlo for the reply to EHLO or HELO; RFC 5321 names no time
 * @param startTls for the reply to STARTTLS; and, again, for the handshake
 * @param mail for the reply to MAIL, or to RSET
 * @param rcpt for the reply to each RCPT
 * @param data for the reply to DATA
 * @param dataBlock for the server to take a block of content; the content as a whole may take this
 *     long and a second for each {@link #MIN_OCTETS_PER_SECOND} octets
 * @param finalDot for the reply to the dot that ends the content: giving up early makes duplicates
 */
public record SmtpTimeouts(
    Duration connect,
    Duration banner,
    Duration ehlo,
    Duration startTls,
    Duration mail,
    Duration rcpt,
    Duration data,
    Duration dataBlock,
    Duration finalDot) {

  /** A server that takes content more slowly than this holds us on purpose. */
  public static final int MIN_OCTETS_PER_SECOND = 500;

  public SmtpTimeouts {
    if (Stream.of(connect, banner, ehlo, startTls, mail, rcpt, data, dataBlock, finalDot)
        .anyMatch(timeout -> timeout.isZero() || timeout.isNegative())) {
      throw new IllegalArgumentException("a timeout is longer than nothing");
    }
  }

  /**
   * The times that RFC 5321 §4.5.3.2 gives.
   *
   * @param connect for the TCP connection, of which the RFC says nothing
   */
  public static SmtpTimeouts rfc5321(Duration connect) {
    Duration five = Duration.ofMinutes(5);
    return new SmtpTimeouts(
        connect,
        five,
        five,
        five,
        five,
        five,
        Duration.ofMinutes(2),
        Duration.ofMinutes(3),
        Duration.ofMinutes(10));
  }

  /**
   * Two times for everything, as an operator configures them.
   *
   * @param connect for the TCP connection
   * @param reply for every reply and every block of content, but twice as long for the final dot:
   *     the proportion of RFC 5321 §4.5.3.2
   */
  public static SmtpTimeouts standard(Duration connect, Duration reply) {
    return new SmtpTimeouts(
        connect, reply, reply, reply, reply, reply, reply, reply, reply.multipliedBy(2));
  }

  /** For content of so many octets as a whole. */
  Duration content(long octets) {
    return dataBlock.plusSeconds(octets / MIN_OCTETS_PER_SECOND);
  }
}
