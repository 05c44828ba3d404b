package org.jamessts.fuzz;

import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jamessts.sts2016.ReportUri;

/**
 * The value of {@code rua} in a record of draft-margolis-smtp-sts-00 §3.1: URIs that can take
 * reports, each with its size in octets behind an exclamation mark if it has one.
 */
final class PlainReportUris {

  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  private PlainReportUris() {}

  static String of(ReportUri uri) {
    return uri.uri() + (uri.maxOctets().isPresent() ? "!" + uri.maxOctets().getAsLong() : "");
  }

  /** Nothing when the value is none. */
  static Optional<List<String>> read(String value) {
    List<String> uris = new ArrayList<>();
    for (String element : value.split(",", -1)) {
      String text = element.strip();
      int mark = text.indexOf('!');
      String size = mark < 0 ? "" : text.substring(mark + 1);
      try {
        URI uri = new URI(mark < 0 ? text : text.substring(0, mark));
        Optional<String> octets = mark < 0 ? Optional.of("") : octets(size).map(some -> "!" + some);
        if (!uri.isAbsolute() || octets.isEmpty()) {
          return Optional.empty();
        }
        if (isMailto(uri) || PlainRecord.isHttps(uri)) {
          uris.add(uri + octets.get());
        }
      } catch (URISyntaxException e) {
        return Optional.empty();
      }
    }
    return Optional.of(uris);
  }

  /** A number of unsigned 64 bits, and a unit; no more than fits a long. */
  private static Optional<BigInteger> octets(String text) {
    int unit = text.isEmpty() ? -1 : "kmgt".indexOf(lastOf(text));
    String number = unit < 0 ? text : text.substring(0, text.length() - 1);
    try {
      // It would take a sign; the draft has none.
      long unsigned = Long.parseUnsignedLong(number);
      if (!number.chars().allMatch(Cursor::isDigit)) {
        return Optional.empty();
      }
      BigInteger octets = new BigInteger(Long.toUnsignedString(unsigned));
      return Optional.of(octets.multiply(BigInteger.valueOf(1024).pow(unit + 1)).min(LARGEST));
    } catch (NumberFormatException e) {
      return Optional.empty();
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
