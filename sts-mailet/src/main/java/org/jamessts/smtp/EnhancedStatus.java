package org.jamessts.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An enhanced status code such as {@code 5.1.1} (RFC 3463 §2).
 *
 * @param statusClass 2 success, 4 persistent transient failure, 5 permanent failure
 * @param subject 0 to 999
 * @param detail 0 to 999
 */
public record EnhancedStatus(int statusClass, int subject, int detail) {

  private static final Pattern SYNTAX =
      Pattern.compile("([245])\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})");

  public EnhancedStatus {
    if ((statusClass != 2 && statusClass != 4 && statusClass != 5)
        || subject < 0
        || subject > 999
        || detail < 0
        || detail > 999) {
      throw new IllegalArgumentException("not an enhanced status code");
    }
  }

  /**
   * Reads a code that stands alone.
   *
   * @return the code, or empty when the text is none
   */
  public static Optional<EnhancedStatus> parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new EnhancedStatus(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  /**
   * Reads the code that the text of a reply begins with (RFC 2034 §4).
   *
   * @param replyCode its class must be the same, else the text only looks like a code
   * @param text of the reply's first line
   */
  static Optional<EnhancedStatus> leading(int replyCode, String text) {
    int space = text.indexOf(' ');
    return parse(space < 0 ? text : text.substring(0, space))
        .filter(status -> status.statusClass() == replyCode / 100);
  }

  @Override
  public String toString() {
    return statusClass + "." + subject + "." + detail;
  }
}
