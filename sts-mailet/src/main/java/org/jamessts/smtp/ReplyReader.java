package org.jamessts.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies (RFC 5321 §4.2) and nothing beyond their bounds. A line may have four times the 512
 * octets of §4.5.3.1.5, since servers exceed them; a line that ends with LF alone is let through
 * for the same reason, and does no harm: a server can always say whatever it wants to.
 */
final class ReplyReader {

  static final int MAX_LINE = 2048;
  static final int MAX_LINES = 100;

  /** Of all lines together: a mail's replies are kept until its last recipient has one. */
  static final int MAX_OCTETS = 8 * 1024;

  private static final int BUFFER = 4096;
  private static final int MAX_SHOWN = 80;

  /** The peer does not speak SMTP, or too much of it. */
  static final class MalformedReplyException extends IOException {
    MalformedReplyException(String message) {
      super(message);
    }
  }

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int end;

  ReplyReader(InputStream in) {
    this.in = in;
  }

  /** Whether there are octets that no reply has asked for. */
  boolean hasUnread() throws IOException {
    return next < end || in.available() > 0;
  }

  /**
   * Reads one reply of one or more lines.
   *
   * @throws MalformedReplyException when it is none
   * @throws IOException when the connection ends before the reply does
   */
  SmtpReply read() throws IOException {
    List<String> lines = new ArrayList<>();
    int code = 0;
    int octets = 0;
    while (true) {
      String line = readLine();
      octets += line.length();
      if (octets > MAX_OCTETS) {
        throw new MalformedReplyException("a reply of more than " + MAX_OCTETS + " octets");
      }
      int lineCode = codeOf(line);
      if (!lines.isEmpty() && lineCode != code) {
        throw new MalformedReplyException("a reply with two codes, " + code + " and " + lineCode);
      }
      code = lineCode;
      lines.add(line.length() > 4 ? PrintableText.of(line.substring(4)) : "");
      if (line.length() == 3 || line.charAt(3) == ' ') {
        return SmtpReply.of(code, lines);
      }
      if (lines.size() == MAX_LINES) {
        throw new MalformedReplyException("a reply of more than " + MAX_LINES + " lines");
      }
    }
  }

  private static int codeOf(String line) throws MalformedReplyException {
    if (line.length() < 3
        || line.charAt(0) < '2'
        || line.charAt(0) > '5'
        || !isDigit(line.charAt(1))
        || !isDigit(line.charAt(2))
        || (line.length() > 3 && line.charAt(3) != ' ' && line.charAt(3) != '-')) {
      throw new MalformedReplyException(
          "not an SMTP reply: \"" + PrintableText.of(line, MAX_SHOWN) + "\"");
    }
    return Integer.parseInt(line.substring(0, 3));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (next == end) {
        fill();
      }
      char c = (char) (buffer[next++] & 0xff);
      if (c == '\n') {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
          line.setLength(length - 1);
        }
        return line.toString();
      }
      if (line.length() == MAX_LINE) {
        throw new MalformedReplyException("a reply line of more than " + MAX_LINE + " octets");
      }
      line.append(c);
    }
  }

  private void fill() throws IOException {
    int count = in.read(buffer);
    if (count < 0) {
      throw new EOFException("the server closed the connection");
    }
    next = 0;
    end = count;
  }
}
