package org.jamessts.smtp;

/** Text of a stranger, made safe for logs, terminals and bounces: printable, in one line. */
public final class PrintableText {

  private static final int ZWNJ = 0x200c;
  private static final int ZWJ = 0x200d;

  private PrintableText() {}

  /** The text in ASCII: each tab a space, each other unprintable or foreign character a `?`. */
  public static String of(String text) {
    if (isPrintableAscii(text)) {
      return text;
    }
    StringBuilder printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      printable.append(c == '\t' ? ' ' : isPrintableAscii(c) ? c : '?');
    }
    return printable.toString();
  }

  /** The same, cut to a length. */
  public static String of(String text, int maxLength) {
    return of(text.length() <= maxLength ? text : text.substring(0, maxLength));
  }

  /**
   * An address as it was given: its domain may be in U-labels, so characters of every script stay.
   * What controls, hides or breaks text becomes {@code ?}.
   */
  public static String ofAddress(String address) {
    if (isPrintableAscii(address)) {
      return address;
    }
    StringBuilder printable = new StringBuilder(address.length());
    address
        .codePoints()
        .mapToObj(Character::toString)
        .forEach(c -> printable.append(isVisible(c.codePointAt(0)) ? c : of(c)));
    return printable.toString();
  }

  /** Nearly all is: replies and log lines of every mail. */
  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPrintableAscii(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPrintableAscii(char c) {
    return c >= ' ' && c <= '~';
  }

  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      // Of these, U-labels may have the joiners (RFC 5892 A.1, A.2).
      case Character.FORMAT -> character == ZWNJ || character == ZWJ;
      default -> true;
    };
  }
}
