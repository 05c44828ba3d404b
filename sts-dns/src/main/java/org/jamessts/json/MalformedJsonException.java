package org.jamessts.json;

/**
 * A text that is not the JSON that was asked for. The message is one line for a person to read,
 * bounded and printable: the place as a JSON pointer (RFC 6901), what is wrong, what is allowed.
 */
public final class MalformedJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int SHOWN_POINTER = 300;
  private static final int SHOWN_VALUE = 80;

  MalformedJsonException(String pointer, String reason) {
    // The pointer to the whole text is empty.
    super(pointer.isEmpty() ? reason : printable(pointer, SHOWN_POINTER) + ": " + reason);
  }

  /** The message, which is never missing. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /** A stranger's text in quotes, other characters than printable ASCII as {@code ?}, short. */
  public static String quoted(String text) {
    return "\"" + printable(text, SHOWN_VALUE) + "\"";
  }

  static String printable(String text, int length) {
    boolean cut = text.length() > length;
    String head = cut ? text.substring(0, length) : text;
    return head.replaceAll("[^\\x20-\\x7e]", "?") + (cut ? "..." : "");
  }
}
