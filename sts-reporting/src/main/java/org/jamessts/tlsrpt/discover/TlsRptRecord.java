package org.jamessts.tlsrpt.discover;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamessts.mtasts.Shown;
import org.jamessts.tlsrpt.discover.TlsRptRecordChoice.Invalid;
import org.jamessts.tlsrpt.discover.TlsRptRecordChoice.None;
import org.jamessts.tlsrpt.discover.TlsRptRecordChoice.Present;

/**
 * The TXT record by which a domain asks for reports (RFC 8460 §3). Unlike DMARC, it needs nobody's
 * leave to name places elsewhere (§7), and a place has no largest size.
 *
 * @param rua where reports are wanted, at least one place, at most {@value #MAX_ENDPOINTS}; those
 *     of other schemes than {@code mailto} and {@code https} are left out
 */
public record TlsRptRecord(List<ReportEndpoint> rua) {

  /** The labels below which a domain publishes it. */
  public static final String LABEL = "_smtp._tls";

  /** How many places are used: the first ones. Strangers choose how many there are. */
  public static final int MAX_ENDPOINTS = 10;

  private static final String PREFIX = "v=TLSRPTv1;";
  private static final String RUA = "rua=";
  private static final Pattern EXTENSION =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\\x21-\\x3a\\x3c\\x3e-\\x7e]+");
  private static final Pattern NOT_IN_A_URI = Pattern.compile("[^\\x21-\\x7e]|!");

  /** Refuses a record without a place. */
  public TlsRptRecord {
    rua = List.copyOf(rua);
    if (rua.isEmpty() || rua.size() > MAX_ENDPOINTS) {
      throw new IllegalArgumentException(rua.size() + " places");
    }
  }

  /**
   * Finds the one TLSRPT record among the TXT records of a name.
   *
   * @param texts each record as one text, its strings joined without a separator
   * @return the record, or why no reports are to be sent
   */
  public static TlsRptRecordChoice select(List<String> texts) {
    // The prefix ends with the semicolon: "v=TLSRPTv10; ..." is another record.
    List<String> candidates = texts.stream().filter(text -> text.startsWith(PREFIX)).toList();
    if (candidates.size() != 1) {
      return new None(
          candidates.isEmpty()
              ? "no TXT record begins with " + PREFIX
              : candidates.size() + " TXT records begin with " + PREFIX);
    }
    return parse(candidates.get(0));
  }

  private static TlsRptRecordChoice parse(String text) {
    String[] fields = text.substring(PREFIX.length()).split(";", -1);
    int last = fields.length - 1;
    Optional<String> rua = Optional.empty();
    for (int i = 0; i <= last; i++) {
      if (i == last && i > 0 && trim(fields[i]).isEmpty()) {
        break; // what follows the one delimiter that may end a record
      }
      // White space belongs to a delimiter: at the end of the record there is none to belong to.
      String field = i == last ? trimStart(fields[i]) : trim(fields[i]);
      if (field.startsWith(RUA)) {
        rua = rua.or(() -> Optional.of(field.substring(RUA.length())));
      } else if (!EXTENSION.matcher(field).matches()) {
        return new Invalid("the TXT record has no field in " + Shown.quoted(fields[i]));
      }
    }
    return rua.isEmpty() ? new Invalid("the TXT record has no rua") : endpoints(rua.get());
  }

  private static TlsRptRecordChoice endpoints(String rua) {
    List<ReportEndpoint> endpoints = new ArrayList<>();
    String[] uris = rua.split(",", -1);
    for (int i = 0; i < uris.length; i++) {
      // White space may stand around the commas.
      String text = i == 0 ? uris[i] : trimStart(uris[i]);
      text = i == uris.length - 1 ? text : trimEnd(text);
      if (NOT_IN_A_URI.matcher(text).find()) {
        return new Invalid(
            "the TXT record's rua has "
                + Shown.quoted(text)
                + ", in which something must be encoded");
      }
      try {
        URI uri = new URI(text);
        if (!uri.isAbsolute()) {
          return new Invalid("the TXT record's rua has no scheme in " + Shown.quoted(text));
        }
        ReportEndpoint.of(uri).filter(one -> !endpoints.contains(one)).ifPresent(endpoints::add);
      } catch (URISyntaxException e) {
        return new Invalid("the TXT record's rua has no URI in " + Shown.quoted(text));
      }
    }
    return endpoints.isEmpty()
        ? new Invalid("the TXT record's rua has no place to which reports can be sent")
        : new Present(
            new TlsRptRecord(endpoints.subList(0, Math.min(endpoints.size(), MAX_ENDPOINTS))));
  }

  private static String trim(String text) {
    return trimEnd(trimStart(text));
  }

  /** WSP of RFC 5234 is less than what {@code strip} takes. */
  private static String trimStart(String text) {
    int start = 0;
    while (start < text.length() && isBlank(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  private static String trimEnd(String text) {
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static boolean isBlank(char character) {
    return character == ' ' || character == '\t';
  }
}
