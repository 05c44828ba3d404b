package org.jamessts.fuzz;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jamessts.tlsrpt.discover.ReportEndpoint;
import org.jamessts.tlsrpt.discover.TlsRptRecord;
import org.jamessts.tlsrpt.discover.TlsRptRecordChoice;

/** The TXT records at {@code _smtp._tls} (RFC 8460 §3). */
public final class TlsRptRecordTarget {

  private static final String PREFIX = "v=TLSRPTv1;";
  private static final String LOCAL_PART = "!#$%&'*+/=?^_`{|}~-.";

  private TlsRptRecordTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    List<String> texts = Texts.records(input);
    TlsRptRecordChoice choice = TlsRptRecord.select(texts);
    Claims.isReason(choice.reason());
    List<String> candidates = texts.stream().filter(text -> text.startsWith(PREFIX)).toList();
    if (candidates.size() != 1) {
      Claims.that(
          choice instanceof TlsRptRecordChoice.None, () -> "one of several or of none: " + choice);
      return false;
    }
    List<String> places = rua(candidates.get(0)).map(TlsRptRecordTarget::places).orElse(List.of());
    if (choice instanceof TlsRptRecordChoice.Present present) {
      List<ReportEndpoint> rua = present.record().rua();
      rua.forEach(TlsRptRecordTarget::isPlace);
      Claims.equal(
          rua.stream().map(Object::toString).toList(),
          places.subList(0, Math.min(places.size(), TlsRptRecord.MAX_ENDPOINTS)),
          "the places");
      return true;
    }
    Claims.that(choice instanceof TlsRptRecordChoice.Invalid, () -> "overlooked: " + choice);
    Claims.that(places.isEmpty(), () -> "a record by the grammar is refused: " + choice);
    return false;
  }

  /** Nothing that could end a command or a header line, and a host that is one. */
  private static void isPlace(ReportEndpoint endpoint) {
    String text = endpoint.toString();
    Claims.that(text.chars().allMatch(c -> c > ' ' && c <= '~'), () -> "unprintable: " + text);
    if (endpoint instanceof ReportEndpoint.Mailbox mailbox) {
      Claims.isCanonical(mailbox.domain());
    } else if (endpoint instanceof ReportEndpoint.Resource resource) {
      Claims.isCanonical(resource.host());
      Claims.that(resource.target().startsWith("/"), () -> "no target: " + text);
      Claims.that(resource.port() > 0 && resource.port() <= 65_535, () -> "no port: " + text);
    }
  }

  /** The first {@code rua} of a record by the grammar. */
  private static Optional<String> rua(String text) {
    Cursor in = new Cursor(text);
    Optional<String> rua = Optional.empty();
    in.skip("v=TLSRPTv1");
    do {
      in.skipBlanks();
      if (!in.skip(";")) {
        return Optional.empty();
      }
      in.skipBlanks();
      if (in.atEnd()) {
        break;
      }
      if (in.skip("rua=")) {
        String value = in.take(c -> c != ';');
        String trimmed = in.atEnd() ? value : Cursor.withoutBlankEnd(value);
        rua = rua.isPresent() ? rua : Optional.of(trimmed);
      } else {
        Optional<String> name = in.name();
        boolean equalsSign = in.skip("=");
        String value = in.take(c -> c > ' ' && c <= '~' && c != ';' && c != '=');
        if (name.isEmpty() || !equalsSign || value.isEmpty()) {
          return Optional.empty();
        }
      }
    } while (!in.atEnd());
    return rua;
  }

  /** Where reports can be sent; nowhere when an element is no URI. */
  private static List<String> places(String rua) {
    List<String> places = new ArrayList<>();
    String rest = rua;
    while (true) {
      int comma = rest.indexOf(',');
      String element = comma < 0 ? rest : Cursor.withoutBlankEnd(rest.substring(0, comma));
      if (element.indexOf('!') >= 0 || element.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        return List.of();
      }
      try {
        URI uri = new URI(element);
        if (!uri.isAbsolute()) {
          return List.of();
        }
        place(uri).filter(one -> !places.contains(one)).ifPresent(places::add);
      } catch (URISyntaxException e) {
        return List.of();
      }
      if (comma < 0) {
        return places;
      }
      Cursor next = new Cursor(rest.substring(comma + 1));
      next.skipBlanks();
      rest = next.take(c -> true);
    }
  }

  private static Optional<String> place(URI uri) {
    if (uri.toString().length() > 2000) {
      return Optional.empty();
    }
    if ("mailto".equalsIgnoreCase(uri.getScheme())) {
      return uri.getRawFragment() == null && uri.isOpaque()
          ? mailbox(uri.getRawSchemeSpecificPart())
          : Optional.empty();
    }
    if (!PlainRecord.isHttps(uri)) {
      return Optional.empty();
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String port = uri.getPort() < 0 || uri.getPort() == 443 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return Optional.of(
        "https://"
            + (host.endsWith(".") ? host.substring(0, host.length() - 1) : host)
            + port
            + path
            + query);
  }

  private static Optional<String> mailbox(String rest) {
    int mark = rest.indexOf('?');
    String address = mark < 0 ? rest : rest.substring(0, mark);
    // One at sign as it stands; what is encoded is part of a name.
    if (address.isEmpty() || address.indexOf('@') != address.lastIndexOf('@')) {
      return Optional.empty();
    }
    // It takes a plus sign for a blank, which addresses do not.
    String decoded = URLDecoder.decode(address.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
    int at = decoded.lastIndexOf('@');
    if (at < 1 || at > 64 || address.indexOf('@') < 1) {
      return Optional.empty();
    }
    String local = decoded.substring(0, at);
    String domain = decoded.substring(at + 1).toLowerCase(Locale.ROOT);
    String name = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    boolean dotString =
        local
                .chars()
                .allMatch(
                    c -> Cursor.isLetter(c) || Cursor.isDigit(c) || LOCAL_PART.indexOf(c) >= 0)
            && !local.startsWith(".")
            && !local.endsWith(".")
            && !local.contains("..");
    return dotString && HostNames.isCanonical(name)
        ? Optional.of("mailto:" + local + "@" + name)
        : Optional.empty();
  }
}
