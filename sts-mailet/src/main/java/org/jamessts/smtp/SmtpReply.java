package org.jamessts.smtp;

import java.util.List;
import java.util.Optional;

/**
 * What a server answered (RFC 5321 §4.2), or what we answer in its place where asking is pointless.
 *
 * @param code 200 to 599
 * @param enhanced the enhanced status code, where the text begins with one of the same class
 * @param lines the text of each line, without the code; printable ASCII, anything else has been
 *     replaced by a question mark; at least one
 * @param isFromServer whether a server said so, and not we in its place
 */
public record SmtpReply(
    int code, Optional<EnhancedStatus> enhanced, List<String> lines, boolean isFromServer) {

  private static final int MAX_SHOWN = 1000;
  private static final int SERVICE_CLOSING = 421;

  public SmtpReply {
    lines = List.copyOf(lines);
    if (code < 200 || code > 599 || lines.isEmpty()) {
      throw new IllegalArgumentException("not a reply: " + code);
    }
  }

  /** A reply as it was read. */
  static SmtpReply of(int code, List<String> lines) {
    return new SmtpReply(code, EnhancedStatus.leading(code, lines.get(0)), lines, true);
  }

  /**
   * A reply of our own.
   *
   * @param code 200 to 599
   * @param enhanced of the same class
   * @param text for a person to read
   */
  public static SmtpReply synthesized(int code, EnhancedStatus enhanced, String text) {
    return new SmtpReply(
        code, Optional.of(enhanced), List.of(PrintableText.of(enhanced + " " + text)), false);
  }

  /** 2xx: done. */
  public boolean isPositive() {
    return code < 300;
  }

  /** 3xx: go on; only DATA gets it. */
  public boolean isIntermediate() {
    return code >= 300 && code < 400;
  }

  /** 4xx: the same may succeed later. */
  public boolean isTransient() {
    return code >= 400 && code < 500;
  }

  /** 5xx: the same will not succeed. */
  public boolean isPermanent() {
    return code >= 500;
  }

  /** 421: the server is about to close the connection, whatever was asked (RFC 5321 §3.8). */
  public boolean isServiceClosing() {
    return code == SERVICE_CLOSING;
  }

  /** Code and text in one line of at most about a thousand characters. */
  public String asText() {
    String text = (code + " " + String.join(" ", lines)).strip();
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }

  @Override
  public String toString() {
    return asText();
  }
}
