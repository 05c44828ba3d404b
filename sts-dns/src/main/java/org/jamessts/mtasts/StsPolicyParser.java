package org.jamessts.mtasts;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.mtasts.StsPolicyParse.Invalid;
import org.jamessts.mtasts.StsPolicyParse.Parsed;

/**
 * Reads a policy body by the grammar of RFC 8461 §3.2 and nothing looser. Two points that the
 * grammar leaves open are settled here:
 *
 * <ul>
 *   <li>A known key with a bad value ({@code mode: Enforce}) also fits the production for unknown
 *       fields. It makes the whole policy invalid: to ignore it would drop a promise in silence.
 *   <li>Only the first of several {@code version}, {@code mode} or {@code max_age} fields counts,
 *       even where a later one has a bad value, since later ones "SHALL be ignored".
 * </ul>
 */
final class StsPolicyParser {

  private static final String VERSION = "STSv1";
  private static final long MAX_AGE_SECONDS = 31_557_600;
  private static final Pattern TEN_DIGITS = Pattern.compile("[0-9]{1,10}");

  /**
   * {@code name ":" *WSP value *WSP}: the value neither begins nor ends with white space and holds
   * no control character. A name begins at the line's first octet, so a BOM fits nowhere.
   */
  private static final Pattern FIELD =
      Pattern.compile(
          "([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \\t]*"
              + "([^\\x00-\\x20\\x7f](?:[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f])?)[ \\t]*");

  /** A field, the number of its line, from 1, and where its value begins in the text. */
  private record Field(int line, String name, String value, int at) {
    Malformed malformed(String reason) {
      return new Malformed("line " + line + ", " + name + ": " + reason);
    }
  }

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String reason) {
      super(reason);
    }
  }

  private StsPolicyParser() {}

  static StsPolicyParse parse(byte[] body) {
    try {
      if (body.length > StsPolicy.MAX_OCTETS) {
        throw new Malformed("it has " + body.length + " octets, over " + StsPolicy.MAX_OCTETS);
      }
      String text = decode(body);
      List<Field> fields = fields(text);
      requireVersion(first("version", fields));
      StsMode mode = mode(first("mode", fields));
      Duration maxAge = maxAge(first("max_age", fields));
      return new Parsed(new StsPolicy(mode, mx(text, fields, mode), maxAge, text));
    } catch (Malformed e) {
      return new Invalid(String.valueOf(e.getMessage()));
    }
  }

  private static String decode(byte[] body) throws Malformed {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Malformed("it is not UTF-8");
    }
  }

  private static List<Field> fields(String text) throws Malformed {
    String[] lines = text.split("\n", -1);
    int last = lines.length - 1;
    List<Field> fields = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < last; i++) {
      // A CR is part of a line end only before a LF; any other is a control character.
      String line = lines[i];
      String content = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      fields.add(field(i + 1, content, at));
      at += line.length() + 1;
    }
    if (!lines[last].isEmpty()) {
      fields.add(field(last + 1, lines[last], at));
    }
    return fields;
  }

  private static Field field(int number, String line, int at) throws Malformed {
    Matcher matcher = FIELD.matcher(line);
    if (!matcher.matches()) {
      throw new Malformed("line " + number + " is no field: " + Shown.quoted(line));
    }
    return new Field(number, matcher.group(1), matcher.group(2), at + matcher.start(2));
  }

  private static Field first(String name, List<Field> fields) throws Malformed {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new Malformed("it has no " + name));
  }

  private static void requireVersion(Field field) throws Malformed {
    if (!field.value().equals(VERSION)) {
      throw field.malformed(Shown.quoted(field.value()) + " is not " + VERSION);
    }
  }

  private static StsMode mode(Field field) throws Malformed {
    return Arrays.stream(StsMode.values())
        .filter(mode -> mode.keyword().equals(field.value()))
        .findFirst()
        .orElseThrow(
            () ->
                field.malformed(Shown.quoted(field.value()) + " is not enforce, testing or none"));
  }

  private static Duration maxAge(Field field) throws Malformed {
    // Ten digits overflow an int, so long it is.
    if (!TEN_DIGITS.matcher(field.value()).matches()
        || Long.parseLong(field.value()) > MAX_AGE_SECONDS) {
      throw field.malformed(
          Shown.quoted(field.value()) + " is not a number of seconds up to " + MAX_AGE_SECONDS);
    }
    return Duration.ofSeconds(Long.parseLong(field.value()));
  }

  /** All of them: how many there can be is bounded by the size of the body. */
  private static List<MxPattern> mx(String text, List<Field> fields, StsMode mode)
      throws Malformed {
    IntStream.Builder bounds = IntStream.builder();
    for (Field field : fields) {
      if (field.name().equals("mx")) {
        requirePattern(field);
        bounds.add(field.at()).add(field.at() + field.value().length());
      }
    }
    List<MxPattern> patterns = new PatternsInText(text, bounds.build().toArray());
    if (patterns.isEmpty() && mode != StsMode.NONE) {
      throw new Malformed("it has no mx, which mode " + mode.keyword() + " needs");
    }
    return patterns;
  }

  private static void requirePattern(Field field) throws Malformed {
    try {
      var unused = MxPattern.parse(field.value());
    } catch (InvalidDomainNameException e) {
      throw field.malformed(String.valueOf(e.getMessage()));
    }
  }
}
