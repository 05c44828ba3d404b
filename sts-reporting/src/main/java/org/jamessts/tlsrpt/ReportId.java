package org.jamessts.tlsrpt;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Tells one report from all others (RFC 8460 §4.4, {@code report-id}): 32 hexadecimal digits, which
 * fit into a file name (§5.1) and into a Subject. It stays the same however often the report is
 * tried, so that who receives it twice can tell (§5.3).
 *
 * @param value the digits, in lower case
 */
public record ReportId(String value) {

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");

  /**
   * The only door.
   *
   * @throws IllegalArgumentException for anything but 32 lower-case hexadecimal digits
   */
  public ReportId {
    if (!DIGITS.matcher(value).matches()) {
      throw new IllegalArgumentException("not a report-id of ours: " + value);
    }
  }

  /** One that nobody has had before. */
  public static ReportId fresh() {
    return new ReportId(UUID.randomUUID().toString().replace("-", ""));
  }

  @Override
  public String toString() {
    return value;
  }
}
