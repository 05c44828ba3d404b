package org.jamessts.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import org.jamessts.smtp.SmtpException.Kind;

/**
 * Where the octets of content go, within the time for the whole. It keeps a failure of the wire,
 * which the writer of the content may wrap or swallow.
 */
abstract class ContentOutput extends OutputStream {

  private final Wire wire;
  private final SmtpTimeouts timeouts;
  private final long deadlineNanos;
  private Optional<SmtpException> failure = Optional.empty();

  ContentOutput(Wire wire, SmtpTimeouts timeouts, long octets) {
    this.wire = wire;
    this.timeouts = timeouts;
    this.deadlineNanos = System.nanoTime() + timeouts.content(octets).toNanos();
  }

  /** Takes some octets. */
  abstract void take(byte[] octets, int offset, int length) throws SmtpException;

  @Override
  public final void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public final void write(byte[] octets, int offset, int length) throws IOException {
    try {
      take(octets, offset, length);
    } catch (SmtpException e) {
      failure = Optional.of(e);
      throw new IOException(e);
    }
  }

  /** How long the next block may take: its own time, or what is left of the whole. */
  final Duration limit() {
    Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    return left.compareTo(timeouts.dataBlock()) < 0 ? left : timeouts.dataBlock();
  }

  /**
   * Has all of a message written.
   *
   * @param lines a stream that ends here
   * @throws SmtpException when the wire failed, or the message cannot be read: the connection is
   *     closed then, and the server throws away what it got
   */
  final void takeAll(MailContent content, CrlfOutputStream lines) throws SmtpException {
    try {
      content.writeTo(lines);
      rethrow();
      beforeTheEnd();
      lines.finish();
    } catch (IOException e) {
      rethrow();
      wire.abort();
      throw SmtpException.of(
          Kind.CONTENT_UNREADABLE, "the message cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      rethrow();
      wire.abort();
      throw e;
    }
  }

  /** Called when the message has been read to its end. */
  void beforeTheEnd() {}

  private void rethrow() throws SmtpException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
