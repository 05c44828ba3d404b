package org.jamessts.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
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
    Blocks blocks = new Blocks(System.nanoTime() + timeouts.content(content.size()).toNanos());
    DotStuffingOutputStream stuffing = new DotStuffingOutputStream(blocks);
    try {
      content.writeTo(stuffing);
      blocks.rethrow();
      blocks.holdsFinalDot = true;
      stuffing.finish();
    } catch (IOException e) {
      blocks.rethrow();
      // The dot has not been sent, and will not be: the server throws away what it got.
      wire.abort();
      throw SmtpException.of(
          Kind.CONTENT_UNREADABLE, "the message cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      blocks.rethrow();
      wire.abort();
      throw e;
    }
    try {
      SmtpReply reply = wire.reply(END, timeouts.finalDot());
      if (reply.isIntermediate()) {
        wire.abort();
        throw SmtpException.of(
            Kind.PROTOCOL, END + ": a reply that has no place here: " + reply.asText());
      }
      return reply;
    } catch (SmtpException e) {
      throw e.whenInDoubt();
    }
  }

  /** Hands each block to the wire, within the time for a block and for the whole. */
  private final class Blocks extends OutputStream {
    private final long deadlineNanos;

    /** Kept here, since the writer of the content may wrap or swallow what it gets. */
    private Optional<SmtpException> failure = Optional.empty();

    private boolean holdsFinalDot;

    Blocks(long deadlineNanos) {
      this.deadlineNanos = deadlineNanos;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
      Duration limit = left.compareTo(timeouts.dataBlock()) < 0 ? left : timeouts.dataBlock();
      try {
        wire.write(STEP, octets, offset, length, limit);
      } catch (SmtpException e) {
        failure = Optional.of(e);
        throw new IOException(e);
      }
    }

    void rethrow() throws SmtpException {
      if (failure.isPresent()) {
        // What failed to be written may have arrived all the same.
        throw holdsFinalDot ? failure.get().whenInDoubt() : failure.get();
      }
    }
  }
}
