package org.jamessts.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads lines the way servers do: by CRLF, or, if lenient, by any of CRLF, CR and LF. */
final class SinkReader {

  /**
   * A line.
   *
   * @param text one character an octet
   * @param end the octets that ended it
   */
  record Line(String text, String end) {}

  private final BufferedInputStream buffered;
  private final PushbackInputStream in;
  private final boolean lenient;

  SinkReader(InputStream in, boolean lenient) {
    this.buffered = new BufferedInputStream(in);
    this.in = new PushbackInputStream(buffered);
    this.lenient = lenient;
  }

  boolean hasMore() throws IOException {
    return in.available() > 0;
  }

  /** So many octets, whatever they are; one character an octet. */
  String read(int octets) throws IOException {
    byte[] all = in.readNBytes(octets);
    if (all.length < octets) {
      throw new EOFException("the client has closed");
    }
    return new String(all, StandardCharsets.ISO_8859_1);
  }

  /** The next line; empty when the client has closed, even in the middle of one. */
  Optional<Line> readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    int octet;
    while ((octet = in.read()) >= 0) {
      if (octet == '\n' && lenient) {
        return Optional.of(new Line(line.toString(), "\n"));
      }
      if (octet == '\r') {
        int next = in.read();
        if (next == '\n') {
          return Optional.of(new Line(line.toString(), "\r\n"));
        }
        if (next >= 0) {
          in.unread(next);
        }
        if (lenient) {
          return Optional.of(new Line(line.toString(), "\r"));
        }
      }
      line.append((char) octet);
    }
    return Optional.empty();
  }
}
