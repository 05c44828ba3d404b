package org.jamessts.fuzz;

import java.time.YearMonth;

/** Date, time and offset (RFC 3339 §5.6), counted by hand. */
final class Moments {

  private Moments() {}

  static boolean isMoment(String text) {
    if (!shape(text).startsWith("0000-00-00T00:00:00")) {
      return false;
    }
    int month = number(text, 5);
    boolean date =
        month >= 1
            && month <= 12
            && number(text, 8) >= 1
            && number(text, 8) <= YearMonth.of(year(text), month).lengthOfMonth();
    boolean time = number(text, 11) < 24 && number(text, 14) < 60 && number(text, 17) < 60;
    return date && time && isOffset(afterFraction(text.substring(19)));
  }

  private static int year(String text) {
    return Integer.parseInt(text.substring(0, 4));
  }

  /** The offset behind 1 to 9 digits of a fraction; another fraction is no offset. */
  private static String afterFraction(String text) {
    if (!text.startsWith(".")) {
      return text;
    }
    Cursor in = new Cursor(text.substring(1));
    int digits = in.take(Cursor::isDigit).length();
    return digits >= 1 && digits <= 9 ? in.take(c -> true) : text;
  }

  /** {@code Z}, or hours and minutes; the JDK knows no more than 18 hours. */
  private static boolean isOffset(String text) {
    boolean numbers = shape(text).equals("+00:00") || shape(text).equals("-00:00");
    return text.equals("Z")
        || (numbers && number(text, 4) < 60 && number(text, 1) * 60 + number(text, 4) <= 18 * 60);
  }

  private static int number(String text, int at) {
    return Integer.parseInt(text.substring(at, at + 2));
  }

  /** A text with all of its ASCII digits as 0. */
  private static String shape(String text) {
    return text.replaceAll("[0-9]", "0");
  }
}
