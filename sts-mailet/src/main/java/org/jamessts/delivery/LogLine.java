package org.jamessts.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jamessts.smtp.PrintableText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * A line for the log, made of keys and values: {@code key=value} in the message, for people and for
 * a search, and each of them in the log context, as James's own structured lines have it, for a
 * layout in JSON. What a stranger has contributed can neither end the line nor pass for a key: a
 * value that is no plain word stands in quotation marks, and those within it are escaped.
 * Immutable.
 */
final class LogLine {

  private static final int MAX_VALUE = 2_000;

  /** What a value has that could be taken for the end of it. */
  private static final String SPECIAL = " \"\\=,[]";

  private final @Nullable LogLine before;
  private final String key;
  private final String value;
  private final String shown;

  private LogLine(@Nullable LogLine before, String key, String value, String shown) {
    this.before = before;
    this.key = key;
    this.value = value;
    this.shown = shown;
  }

  /** A line that begins so. */
  static LogLine of(String key, String value) {
    return field(null, key, value);
  }

  private static LogLine field(@Nullable LogLine before, String key, String value) {
    String printable = printable(value);
    return new LogLine(before, key, printable, word(printable));
  }

  /** The same line, and one more value. */
  LogLine with(String key, String value) {
    return field(this, key, value);
  }

  /** The same, where there is such a value. */
  LogLine with(String key, Optional<String> value) {
    return value.map(present -> with(key, present)).orElse(this);
  }

  /** The same line, and a list. */
  LogLine with(String key, List<String> values) {
    List<String> printable = values.stream().map(LogLine::printable).toList();
    return new LogLine(
        this,
        key,
        String.join(",", printable),
        printable.stream().map(LogLine::word).collect(Collectors.joining(",", "[", "]")));
  }

  /** The same line, and behind it all of another. */
  LogLine with(LogLine other) {
    LogLine line = this;
    for (LogLine field : other.fields()) {
      line = new LogLine(line, field.key, field.value, field.shown);
    }
    return line;
  }

  /** Characters of every script stay, since addresses have them. */
  private static String printable(String value) {
    return PrintableText.ofAddress(
        value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE));
  }

  private static String word(String value) {
    return isPlain(value) ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (SPECIAL.indexOf(value.charAt(i)) >= 0) {
        return false;
      }
    }
    return !value.isEmpty();
  }

  private Deque<LogLine> fields() {
    Deque<LogLine> fields = new ArrayDeque<>();
    for (LogLine field = this; field != null; field = field.before) {
      fields.addFirst(field);
    }
    return fields;
  }

  /** Writes it. */
  void to(Logger logger, Level level) {
    if (!logger.isEnabledForLevel(level)) {
      return;
    }
    // One by one: to copy the whole context, there and back, would be the dearer half of a line.
    Map<String, @Nullable String> outer = new HashMap<>();
    for (LogLine field = this; field != null; field = field.before) {
      // Of two fields with one key, the last counts, which comes first here.
      if (!outer.containsKey(field.key)) {
        outer.put(field.key, MDC.get(field.key));
        MDC.put(field.key, field.value);
      }
    }
    try {
      logger.atLevel(level).log("{}", this);
    } finally {
      outer.forEach(LogLine::restore);
    }
  }

  private static void restore(String key, @Nullable String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }

  /** As the message has it. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    for (LogLine field : fields()) {
      line.append(line.isEmpty() ? "" : " ").append(field.key).append('=').append(field.shown);
    }
    return line.toString();
  }
}
