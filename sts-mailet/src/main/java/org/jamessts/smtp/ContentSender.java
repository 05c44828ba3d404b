package org.jamessts.smtp;

import org.jamessts.smtp.SmtpException.Kind;

/** The octets after 354: content, final dot, reply. Used once. */
final class ContentSender {

  private static final String STEP = "content";
  private static final String END = "end of content";

  private final Wire wire;
  private final SmtpTimeouts timeouts;

  ContentSender(Wire wire, SmtpTimeouts timeouts) {
    this.wire = wire;
    this.timeouts = timeouts;
  }

  /**
   * Sends it.
   *
   * @return the reply to the final dot, positive or a refusal
   */
  SmtpReply send(MailContent content) throws SmtpException {
    Blocks blocks = new Blocks(content.size());
    blocks.takeAll(content, new DotStuffingOutputStream(blocks));
    return finalReply(wire, END, timeouts);
  }

  /** The reply to what ended a mail: without it, nobody knows whether the server has the mail. */
  static SmtpReply finalReply(Wire wire, String step, SmtpTimeouts timeouts) throws SmtpException {
    try {
      SmtpReply reply = wire.reply(step, timeouts.finalDot());
      if (reply.isIntermediate()) {
        wire.abort();
        throw SmtpException.of(
            Kind.PROTOCOL, step + ": a reply that has no place here: " + reply.asText());
      }
      return reply;
    } catch (SmtpException e) {
      throw e.whenInDoubt();
    }
  }

  /** Hands each block to the wire. */
  private final class Blocks extends ContentOutput {
    private boolean holdsFinalDot;

    Blocks(long octets) {
      super(wire, timeouts, octets);
    }

    @Override
    void take(byte[] octets, int offset, int length) throws SmtpException {
      try {
        wire.write(STEP, octets, offset, length, limit());
      } catch (SmtpException e) {
        // What failed to be written may have arrived all the same.
        throw holdsFinalDot ? e.whenInDoubt() : e;
      }
    }

    @Override
    void beforeTheEnd() {
      holdsFinalDot = true;
    }
  }
}
