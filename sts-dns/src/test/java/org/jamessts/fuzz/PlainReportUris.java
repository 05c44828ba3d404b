package org.jamessts.fuzz;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** The value of {@code rua} in a record of draft-margolis-smtp-sts-00 §3.1. */
final class PlainReportUris {

  private PlainReportUris() {}

  /** How many of its URIs can take reports; -1 when the value is none. */
  static int count(Optional<String> value) {
    if (value.isEmpty()) {
      return 0;
    }
    int count = 0;
    for (String element : value.get().split(",", -1)) {
      String text = element.strip();
      int mark = text.indexOf('!');
      try {
        URI uri = new URI(mark < 0 ? text : text.substring(0, mark));
        if (!uri.isAbsolute() || (mark >= 0 && !isSize(text.substring(mark + 1)))) {
          return -1;
        }
        count += isMailto(uri) || PlainRecord.isHttps(uri) ? 1 : 0;
      } catch (URISyntaxException e) {
        return -1;
      }
    }
    return count;
  }

  private static boolean isSize(String text) {
    boolean unit = !text.isEmpty() && "kmgt".contains(lastOf(text));
    String number = unit ? text.substring(0, text.length() - 1) : text;
    try {
      // It would take a sign; the draft has none.
      Long.parseUnsignedLong(number);
      return number.chars().allMatch(Cursor::isDigit);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String lastOf(String text) {
    return text.substring(text.length() - 1).toLowerCase(Locale.ROOT);
  }

  private static boolean isMailto(URI uri) {
    if (!"mailto".equalsIgnoreCase(uri.getScheme()) || !uri.isOpaque()) {
      return false;
    }
    String address = uri.getRawSchemeSpecificPart().split("\\?", 2)[0];
    int at = address.indexOf('@');
    return uri.getRawFragment() == null
        && at > 0
        && at == address.lastIndexOf('@')
        && at < address.length() - 1;
  }
}
