package org.jamessts.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with the links of a page, in words; hosts elsewhere are not asked. */
final class Links {

  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  /** The text of a link that names a test: {@code `SomeTest.someMethod`}. */
  private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

  private Links() {}

  static List<String> problems(Page page) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Page.Link link : page.links()) {
      if (!ELSEWHERE.matcher(link.target()).matches()) {
        problem(page, link).ifPresent(words -> problems.add(link.target() + ": " + words));
      }
    }
    return List.copyOf(problems);
  }

  private static Optional<String> problem(Page page, Page.Link link) throws IOException {
    int hash = link.target().indexOf('#');
    String path = hash < 0 ? link.target() : link.target().substring(0, hash);
    Path file = path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
    if (!Files.exists(file)) {
      return Optional.of("there is no such file");
    }
    if (hash >= 0 && !Page.read(file).anchors().contains(link.target().substring(hash + 1))) {
      return Optional.of("the page has no such heading");
    }
    Matcher test = TEST.matcher(link.text());
    return path.endsWith(".java") && test.matches()
        ? missing(file, test.group(1), test.group(2))
        : Optional.empty();
  }

  private static Optional<String> missing(Path file, String type, String method)
      throws IOException {
    if (!file.endsWith(type + ".java")) {
      return Optional.of("it is not the file of " + type);
    }
    return Pattern.compile("\\bvoid " + method + "\\(").matcher(Files.readString(file)).find()
        ? Optional.empty()
        : Optional.of("it has no test " + method);
  }
}
