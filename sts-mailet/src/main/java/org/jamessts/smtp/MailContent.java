package org.jamessts.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

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

  /** Whether the header holds UTF-8 beyond ASCII (RFC 6532), which needs SMTPUTF8. */
  default boolean utf8Header() {
    return false;
  }

  /**
   * The same message without octets above 127, for a server without 8BITMIME (RFC 6152 §3).
   *
   * @return empty where it has no such form, or it would mean something else
   * @throws IOException when the message cannot be read
   */
  default Optional<MailContent> sevenBit() throws IOException {
    return eightBit() ? Optional.empty() : Optional.of(this);
  }
}
