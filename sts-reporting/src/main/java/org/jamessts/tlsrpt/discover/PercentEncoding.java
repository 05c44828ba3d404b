package org.jamessts.tlsrpt.discover;

import java.util.Optional;

/** Percent-encoding (RFC 3986 §2.1), as far as addresses need it. */
final class PercentEncoding {

  private static final int TRIPLET = 3;

  private PercentEncoding() {}

  /**
   * Undoes it, once.
   *
   * @return nothing when a percent sign is not followed by two hexadecimal digits, or when what
   *     comes out is not printable ASCII: no address that we can send to has anything else
   */
  static Optional<String> decode(String text) {
    StringBuilder decoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      int octet = text.charAt(i);
      if (octet == '%') {
        octet = i + TRIPLET <= text.length() ? octet(text.charAt(i + 1), text.charAt(i + 2)) : -1;
        i += TRIPLET - 1;
      }
      if (octet <= ' ' || octet > '~') {
        return Optional.empty();
      }
      decoded.append((char) octet);
    }
    return Optional.of(decoded.toString());
  }

  private static int octet(char high, char low) {
    int first = hex(high);
    int second = hex(low);
    return first < 0 || second < 0 ? -1 : first * 16 + second;
  }

  /** Not {@code Character.digit} alone, which knows the digits of many scripts. */
  private static int hex(char digit) {
    return digit <= '~' ? Character.digit(digit, 16) : -1;
  }
}
