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
    byte b = (byte) octet;
    if (b == 0) {
      return;
    }
    if (b == '\n' || b == '\r') {
      boolean endOfCrLf = b == '\n' && afterCr;
      // The first empty line ends the header.
      inHeader &= !atLineStart || endOfCrLf;
    } else if (inHeader) {
      header.next(b);
    }
    if (b == '\n') {
      size += afterCr ? 0 : 2;
      atLineStart = true;
    } else if (b == '\r') {
      size += 2;
      atLineStart = true;
    } else {
      size++;
      atLineStart = false;
      eightBit |= b < 0;
    }
    afterCr = b == '\r';
  }

  @Override
  public void write(byte[] octets, int offset, int length) {
    int end = offset + length;
    int next = offset;
    while (next < end) {
      int line = next;
      int any = 0;
      while (next < end && CrlfOutputStream.isInLine(octets[next])) {
        any |= octets[next++];
      }
      if (next > line) {
        for (int i = line; inHeader && i < next; i++) {
          header.next(octets[i]);
        }
        size += next - line;
        eightBit |= any < 0;
        atLineStart = false;
        afterCr = false;
      }
      if (next < end) {
        write(octets[next++]);
      }
    }
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
