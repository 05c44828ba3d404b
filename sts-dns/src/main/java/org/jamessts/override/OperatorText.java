package org.jamessts.override;

import java.util.Optional;

/** What operators write for whoever reads it later: it stands in logs and in the store. */
public final class OperatorText {

  private static final int MAX_COMMENT = 500;
  private static final int MAX_WHO = 100;

  private OperatorText() {}

  /** What is wrong with a comment: it has at most 500 characters, all of them printable. */
  public static Optional<String> flawOf(String comment) {
    int length = comment.codePointCount(0, comment.length());
    if (length > MAX_COMMENT) {
      return Optional.of("the comment has " + length + " characters; allowed are " + MAX_COMMENT);
    }
    return comment.codePoints().allMatch(OperatorText::isPrintable)
        ? Optional.empty()
        : Optional.of("the comment has a character that is not printable");
  }

  /** Also not what changes the direction of text, or ends a line: comments stand in logs. */
  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** The name of who asks for something: one line, and short. */
  public static String printable(String who) {
    String head = who.length() > MAX_WHO ? who.substring(0, MAX_WHO) : who;
    return head.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?");
  }
}
