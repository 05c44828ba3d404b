package org.jamessts.dsn;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a mail failed or waits, or how it was taken.
 *
 * @param code basic code, and enhanced code where there is one, for example {@code 550 5.7.5}
 * @param explanation for a person to read; made one line of printable ASCII and cut when long
 * @param underPolicy whether the recipient's domain, or the operator, forbids to send in any weaker
 *     way
 * @param reply what the receiving server said; empty when the verdict is our own
 */
public record Diagnosis(
    String code, String explanation, boolean underPolicy, Optional<RemoteReply> reply) {

  private static final Pattern CODE =
      Pattern.compile("[245][0-9]{2}(?: [245]\\.[0-9]{1,3}\\.[0-9]{1,3})?");
  private static final Pattern LEADING_CODE =
      Pattern.compile("(?s)(" + CODE.pattern() + ")(?:[ -](.*))?");
  private static final String UNKNOWN = "550";
  private static final int BASIC = 3;

  public Diagnosis {
    if (!CODE.matcher(code).matches()) {
      throw new IllegalArgumentException("not a code: " + code);
    }
    explanation = Lines.words(explanation);
  }

  /**
   * Reads an error text of somebody else.
   *
   * @param text which may begin with a code; if not, it is 550
   */
  public static Diagnosis parse(String text) {
    Matcher matcher = LEADING_CODE.matcher(text);
    return matcher.matches()
        ? new Diagnosis(
            matcher.group(1),
            Optional.ofNullable(matcher.group(2)).orElse(""),
            false,
            Optional.empty())
        : new Diagnosis(UNKNOWN, text, false, Optional.empty());
  }

  /** The value of the field {@code Status} (RFC 3464 §2.3.4). */
  String status() {
    return code.length() > BASIC ? code.substring(BASIC + 1) : code.charAt(0) + ".0.0";
  }
}
