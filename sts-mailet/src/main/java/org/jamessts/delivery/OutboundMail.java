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
 */
public record OutboundMail(
    String name, List<NextHop> nextHops, Envelope envelope, MailContent content) {
  public OutboundMail {
    nextHops = List.copyOf(nextHops);
  }
}
