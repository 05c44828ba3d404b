package org.jamessts.settings;

import com.google.common.base.Splitter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.james.util.DurationParser;

/**
 * Reads typed values from the text of one file. Each method throws {@link InvalidSettingException}
 * for a value out of its range, and remembers its key, so that {@link #refuseUnknown} can name the
 * misspelt ones. Not for use by several threads.
 */
public final class SettingsReader {

  private final String file;
  private final Map<String, String> values;
  private final Set<String> known = new HashSet<>();

  /**
   * @param file the name to show in messages
   * @param values key to text
   */
  public SettingsReader(String file, Map<String, String> values) {
    this.file = file;
    this.values = Map.copyOf(values);
  }

  /** A text, trimmed; none when the key is missing or blank. */
  public Optional<String> text(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key)).map(String::trim).filter(text -> !text.isEmpty());
  }

  /** The parts of a comma-separated list, trimmed; empty when the key is missing. */
  public List<String> list(String key) {
    return text(key)
        .map(text -> Splitter.on(',').trimResults().omitEmptyStrings().splitToList(text))
        .orElse(List.of());
  }

  /** A whole number between two bounds, both allowed. */
  public int integer(String key, int absent, int min, int max) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, together with what is out of range.
    }
    throw invalid(key, "a whole number from " + min + " to " + max);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key, boolean absent) {
    return text(key)
        .map(
            text ->
                switch (text.toLowerCase(Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw invalid(key, "true or false");
                })
        .orElse(absent);
  }

  /**
   * One of the words of an enumeration, written in lower case with hyphens.
   *
   * @param absent what holds without the key; tells which enumeration
   */
  public <E extends Enum<E>> E choice(String key, E absent) {
    Class<E> type = absent.getDeclaringClass();
    return text(key)
        .map(text -> find(text, type).orElseThrow(() -> invalid(key, words(type, " or "))))
        .orElse(absent);
  }

  /**
   * Words of an enumeration in an order that means something, separated by commas.
   *
   * @param absent what holds without the key, at least one; tells which enumeration
   * @return at least one, and none twice
   */
  public <E extends Enum<E>> List<E> choices(String key, List<E> absent) {
    Class<E> type = absent.get(0).getDeclaringClass();
    if (text(key).isEmpty()) {
      return absent;
    }
    List<Optional<E>> found = list(key).stream().map(text -> find(text, type)).toList();
    if (found.isEmpty()
        || found.contains(Optional.<E>empty())
        || new HashSet<>(found).size() < found.size()) {
      throw invalid(key, "a comma-separated list of " + words(type, ", ") + ", each at most once");
    }
    return found.stream().flatMap(Optional::stream).toList();
  }

  private static <E extends Enum<E>> Optional<E> find(String text, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(choice -> word(choice).equals(text.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private static <E extends Enum<E>> String words(Class<E> type, String separator) {
    return Arrays.stream(type.getEnumConstants())
        .map(SettingsReader::word)
        .collect(Collectors.joining(separator));
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * A time, for example {@code 60 s} or {@code 5 minutes}, between two bounds; without a unit,
   * seconds.
   */
  public Duration duration(String key, Duration absent, Duration min, Duration max) {
    return text(key)
        .map(text -> time(text, min, max).orElseThrow(() -> invalid(key, allowed(min, max))))
        .orElse(absent);
  }

  /** The same, where {@code never} is allowed too; it is empty. */
  public Optional<Duration> durationOrNever(
      String key, Optional<Duration> absent, Duration min, Duration max) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    if (text.get().equalsIgnoreCase("never")) {
      return Optional.empty();
    }
    return Optional.of(
        time(text.get(), min, max)
            .orElseThrow(() -> invalid(key, "never, or " + allowed(min, max))));
  }

  private static Optional<Duration> time(String text, Duration min, Duration max) {
    try {
      return Optional.of(DurationParser.parse(text, ChronoUnit.SECONDS))
          .filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
    } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static String allowed(Duration min, Duration max) {
    return "a time from " + min.toSeconds() + " s to " + max.toSeconds() + " s, such as \"60 s\"";
  }

  /** Marks keys as known that somebody else reads. */
  public void ignore(String... keys) {
    known.addAll(Set.of(keys));
  }

  /** The keys that are set, in order. */
  public Set<String> keys() {
    return new TreeSet<>(values.keySet());
  }

  /**
   * Refuses every key that no method was asked for: a misspelt setting must not pass for a default.
   */
  public void refuseUnknown() {
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw invalid(key, "one of the keys " + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  /** The exception for a key of this file; the caller throws it. */
  public InvalidSettingException invalid(String key, String allowed) {
    return new InvalidSettingException(file, key, values.getOrDefault(key, ""), allowed);
  }
}
