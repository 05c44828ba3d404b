package org.jamessts.smtp;

import java.io.IOException;
import java.io.OutputStream;

/** A message, header and body, as often as it is asked for. {@link ContentScan} finds the sizes. */
public interface MailContent {

  /**
   * Writes the message with whatever line ends and NULs it has: the former are made CRLF on the way
   * out, the latter are left out.
   *
   * @param out not to be closed
   * @throws IOException when {@code out} fails, or the message cannot be read
   */
  void writeTo(OutputStream out) throws IOException;

  /** Octets without NULs, with every line end as CRLF, before dots are doubled (RFC 1870 §4). */
  long size();

  /** Whether any octet is above 127 (RFC 6152). */
  boolean eightBit();
}
