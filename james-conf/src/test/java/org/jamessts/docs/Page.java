package org.jamessts.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation, in the Markdown that this project writes.
 *
 * @param file where it is
 * @param lines its text
 */
record Page(Path file, List<String> lines) {

  private static final Pattern HEADING = Pattern.compile("(#+) (.*)");
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\(([^)\\s]+)\\)");
  private static final String FENCE = "```";

  Page {
    lines = List.copyOf(lines);
  }

  /**
   * A link.
   *
   * @param text what is shown
   * @param target a file, from the page's directory, with or without {@code #} and an anchor; or a
   *     URL
   */
  record Link(String text, String target) {}

  /**
   * A block of code.
   *
   * @param language the word behind the fence: {@code sh} for commands, {@code text} for what they
   *     print
   */
  record Block(String language, String text) {}

  static Page read(Path file) throws IOException {
    return new Page(file, Files.readAllLines(file));
  }

  /** All pages that people write or read, below the root of the project. */
  static List<Page> all(Path root) throws IOException {
    List<Page> pages = new ArrayList<>();
    for (Path directory : List.of(root, root.resolve("docs"), root.resolve("docs/adr"))) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".md")).sorted().toList()) {
          pages.add(read(file));
        }
      }
    }
    return List.copyOf(pages);
  }

  /** The names by which links reach its headings, made as GitHub makes them. */
  Set<String> anchors() {
    return prose().stream()
        .map(HEADING::matcher)
        .filter(Matcher::matches)
        .map(heading -> anchor(heading.group(2)))
        .collect(Collectors.toSet());
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  /** Its links, outside code. */
  List<Link> links() {
    return prose().stream()
        .flatMap(line -> LINK.matcher(line).results())
        .map(link -> new Link(link.group(1), link.group(2)))
        .toList();
  }

  private List<String> prose() {
    List<String> prose = new ArrayList<>();
    boolean code = false;
    for (String line : lines) {
      if (line.strip().startsWith(FENCE)) {
        code = !code;
      } else if (!code) {
        prose.add(line);
      }
    }
    return prose;
  }

  /**
   * The blocks of code below a heading, down to the next heading of any kind.
   *
   * @param heading its text
   * @throws IllegalArgumentException when there is no such heading
   */
  List<Block> blocks(String heading) {
    List<Block> blocks = new ArrayList<>();
    boolean found = false;
    boolean below = false;
    StringBuilder code = new StringBuilder();
    String language = "";
    boolean within = false;
    for (String line : lines) {
      if (line.startsWith(FENCE)) {
        if (within && below) {
          blocks.add(new Block(language, code.toString()));
        }
        within = !within;
        language = line.substring(FENCE.length());
        code.setLength(0);
      } else if (within) {
        code.append(line).append('\n');
      } else {
        Matcher match = HEADING.matcher(line);
        if (match.matches()) {
          below = match.group(2).equals(heading);
          found |= below;
        }
      }
    }
    if (!found) {
      throw new IllegalArgumentException(file + " has no heading \"" + heading + "\"");
    }
    return List.copyOf(blocks);
  }
}
