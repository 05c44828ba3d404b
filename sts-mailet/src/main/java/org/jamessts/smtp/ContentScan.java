package org.jamessts.smtp;

import java.io.OutputStream;

/**
 * Finds what {@link MailContent} has to say of itself, in one pass: write the message into it, then
 * ask. It keeps nothing of what it is given.
 */
public final class ContentScan extends OutputStream {

  private long size;
  private boolean eightBit;
  private boolean atLineStart = true;
  private boolean afterCr;
  private boolean inHeader = true;
  private final Utf8Check header = new Utf8Check();

  @Override
  public void write(int octet) {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int offset, int length) {
    int end = offset + length;
    int next = offset;
    while (next < end) {
      int stop = CrlfOutputStream.endOfText(octets, next, end);
      if (stop > next) {
        text(octets, next, stop);
      }
      if (stop < end) {
        special(octets[stop]);
      }
      next = stop + 1;
    }
  }

  private void text(byte[] octets, int from, int end) {
    for (int i = from; inHeader && i < end; i++) {
      header.next(octets[i]);
    }
    for (int i = from; !eightBit && i < end; i++) {
      eightBit = octets[i] < 0;
    }
    size += end - from;
    atLineStart = false;
    afterCr = false;
  }

  private void special(byte octet) {
    if (octet == 0) {
      return;
    }
    boolean endOfCrLf = octet == '\n' && afterCr;
    // The first empty line ends the header.
    inHeader &= !atLineStart || endOfCrLf;
    size += endOfCrLf ? 0 : 2;
    atLineStart = true;
    afterCr = octet == '\r';
  }

  /** Octets without NULs, with every line end as CRLF, the last included (RFC 1870 §4). */
  public long size() {
    return atLineStart ? size : size + 2;
  }

  /** Whether the header was in UTF-8 and held more than ASCII (RFC 6532). */
  public boolean utf8Header() {
    return header.isUtf8BeyondAscii();
  }

  /** Whether any octet was above 127. */
  public boolean eightBit() {
    return eightBit;
  }
}
