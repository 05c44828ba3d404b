package org.jamessts.fuzz;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.sts2016.Constraint;
import org.jamessts.sts2016.PolicyAuthentication;
import org.jamessts.sts2016.SmtpStsRecord;

/**
 * A record of draft-margolis-smtp-sts-00 as the package {@code sts2016} reads it, found with a
 * cursor. URIs are taken apart by the JDK here too.
 *
 * @param to {@code true} or {@code false}
 * @param mx patterns as RFC 8461 spells them, in lower case
 * @param a {@code dnssec}, a URI, or nothing
 * @param c a word or nothing
 * @param e seconds, or -1
 * @param rua as {@link PlainReportUris}
 */
record PlainRecord(String to, List<String> mx, String a, String c, long e, List<String> rua) {

  static PlainRecord of(SmtpStsRecord record) {
    return new PlainRecord(
        Boolean.toString(record.tlsOnly()),
        record.mx().stream().map(PlainRecord::spelled).toList(),
        record.authentication().map(PolicyAuthentication::toString).orElse(""),
        record.constraint().map(Constraint::keyword).orElse(""),
        record.expiry().map(expiry -> expiry.toSeconds()).orElse(-1L),
        record.rua().stream().map(PlainReportUris::of).toList());
  }

  /** In a record, {@code *.} is what this project writes as a leading dot. */
  static String spelled(MxPattern pattern) {
    return pattern.kind() == MxPattern.Kind.SUBDOMAINS ? "*" + pattern : pattern.toString();
  }

  static Optional<PlainRecord> read(String text) {
    return text.length() > SmtpStsRecord.MAX_OCTETS
        ? Optional.empty()
        : tags(text).flatMap(PlainRecord::meaning);
  }

  private static Optional<Map<String, String>> tags(String text) {
    Cursor in = new Cursor(text);
    Map<String, String> tags = new HashMap<>();
    List<String> names = new ArrayList<>();
    boolean more = true;
    while (more) {
      in.skipBlanks();
      if (in.atEnd()) {
        break;
      }
      Optional<String> name = in.name().map(some -> some.toLowerCase(Locale.ROOT));
      in.skipBlanks();
      boolean equalsSign = in.skip("=");
      in.skipBlanks();
      String value =
          Cursor.withoutBlankEnd(in.take(c -> c != ';' && (Cursor.isBlank(c) || isVisible(c))));
      if (name.isEmpty() || !equalsSign || value.isEmpty()) {
        return Optional.empty();
      }
      names.add(name.get());
      tags.putIfAbsent(name.get(), value);
      more = in.skip(";");
    }
    boolean ordered = names.size() >= 2 && names.get(0).equals("v") && names.get(1).equals("to");
    // The version is the very beginning; other tags may have blanks before them.
    boolean begins = text.startsWith("v") || text.startsWith("V");
    return in.atEnd() && ordered && begins ? Optional.of(tags) : Optional.empty();
  }

  private static boolean isVisible(int c) {
    return c > ' ' && c <= '~';
  }

  private static Optional<PlainRecord> meaning(Map<String, String> tags) {
    String to = tags.getOrDefault("to", "").toLowerCase(Locale.ROOT);
    String c = tags.getOrDefault("c", "").toLowerCase(Locale.ROOT);
    String e = tags.getOrDefault("e", "");
    Optional<List<String>> mx = mx(Optional.ofNullable(tags.get("mx")));
    Optional<String> a = a(tags.getOrDefault("a", ""));
    Optional<List<String>> rua =
        tags.containsKey("rua") ? PlainReportUris.read(tags.get("rua")) : Optional.of(List.of());
    boolean complete = tags.keySet().containsAll(Set.of("mx", "a", "c", "e"));
    boolean valid =
        tags.getOrDefault("v", "").equals("STS1")
            && (to.equals("false") || (to.equals("true") && complete))
            && Set.of("", "webpki", "tlsa").contains(c)
            && e.length() <= 10
            && e.chars().allMatch(Cursor::isDigit)
            && rua.isPresent();
    return valid && mx.isPresent() && a.isPresent()
        ? Optional.of(
            new PlainRecord(
                to, mx.get(), a.get(), c, e.isEmpty() ? -1 : Long.parseLong(e), rua.get()))
        : Optional.empty();
  }

  private static Optional<List<String>> mx(Optional<String> value) {
    if (value.isEmpty()) {
      return Optional.of(List.of());
    }
    List<String> texts = List.of(value.get().split(",", -1));
    List<String> mx = texts.stream().flatMap(text -> HostNames.pattern(text).stream()).toList();
    return mx.size() == texts.size() ? Optional.of(mx) : Optional.empty();
  }

  private static Optional<String> a(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.isEmpty() || lower.equals("dnssec")) {
      return Optional.of(lower);
    }
    String uri = lower.startsWith("webpki:") ? value.substring(7) : value;
    try {
      return isHttps(new URI(uri)) ? Optional.of("webpki:" + uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme())
        && uri.getHost() != null
        && HostNames.rooted(uri.getHost()).isPresent()
        && uri.getUserInfo() == null
        && uri.getFragment() == null
        && (uri.getPort() == -1 || (uri.getPort() >= 1 && uri.getPort() <= 65_535));
  }
}
