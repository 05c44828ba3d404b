package org.jamessts.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Makes any octets the content of exactly one mail. Every line end, be it CRLF, a bare CR or a bare
 * LF, becomes CRLF (RFC 5321 §2.3.8 allows neither alone; servers that take them for line ends
 * could be told to end the mail in its middle), and after that each line that begins with a dot
 * gets another one (§4.5.2). {@link #finish} completes the last line and writes the one dot that
 * ends the mail.
 *
 * <p>NULs are left out, since MIME knows them neither in 7bit nor in 8bit content (RFC 2045 §2.7,
 * §2.8), and there are servers that leave them out before they look for the dot: to those, a line
 * of NUL and dot would end the mail. All other octets pass unchanged.
 *
 * <p>Octets are handed on in blocks. Closing or flushing this does nothing to the stream below:
 * only {@code finish} may end a mail.
 */
public final class DotStuffingOutputStream extends OutputStream {

  private static final int BLOCK = 16 * 1024;

  private final OutputStream out;
  private final byte[] block = new byte[BLOCK];
  private int used;
  private boolean atLineStart = true;
  private boolean afterCr;

  /**
   * @param out gets a block at a time
   */
  public DotStuffingOutputStream(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int octet) throws IOException {
    byte b = (byte) octet;
    if (b == 0) {
      return;
    }
    if (b == '\n') {
      if (!afterCr) {
        endLine();
      }
      afterCr = false;
    } else if (b == '\r') {
      endLine();
      afterCr = true;
    } else {
      if (atLineStart && b == '.') {
        put((byte) '.');
      }
      put(b);
      atLineStart = false;
      afterCr = false;
    }
  }

  @Override
  public void write(byte[] octets, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(octets[i]);
    }
  }

  /** Does nothing: a block that is not full waits for more. */
  @Override
  public void flush() {}

  /** Does nothing: whoever writes content must not be able to end it. */
  @Override
  public void close() {}

  /**
   * Ends the mail: the last line with CRLF if it has no end yet, then the dot. To be called once.
   */
  public void finish() throws IOException {
    if (!atLineStart) {
      endLine();
    }
    put((byte) '.');
    endLine();
    handOn();
  }

  /** A CR ends the line at once: whatever follows, it has become CRLF. */
  private void endLine() throws IOException {
    put((byte) '\r');
    put((byte) '\n');
    atLineStart = true;
  }

  private void put(byte octet) throws IOException {
    if (used == BLOCK) {
      handOn();
    }
    block[used++] = octet;
  }

  private void handOn() throws IOException {
    out.write(block, 0, used);
    used = 0;
    out.flush();
  }
}
