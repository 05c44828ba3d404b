package org.jamessts.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamessts.settings.InvalidSettingException;

/** What {@code docs/configure.md} says of settings: the tables below one of its headings. */
public final class SettingsPage {

  private static final Path FILE = Path.of("../docs/configure.md");
  private static final Pattern ROW = Pattern.compile("\\| (`.*?`.*?) \\| (.*?) \\| (.*) \\|");
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");
  private static final Pattern KNOWN = Pattern.compile("one of the keys (.*)");

  /**
   * One row.
   *
   * @param names of the setting, most often one
   * @param standard its default as a value; none where it stands there in words
   */
  public record Entry(List<String> names, Optional<String> standard) {
    public Entry {
      names = List.copyOf(names);
    }
  }

  private SettingsPage() {}

  /**
   * The rows of all tables below a heading, down to the next one of its kind.
   *
   * @param heading its text, as it is written
   */
  public static List<Entry> below(String heading) throws IOException {
    List<String> section =
        Files.readAllLines(FILE).stream()
            .dropWhile(line -> !line.equals("## " + heading))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .toList();
    List<Entry> entries = new ArrayList<>();
    for (String line : section) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        entries.add(new Entry(codes(row.group(1)).toList(), standard(row.group(2))));
      }
    }
    return List.copyOf(entries);
  }

  private static Optional<String> standard(String cell) {
    return cell.startsWith("`") ? codes(cell).findFirst() : Optional.empty();
  }

  private static Stream<String> codes(String cell) {
    return CODE.matcher(cell).results().map(code -> code.group(1));
  }

  /** Every name of all rows, sorted; one that stands there twice is here twice. */
  public static List<String> namesOf(List<Entry> entries) {
    return entries.stream().flatMap(entry -> entry.names().stream()).sorted().toList();
  }

  /** The keys that a reader of settings knows, sorted: it names them when it refuses another. */
  public static List<String> known(InvalidSettingException refusal) {
    Matcher known = KNOWN.matcher(String.valueOf(refusal.getMessage()));
    if (!known.find()) {
      throw new AssertionError("it names no keys", refusal);
    }
    return Stream.of(known.group(1).split(", ")).sorted().toList();
  }

  /** A text for a failing test: the names of a row. */
  public static String shown(Entry entry) {
    return String.join(" or ", entry.names());
  }
}
