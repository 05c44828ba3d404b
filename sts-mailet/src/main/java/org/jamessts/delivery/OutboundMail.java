package org.jamessts.delivery;

import java.util.List;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.MailContent;
import org.jamessts.smtp.MailboxPath;

/**
 * A mail ready to be sent, in the terms of this project.
 *
 * @param name its name in the queue, for log lines
 * @param nextHops where it may go, in the order of preference; the recipients' domain, or gateways
 * @param envelope sender and recipients
 * @param content the message
 * @param ownReport whether it is one of our TLS reports: those go whatever becomes of TLS (RFC 8460
 *     §3), and sessions with them are not counted
 * @param isLastTry whether it is given up if this attempt fails
 */
public record OutboundMail(
    String name,
    List<NextHop> nextHops,
    Envelope envelope,
    MailContent content,
    boolean ownReport,
    boolean isLastTry) {
  public OutboundMail {
    nextHops = List.copyOf(nextHops);
  }

  /** Mail of somebody else's, which may be tried again. */
  public OutboundMail(String name, List<NextHop> nextHops, Envelope envelope, MailContent content) {
    this(name, nextHops, envelope, content, false, false);
  }

  /** The same mail for some of its recipients. */
  OutboundMail withRecipients(List<MailboxPath> some) {
    return new OutboundMail(
        name, nextHops, envelope.withRecipients(some), content, ownReport, isLastTry);
  }
}
