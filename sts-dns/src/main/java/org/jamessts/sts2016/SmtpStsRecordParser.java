package org.jamessts.sts2016;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.MxPattern.Kind;
import org.jamessts.mtasts.Shown;
import org.jamessts.sts2016.PolicyAuthentication.Dnssec;
import org.jamessts.sts2016.PolicyAuthentication.Webpki;

/**
 * Reads the values of a record by -00 §3 and §3.1. What holds where the draft contradicts itself or
 * is silent stands in the description of this package.
 */
final class SmtpStsRecordParser {

  private static final String WEBPKI_PREFIX = "webpki:";
  private static final Pattern TEN_DIGITS = Pattern.compile("[0-9]{1,10}");

  /** Reads the value of one tag; the reason of a failure speaks of the value alone. */
  private interface Reader<T> {
    T read(String value) throws Malformed;
  }

  private SmtpStsRecordParser() {}

  static SmtpStsRecord read(String text) throws Malformed {
    Tags tags = Tags.of(text);
    boolean tlsOnly = value(tags, "to", SmtpStsRecordParser::tlsOnly).orElseThrow();
    List<String> missing =
        Stream.of("mx", "a", "c", "e").filter(name -> tags.value(name).isEmpty()).toList();
    if (tlsOnly && !missing.isEmpty()) {
      throw new Malformed("the record has to=true and no " + String.join(", ", missing));
    }
    return new SmtpStsRecord(
        tlsOnly,
        value(tags, "mx", SmtpStsRecordParser::mx).orElse(List.of()),
        value(tags, "a", SmtpStsRecordParser::authentication),
        value(tags, "c", SmtpStsRecordParser::constraint),
        value(tags, "e", SmtpStsRecordParser::expiry),
        value(tags, "rua", ReportUri::parseList).orElse(List.of()),
        text);
  }

  private static <T> Optional<T> value(Tags tags, String name, Reader<T> reader) throws Malformed {
    Optional<String> value = tags.value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.read(value.get()));
    } catch (Malformed e) {
      throw new Malformed("the record's " + name + ": " + e.reason());
    }
  }

  private static boolean tlsOnly(String value) throws Malformed {
    // "true" and "false" alone: parseBoolean would take any other word for false.
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Malformed(Shown.quoted(value) + " is not true or false");
    };
  }

  /** The grammar has no white space around these commas. */
  private static List<MxPattern> mx(String value) throws Malformed {
    List<MxPattern> patterns = new ArrayList<>();
    for (String text : value.split(",", -1)) {
      try {
        // Spelled as in RFC 8461, but "*." is any subdomain here, and not one label.
        MxPattern pattern = MxPattern.parse(text);
        patterns.add(
            pattern.kind() == Kind.ONE_LABEL ? MxPattern.subdomainsOf(pattern.name()) : pattern);
      } catch (InvalidDomainNameException e) {
        throw new Malformed(String.valueOf(e.getMessage()));
      }
    }
    return patterns;
  }

  private static PolicyAuthentication authentication(String value) throws Malformed {
    if (value.equalsIgnoreCase("dnssec")) {
      return new Dnssec();
    }
    int skip = WEBPKI_PREFIX.length();
    boolean prefixed = value.regionMatches(true, 0, WEBPKI_PREFIX, 0, skip);
    try {
      URI uri = new URI(prefixed ? value.substring(skip) : value);
      HttpsUri.hostOf(uri);
      return new Webpki(uri);
    } catch (URISyntaxException e) {
      throw new Malformed(Shown.quoted(value) + " is not dnssec or webpki: and a URI");
    } catch (Malformed e) {
      throw new Malformed(
          Shown.quoted(value) + " is not dnssec or webpki: and an https URI: " + e.reason());
    }
  }

  private static Constraint constraint(String value) throws Malformed {
    return Arrays.stream(Constraint.values())
        .filter(constraint -> constraint.keyword().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(() -> new Malformed(Shown.quoted(value) + " is not webpki or tlsa"));
  }

  private static Duration expiry(String value) throws Malformed {
    if (!TEN_DIGITS.matcher(value).matches()) {
      throw new Malformed(Shown.quoted(value) + " is not a number of seconds of up to 10 digits");
    }
    return Duration.ofSeconds(Long.parseLong(value));
  }
}
