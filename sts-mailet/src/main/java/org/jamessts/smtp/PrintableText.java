package org.jamessts.smtp;

/** Text of a stranger, made safe for logs, terminals and bounces: printable ASCII only. */
public final class PrintableText {

  private PrintableText() {}

  /** The text with each tab as a space and each other unprintable or foreign character as `?`. */
  public static String of(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      printable.append(c == '\t' ? ' ' : c >= ' ' && c <= '~' ? c : '?');
    }
    return printable.toString();
  }

  /** The same, cut to a length. */
  public static String of(String text, int maxLength) {
    return of(text.length() <= maxLength ? text : text.substring(0, maxLength));
  }
}
