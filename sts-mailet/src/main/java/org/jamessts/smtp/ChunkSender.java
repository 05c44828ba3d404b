package org.jamessts.smtp;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jamessts.smtp.SmtpException.Kind;

/**
 * Content in chunks (BDAT, RFC 3030 §2). Each is counted when it is complete, so that no content
 * can say less or more of its length than it has; nothing in it is looked at, so no dot is doubled.
 * Line ends are made CRLF all the same: the next server may not have CHUNKING. Used once.
 */
final class ChunkSender {

  /** Held in memory for each conversation under way. */
  static final int CHUNK = 128 * 1024;

  private static final String STEP = "BDAT";
  private static final int UNKNOWN_COMMAND = 500;
  private static final int NOT_IMPLEMENTED = 502;

  private final Wire wire;
  private final SmtpTimeouts timeouts;

  ChunkSender(Wire wire, SmtpTimeouts timeouts) {
    this.wire = wire;
    this.timeouts = timeouts;
  }

  /**
   * Sends it.
   *
   * @return the reply to the last chunk, or the refusal of an earlier one
   */
  SmtpReply send(MailContent content) throws SmtpException {
    Chunks chunks = new Chunks(content.size());
    chunks.takeAll(content, new CrlfOutputStream(chunks));
    return chunks.last();
  }

  private final class Chunks extends ContentOutput {
    private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    private Optional<SmtpReply> refusal = Optional.empty();

    Chunks(long octets) {
      super(wire, timeouts, octets);
    }

    /** After a refusal the rest is only read to its end. */
    @Override
    void take(byte[] octets, int offset, int length) throws SmtpException {
      int taken = 0;
      while (taken < length && refusal.isEmpty()) {
        if (chunk.size() == CHUNK) {
          sendChunk();
        }
        int some = Math.min(length - taken, CHUNK - chunk.size());
        chunk.write(octets, offset + taken, some);
        taken += some;
      }
    }

    private void sendChunk() throws SmtpException {
      write(STEP + " " + chunk.size());
      chunk.reset();
      SmtpReply reply = understood(wire.reply(STEP, timeouts.dataBlock()));
      if (reply.isIntermediate()) {
        wire.abort();
        throw SmtpException.of(
            Kind.PROTOCOL, STEP + ": a reply that has no place here: " + reply.asText());
      }
      if (!reply.isPositive()) {
        refusal = Optional.of(reply);
      }
    }

    SmtpReply last() throws SmtpException {
      if (refusal.isPresent()) {
        return refusal.get();
      }
      try {
        write(STEP + " " + chunk.size() + " LAST");
      } catch (SmtpException e) {
        // What failed to be written may have arrived all the same.
        throw e.whenInDoubt();
      }
      return understood(ContentSender.finalReply(wire, STEP, timeouts));
    }

    /** One write for both: a packet less for most mails. */
    private void write(String command) throws SmtpException {
      ByteArrayOutputStream octets = new ByteArrayOutputStream(chunk.size() + command.length() + 2);
      octets.writeBytes(Wire.line(command));
      octets.writeBytes(chunk.toByteArray());
      wire.write(STEP, octets.toByteArray(), 0, octets.size(), limit());
    }

    /** A server that offers what it does not know might take content for commands. */
    private SmtpReply understood(SmtpReply reply) throws SmtpException {
      if (reply.code() == UNKNOWN_COMMAND || reply.code() == NOT_IMPLEMENTED) {
        wire.abort();
        throw SmtpException.of(
            Kind.PROTOCOL, "BDAT is offered, but not understood: " + reply.asText());
      }
      return reply;
    }
  }
}
