package org.jamessts.dsn;

import org.jamessts.smtp.PrintableText;

/**
 * Lines of a mail: printable, but for addresses in ASCII, ended by CRLF, of 78 characters where
 * words allow it, and never of more than 998 (RFC 5322 §2.1.1).
 */
final class Lines {

  static final String END = "\r\n";
  private static final int WIDTH = 78;

  /** Where a word is broken that no line can hold; with an indent it stays below 998. */
  private static final int LONGEST_WORD = 900;

  private final StringBuilder text = new StringBuilder();

  /** Text of a stranger as words in one line, of a bounded length. */
  static String words(String text) {
    String line = PrintableText.of(text, 2000).strip();
    // Nearly no reply has them.
    return line.contains("  ") ? line.replaceAll(" {2,}", " ") : line;
  }

  /** A field of a header or of a status; unfolded, it has the value again. */
  Lines field(String name, String value) {
    return folded(name + ": " + PrintableText.of(value).strip(), WIDTH, " ");
  }

  /** A paragraph for people, each line of it indented. */
  Lines paragraph(String indent, String words) {
    text.append(indent);
    return folded(PrintableText.of(words).strip(), WIDTH - indent.length(), indent);
  }

  /** An address as it was given, for people: characters of every script stay. */
  Lines address(String indent, String address) {
    return line(
        indent
            + PrintableText.ofAddress(
                address.substring(0, Math.min(address.length(), TypedAddress.MAX_LENGTH))));
  }

  /** A line as it is: for what is ours alone. */
  Lines line(String content) {
    text.append(content).append(END);
    return this;
  }

  /** An empty line. */
  Lines gap() {
    return line("");
  }

  private Lines folded(String content, int firstWidth, String indent) {
    String rest = content;
    int at = breakOf(rest, firstWidth);
    while (at < rest.length()) {
      line(rest.substring(0, at));
      text.append(indent);
      rest = rest.substring(rest.charAt(at) == ' ' ? at + 1 : at);
      at = breakOf(rest, WIDTH - indent.length());
    }
    return line(rest);
  }

  /**
   * The last space within the width, else the first one behind it; the length where none is due.
   */
  private static int breakOf(String content, int width) {
    if (content.length() <= width) {
      return content.length();
    }
    for (int at = width; at > 0; at--) {
      if (isBreak(content, at)) {
        return at;
      }
    }
    int at = width + 1;
    while (at < Math.min(content.length(), LONGEST_WORD) && !isBreak(content, at)) {
      at++;
    }
    return at;
  }

  /** A line of spaces alone would be one too many. */
  private static boolean isBreak(String content, int at) {
    return content.charAt(at) == ' ' && content.charAt(at + 1) != ' ';
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
