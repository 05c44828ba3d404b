package org.jamessts.smtp;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A text as parameters of DSN hold it (RFC 3461 §4): printable ASCII, in which {@code +} begins the
 * hexadecimal form of a character that may not stand for itself. So it cannot end a parameter.
 *
 * @param encoded at least one character
 */
public record Xtext(String encoded) {

  private static final Pattern SYNTAX = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})++");

  /** Use {@link #parse} or {@link #encode}. */
  public Xtext {
    if (!SYNTAX.matcher(encoded).matches()) {
      throw new IllegalArgumentException("not xtext");
    }
  }

  /** Reads a text that is xtext already; empty where it is not. */
  public static Optional<Xtext> parse(String text) {
    return SYNTAX.matcher(text).matches() ? Optional.of(new Xtext(text)) : Optional.empty();
  }

  /** Makes xtext of ASCII; empty for a text that has other characters, or none. */
  public static Optional<Xtext> encode(String ascii) {
    if (ascii.isEmpty() || ascii.chars().anyMatch(c -> c > 0x7f)) {
      return Optional.empty();
    }
    StringBuilder encoded = new StringBuilder();
    for (int i = 0; i < ascii.length(); i++) {
      char c = ascii.charAt(i);
      if (c < '!' || c > '~' || c == '+' || c == '=') {
        encoded.append('+').append(String.format("%02X", (int) c));
      } else {
        encoded.append(c);
      }
    }
    return Optional.of(new Xtext(encoded.toString()));
  }

  @Override
  public String toString() {
    return encoded;
  }
}
