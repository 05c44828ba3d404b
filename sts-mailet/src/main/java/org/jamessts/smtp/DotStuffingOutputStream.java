package org.jamessts.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Makes any octets the content of exactly one mail after DATA. When every line end has become CRLF,
 * each line that begins with a dot gets another one (RFC 5321 §4.5.2), and {@link #finish} writes
 * the one dot that ends the mail.
 */
public final class DotStuffingOutputStream extends CrlfOutputStream {

  /**
   * @param out gets a block at a time
   */
  public DotStuffingOutputStream(OutputStream out) {
    super(out);
  }

  @Override
  void beginLine(byte first) throws IOException {
    if (first == '.') {
      put((byte) '.');
    }
  }

  /**
   * Ends the mail: the last line with CRLF if it has no end yet, then the dot. To be called once.
   */
  @Override
  public void finish() throws IOException {
    if (!isAtLineStart()) {
      endLine();
    }
    put((byte) '.');
    endLine();
    handOn();
  }
}
