package org.jamessts.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Host names and patterns, read a second time and as simply as possible. */
final class HostNames {

  private HostNames() {}

  /** Lower case, no root dot, 1 to 253 octets, labels by RFC 1123 §2.1, the last no number. */
  static boolean isCanonical(String name) {
    List<String> labels = List.of(name.split("\\.", -1));
    String last = labels.get(labels.size() - 1);
    return name.length() <= 253
        && labels.stream().allMatch(HostNames::isLabel)
        && !last.chars().allMatch(Cursor::isDigit);
  }

  private static boolean isLabel(String label) {
    return !label.isEmpty()
        && label.length() <= 63
        && label.chars().allMatch(c -> (c >= 'a' && c <= 'z') || Cursor.isDigit(c) || c == '-')
        && !label.startsWith("-")
        && !label.endsWith("-");
  }

  /** A name in any case, without a root dot. */
  static Optional<String> host(String text) {
    // Only ASCII has a lower case here: the Kelvin sign must not become a k.
    boolean ascii = text.chars().allMatch(c -> c < 0x80);
    return ascii
        ? Optional.of(text.toLowerCase(Locale.ROOT)).filter(HostNames::isCanonical)
        : Optional.empty();
  }

  /** A name in any case, with or without a root dot. */
  static Optional<String> rooted(String text) {
    return host(text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
  }

  /** A host, or {@code *.} and a name; in lower case. */
  static Optional<String> pattern(String text) {
    return text.startsWith("*.") ? host(text.substring(2)).map(name -> "*." + name) : host(text);
  }
}
