package org.jamessts.fuzz;

import java.util.Optional;
import java.util.function.IntPredicate;

/** A place in a text, which moves over what a grammar allows there. No regular expressions. */
final class Cursor {

  private final String text;
  private int at;

  Cursor(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /** Moves over a text if it stands here. */
  boolean skip(String expected) {
    boolean here = text.startsWith(expected, at);
    at += here ? expected.length() : 0;
    return here;
  }

  /** Moves over as many of some characters as stand here. */
  String take(IntPredicate allowed) {
    int begin = at;
    while (!atEnd() && allowed.test(text.charAt(at))) {
      at++;
    }
    return text.substring(begin, at);
  }

  void skipBlanks() {
    take(Cursor::isBlank);
  }

  /** The name of a field or extension: RFC 8461 §3.1 and §3.2 have the same. */
  Optional<String> name() {
    String name = take(c -> isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.');
    return Optional.of(name)
        .filter(some -> !some.isEmpty() && some.length() <= 32)
        .filter(some -> isLetter(some.charAt(0)) || isDigit(some.charAt(0)));
  }

  /** Not {@code stripTrailing}, which knows more blanks than the grammars do. */
  static String withoutBlankEnd(String text) {
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  static boolean isBlank(int c) {
    return c == ' ' || c == '\t';
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
