package org.jamessts.sts2016;

import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.mtasts.Shown;

/**
 * Where aggregate reports may be sent: one URI of the tag {@code rua} (-00 §3.1).
 *
 * @param uri {@code mailto} with an address, or {@code https} with a host; without a fragment
 * @param maxOctets the largest report that is taken, in octets, when the record says so. The draft
 *     counts in unsigned 64 bits and then in units of up to 2^40; what does not fit a {@code long}
 *     is {@link Long#MAX_VALUE}, since no report comes near either
 */
public record ReportUri(URI uri, OptionalLong maxOctets) {

  private static final int UINT64_BITS = 64;

  /** The units in the order of their powers, each 2^10 times the one before. */
  private static final String UNITS = "kmgt";

  private static final Pattern SIZE =
      Pattern.compile("([0-9]+)([kmgt]?)", Pattern.CASE_INSENSITIVE);

  private static final Pattern ADDRESS = Pattern.compile("[^?@]+@[^?@]+(?:\\?.*)?");

  /** Refuses a URI that no report can be sent to, and a size below 0. */
  public ReportUri {
    if (!takesReports(uri)) {
      throw new IllegalArgumentException("no mailto or https URI: " + Shown.quoted("" + uri));
    }
    if (maxOctets.isPresent() && maxOctets.getAsLong() < 0) {
      throw new IllegalArgumentException("a size below 0: " + maxOctets.getAsLong());
    }
  }

  /**
   * Reads the value of {@code rua}. URIs to which this project cannot send are kept out.
   *
   * @throws Malformed when some element is no URI, or its size none
   */
  static List<ReportUri> parseList(String value) throws Malformed {
    List<ReportUri> uris = new ArrayList<>();
    for (String element : value.split(",", -1)) {
      // An exclamation mark of the URI itself must be encoded: the first one begins the size.
      String[] parts = element.strip().split("!", 2);
      URI uri = uri(parts[0]);
      OptionalLong size =
          parts.length == 1 ? OptionalLong.empty() : OptionalLong.of(octets(parts[1]));
      if (takesReports(uri)) {
        uris.add(new ReportUri(uri, size));
      }
    }
    return uris;
  }

  private static URI uri(String text) throws Malformed {
    try {
      URI uri = new URI(text);
      if (uri.isAbsolute()) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new Malformed(Shown.quoted(text) + " is not a URI");
    }
    throw new Malformed(Shown.quoted(text) + " is not a URI with a scheme");
  }

  private static long octets(String text) throws Malformed {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new Malformed(Shown.quoted(text) + " is not a size such as 10m");
    }
    BigInteger number = new BigInteger(size.group(1));
    if (number.bitLength() > UINT64_BITS) {
      throw new Malformed(Shown.quoted(text) + " does not fit 64 bits");
    }
    String unit = size.group(2).toLowerCase(Locale.ROOT);
    int power = unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1);
    return number.shiftLeft(power).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
  }

  /**
   * Whether reports can be sent there: by mail to an address, or over HTTPS to a host with a name.
   */
  public static boolean takesReports(URI uri) {
    if ("mailto".equalsIgnoreCase(uri.getScheme())) {
      return uri.isOpaque()
          && uri.getRawFragment() == null
          && ADDRESS.matcher(uri.getRawSchemeSpecificPart()).matches();
    }
    try {
      HttpsUri.hostOf(uri);
      return true;
    } catch (Malformed e) {
      return false;
    }
  }
}
