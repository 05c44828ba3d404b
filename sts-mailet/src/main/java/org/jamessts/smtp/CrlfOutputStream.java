package org.jamessts.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Makes any octets lines as mail has them. Every line end, be it CRLF, a bare CR or a bare LF,
 * becomes CRLF (RFC 5321 §2.3.8 allows neither alone; servers that take them for line ends could be
 * told to end the mail in its middle), and {@link #finish} completes the last line.
 *
 * <p>NULs are left out, since MIME knows them neither in 7bit nor in 8bit content (RFC 2045 §2.7,
 * §2.8), and there are servers that leave them out before they look for the dot: to those, a line
 * of NUL and dot would end the mail. All other octets pass unchanged.
 *
 * <p>Octets are handed on in blocks. Closing or flushing this does nothing to the stream below:
 * only {@code finish} may end a mail.
 */
public class CrlfOutputStream extends OutputStream {

  private static final int BLOCK = 16 * 1024;

  private final OutputStream out;
  private final byte[] block = new byte[BLOCK];
  private int used;
  private boolean atLineStart = true;
  private boolean afterCr;

  /**
   * @param out gets a block at a time
   */
  public CrlfOutputStream(OutputStream out) {
    this.out = out;
  }

  @Override
  public final void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  /** Most octets are in lines, and are copied as long as nothing has to be done about them. */
  @Override
  public final void write(byte[] octets, int offset, int length) throws IOException {
    int end = offset + length;
    int next = offset;
    while (next < end) {
      int stop = endOfText(octets, next, end);
      if (stop > next) {
        if (atLineStart) {
          beginLine(octets[next]);
        }
        put(octets, next, stop - next);
        atLineStart = false;
        afterCr = false;
      }
      if (stop < end) {
        special(octets[stop]);
      }
      next = stop + 1;
    }
  }

  /** Where octets end that are nothing but text of a line: at a NUL, CR or LF, or at the end. */
  static int endOfText(byte[] octets, int from, int end) {
    int next = from;
    while (next < end && octets[next] != 0 && octets[next] != '\r' && octets[next] != '\n') {
      next++;
    }
    return next;
  }

  private void special(byte octet) throws IOException {
    if (octet == 0) {
      return;
    }
    boolean endOfCrLf = octet == '\n' && afterCr;
    if (!endOfCrLf) {
      endLine();
    }
    afterCr = octet == '\r';
  }

  /** Does nothing: a block that is not full waits for more. */
  @Override
  public final void flush() {}

  /** Does nothing: whoever writes content must not be able to end it. */
  @Override
  public final void close() {}

  /** Ends the last line with CRLF if it has no end yet, and hands on all. To be called once. */
  public void finish() throws IOException {
    if (!atLineStart) {
      endLine();
    }
    handOn();
  }

  /**
   * What goes before a line that is not empty; by default, nothing.
   *
   * @param first the line's first octet
   */
  void beginLine(byte first) throws IOException {}

  /** A CR ends the line at once: whatever follows, it has become CRLF. */
  final void endLine() throws IOException {
    put((byte) '\r');
    put((byte) '\n');
    atLineStart = true;
  }

  final boolean isAtLineStart() {
    return atLineStart;
  }

  final void put(byte octet) throws IOException {
    if (used == BLOCK) {
      handOn();
    }
    block[used++] = octet;
  }

  private void put(byte[] octets, int offset, int length) throws IOException {
    int taken = 0;
    while (taken < length) {
      if (used == BLOCK) {
        handOn();
      }
      int some = Math.min(length - taken, BLOCK - used);
      System.arraycopy(octets, offset + taken, block, used, some);
      used += some;
      taken += some;
    }
  }

  final void handOn() throws IOException {
    out.write(block, 0, used);
    used = 0;
    out.flush();
  }
}
