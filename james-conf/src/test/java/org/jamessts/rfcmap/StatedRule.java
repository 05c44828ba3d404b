package org.jamessts.rfcmap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jamessts.testing.Rule;

/**
 * A rule as the list of rules states it.
 *
 * @param document where it comes from, for example {@code RFC 8461}
 * @param number the project's own, unique within the document
 * @param section where it stands there
 * @param words what it says, in Markdown
 * @param pending whether the project does not keep to it yet
 */
record StatedRule(String document, String number, String section, String words, boolean pending) {

  private static final String PENDING = "pending";

  /** How a test names it. */
  String name() {
    return document + " " + number;
  }

  /** The rules of the project. */
  static List<StatedRule> all() throws IOException {
    try (InputStream in = Rule.class.getResourceAsStream("rules.tsv")) {
      if (in == null) {
        throw new IOException("rules.tsv is not on the class path");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /**
   * Reads a list.
   *
   * @param tsv a rule on each line, fields separated by tabs; lines with {@code #} are comments
   * @throws IllegalArgumentException with the line that is none, or that states a rule again
   */
  static List<StatedRule> parse(String tsv) {
    List<StatedRule> rules =
        tsv.lines().filter(line -> !line.startsWith("#")).map(StatedRule::parseLine).toList();
    Set<String> names = new HashSet<>();
    for (StatedRule rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException("stated twice: " + rule.name());
      }
    }
    return rules;
  }

  private static StatedRule parseLine(String line) {
    String[] fields = line.split("\t", -1);
    boolean pending = fields.length == 5 && fields[4].equals(PENDING);
    // A bar or an angle would break the table that the words go into.
    if ((fields.length != 4 && !pending) || line.contains("\t\t") || line.matches(".*[|<].*")) {
      throw new IllegalArgumentException("not a rule: " + line);
    }
    return new StatedRule(fields[0], fields[1], fields[2], fields[3], pending);
  }
}
