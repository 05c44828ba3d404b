package org.jamessts.delivery;

import java.util.List;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.MailContent;

/**
 * A mail ready to be sent, in the terms of this project.
 *
 * @param name its name in the queue, for log lines
 * @param nextHops where it may go, in the order of preference; the recipients' domain, or gateways
 * @param envelope sender and recipients
 * @param content the message
 * @param ownReport whether it is one of our TLS reports: those go whatever becomes of TLS (RFC 8460
 *     §3), and sessions with them are not counted
 */
public record OutboundMail(
    String name,
    List<NextHop> nextHops,
    Envelope envelope,
    MailContent content,
    boolean ownReport) {
  public OutboundMail {
    nextHops = List.copyOf(nextHops);
  }

  /** Mail of somebody else's. */
  public OutboundMail(String name, List<NextHop> nextHops, Envelope envelope, MailContent content) {
    this(name, nextHops, envelope, content, false);
  }

  /** The same for these recipients alone. */
  OutboundMail withEnvelope(Envelope other) {
    return new OutboundMail(name, nextHops, other, content, ownReport);
  }
}
