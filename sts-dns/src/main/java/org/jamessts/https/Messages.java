package org.jamessts.https;

/** What an exception says, fit to be shown: never empty, short, and without control characters. */
final class Messages {

  private static final int LENGTH = 200;

  private Messages() {}

  /** The message, or the kind of the exception where it has none. */
  static String of(Exception failure) {
    String message = failure.getMessage();
    return shown(
        message == null || message.isBlank() ? failure.getClass().getSimpleName() : message);
  }

  /** A text, part of which a stranger may have written. */
  static String shown(String text) {
    String cut = text.length() <= LENGTH ? text : text.substring(0, LENGTH) + "...";
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
