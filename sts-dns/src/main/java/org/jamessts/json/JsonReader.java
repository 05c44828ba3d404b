package org.jamessts.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Walks through one JSON text. It stands on a value at any time, at first on the whole text; a
 * method that reads a value throws when the value is of another kind. An object is read so:
 *
 * <pre>
 * in.enterObject();
 * while (in.nextMember()) {
 *   switch (in.name()) {
 *     case "mode" -&gt; mode = in.string();
 *     default -&gt; throw in.unknown("mode");
 *   }
 * }
 * </pre>
 *
 * <p>Each member and item must be read or skipped before the next. Not for use by several threads.
 */
public final class JsonReader {

  /** How many objects and arrays may be open at once; no format here needs more than five. */
  private static final int MAX_DEPTH = 16;

  private static final int SHOWN_PROBLEM = 200;

  /** How Jackson's messages name a place, with the type of our input, which helps nobody. */
  private static final Pattern JACKSONS_SOURCE =
      Pattern.compile("\\[Source: [^;]*; line: (\\d+), column: (\\d+)\\]");

  /** More digits do not fit a long for certain. */
  private static final int MAX_DIGITS = 18;

  /** RFC 3339 §5.6, without its lower-case letters, leap seconds and more than nanoseconds. */
  private static final Pattern DATE_TIME =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d)");

  /**
   * Names are not kept for later texts: a stranger chooses them, and a list may hold a million. So
   * Jackson takes its parser of characters, which leaves the strict decoding to us.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * Makes a value of a text.
   *
   * @param <T> the value
   */
  @FunctionalInterface
  public interface Format<T> {
    /** Reads the value on which the reader stands, to its end. */
    T read(JsonReader in) throws MalformedJsonException;
  }

  private final JsonParser parser;
  private final int maxTokens;
  private int tokens;
  private int depth;
  private String name = "";

  private JsonReader(JsonParser parser, int maxTokens) {
    this.parser = parser;
    this.maxTokens = maxTokens;
  }

  /**
   * Reads a whole text.
   *
   * @param octets the text in UTF-8; the caller bounds its length
   * @param format makes a value of it
   * @throws MalformedJsonException when it is no JSON, or the format refuses it, or anything but
   *     white space follows
   */
  public static <T> T read(byte[] octets, Format<T> format) throws MalformedJsonException {
    return read(octets, Integer.MAX_VALUE, format);
  }

  /**
   * The same for a text of which the length says too little about the memory that it takes.
   *
   * @param maxTokens how many names, values, beginnings and ends it may have
   */
  public static <T> T read(byte[] octets, int maxTokens, Format<T> format)
      throws MalformedJsonException {
    Reader characters =
        new InputStreamReader(
            new ByteArrayInputStream(octets), StandardCharsets.UTF_8.newDecoder());
    try (JsonParser parser = JSON.createParser(characters)) {
      JsonReader reader = new JsonReader(parser, maxTokens);
      if (reader.advance() == null) {
        throw reader.malformed("it is empty");
      }
      T value = format.read(reader);
      if (reader.advance() != null) {
        throw reader.malformed("something follows the end of the JSON text" + reader.location());
      }
      return value;
    } catch (IOException e) {
      throw new IllegalStateException("octets in memory can always be read", e);
    }
  }

  /** Begins to read an object. */
  public void enterObject() throws MalformedJsonException {
    expect(JsonToken.START_OBJECT, "an object");
  }

  /** Moves to the value of the next member of the object, or ends the object and returns false. */
  public boolean nextMember() throws MalformedJsonException {
    if (advance() == JsonToken.END_OBJECT) {
      return false;
    }
    name = text();
    advance();
    return true;
  }

  /** The name of the member to which it moved last. */
  public String name() {
    return name;
  }

  /** Begins to read an array. */
  public void enterArray() throws MalformedJsonException {
    expect(JsonToken.START_ARRAY, "an array");
  }

  /** Moves to the next item of the array, or ends the array and returns false. */
  public boolean nextItem() throws MalformedJsonException {
    return advance() != JsonToken.END_ARRAY;
  }

  /** A string; it has no half of a surrogate pair, which no encoding could carry on. */
  public String string() throws MalformedJsonException {
    expect(JsonToken.VALUE_STRING, "a string");
    String text = text();
    if (text.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff)) {
      throw malformed(MalformedJsonException.quoted(text) + " has half of a surrogate pair");
    }
    return text;
  }

  /** One of some words. */
  public <T> T word(T[] values, Function<T, String> keyword) throws MalformedJsonException {
    String text = string();
    for (T value : values) {
      if (keyword.apply(value).equals(text)) {
        return value;
      }
    }
    throw notAllowed(text, Arrays.stream(values).map(keyword).collect(Collectors.joining(" or ")));
  }

  /** {@code true} or {@code false}. */
  public boolean flag() throws MalformedJsonException {
    if (parser.currentToken() != JsonToken.VALUE_TRUE
        && parser.currentToken() != JsonToken.VALUE_FALSE) {
      throw notAllowed(found(), "true or false");
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  /** Whether it stands on a string. */
  public boolean isString() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  /** Whether it stands at the beginning of an object. */
  public boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /** Whether it stands at the beginning of an array. */
  public boolean isArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  /** Whether it stands on a number. */
  public boolean isNumber() {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
  }

  /** A whole number from 0 to a bound, written without fraction and exponent. */
  public long integer(long max) throws MalformedJsonException {
    // As text first, since arithmetic on a number of a million digits takes its time.
    String text = isNumber() ? text() : "";
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && !text.startsWith("-")
        && text.length() <= MAX_DIGITS
        && Long.parseLong(text) <= max) {
      return Long.parseLong(text);
    }
    throw notAllowed(found(), "a whole number from 0 to " + max);
  }

  /** A string with date, time and offset (RFC 3339 §5.6). */
  public Instant instant() throws MalformedJsonException {
    String text = string();
    if (DATE_TIME.matcher(text).matches()) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        // A 30 February: said below, together with what has another form.
      }
    }
    throw notAllowed(text, "a moment by RFC 3339, for example 2026-12-01T00:00:00Z");
  }

  /** Passes over the value, whatever it is. */
  public void skip() throws MalformedJsonException {
    int outside = depth - (parser.currentToken().isStructStart() ? 1 : 0);
    while (depth > outside) {
      advance();
    }
  }

  /** The exception for a member that the format does not have; the caller throws it. */
  public MalformedJsonException unknown(String allowed) {
    return malformed(
        MalformedJsonException.quoted(name()) + " is not a known key; allowed are " + allowed);
  }

  /** The exception for a value; the caller throws it. */
  public MalformedJsonException notAllowed(String value, String allowed) {
    return malformed(
        MalformedJsonException.quoted(value) + " is not allowed; allowed is " + allowed);
  }

  /** The exception for what is at this place; the caller throws it. */
  public MalformedJsonException malformed(String reason) {
    return new MalformedJsonException(
        parser.getParsingContext().pathAsPointer().toString(), reason);
  }

  private void expect(JsonToken token, String allowed) throws MalformedJsonException {
    if (parser.currentToken() != token) {
      throw notAllowed(found(), allowed);
    }
  }

  /** What it stands on; no more of it than a message shows. */
  private String found() throws MalformedJsonException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "{";
      case START_ARRAY -> "[";
      default -> text();
    };
  }

  private String text() throws MalformedJsonException {
    try {
      return parser.getText();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private @Nullable JsonToken advance() throws MalformedJsonException {
    JsonToken token;
    try {
      token = parser.nextToken();
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (++tokens > maxTokens) {
      throw malformed("it has more than " + maxTokens + " names and values");
    }
    if (token != null && token.isStructStart() && ++depth > MAX_DEPTH) {
      throw malformed("objects and arrays are more than " + MAX_DEPTH + " deep");
    }
    if (token != null && token.isStructEnd()) {
      depth--;
    }
    return token;
  }

  private MalformedJsonException unreadable(IOException e) {
    if (e instanceof CharacterCodingException) {
      return malformed("it is not UTF-8");
    }
    String problem =
        e instanceof JsonProcessingException json
            ? JACKSONS_SOURCE.matcher(json.getOriginalMessage()).replaceAll("line $1, column $2")
            : String.valueOf(e.getMessage());
    return malformed(
        "it is not JSON: " + MalformedJsonException.printable(problem, SHOWN_PROBLEM) + location());
  }

  private String location() {
    JsonLocation location = parser.getCurrentLocation();
    return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }
}
