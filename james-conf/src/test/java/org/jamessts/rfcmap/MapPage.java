package org.jamessts.rfcmap;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The map as a page for people: a table for each document, every class with a link to its file. */
final class MapPage {

  private static final String HEAD =
      """
      # Rules, and the tests that show them

      Made from `@Rule` in the tests and from
      [rules.tsv](../sts-dns/src/test/resources/org/jamessts/testing/rules.tsv): not to be edited by hand.
      `mvn verify` fails when it is out of date; this writes it anew:

      ```
      %s
      ```

      Numbers and words are this project's own. Where they and the document differ, the document is right.
      """;

  private final RfcMap map;

  /** Classes by short name; several of one name are told apart by their full ones. */
  private final Map<String, Set<String>> namesakes = new TreeMap<>();

  private final Map<String, String> files = new TreeMap<>();

  MapPage(RfcMap map) {
    this.map = map;
    Stream<JavaClass> classes =
        map.claims().stream().flatMap(c -> Stream.concat(Stream.of(c.test()), c.in().stream()));
    classes.forEach(
        type ->
            namesakes
                .computeIfAbsent(Claim.nameOf(type), any -> new TreeSet<>())
                .add(type.getName()));
  }

  /** The whole page. */
  String text() {
    StringBuilder page = new StringBuilder(HEAD.formatted(RfcMap.COMMAND));
    String document = "";
    for (StatedRule rule : map.rules()) {
      if (!rule.document().equals(document)) {
        document = rule.document();
        page.append("\n## ").append(document).append("\n\n");
        page.append("| Rule | What it says | Kept by | Shown by |\n|---|---|---|---|\n");
      }
      page.append(row(rule));
    }
    page.append('\n');
    files.forEach(
        (label, file) -> page.append('[').append(label).append("]: ../").append(file).append('\n'));
    return page.toString();
  }

  private String row(StatedRule rule) {
    List<Claim> claims = map.claims(rule);
    String shown = rule.pending() && claims.isEmpty() ? "*pending*" : tests(claims);
    return "| %s | %s (%s) | %s | %s |\n"
        .formatted(rule.number(), rule.words(), rule.section(), classes(claims), shown);
  }

  private String classes(List<Claim> claims) {
    return claims.stream()
        .flatMap(claim -> claim.in().stream())
        .map(type -> link(type, map.sources().main(type)))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private String tests(List<Claim> claims) {
    Map<String, Set<String>> methods = new TreeMap<>();
    for (Claim claim : claims) {
      Set<String> ofTest =
          methods.computeIfAbsent(
              link(claim.test(), map.sources().test(claim.test())), any -> new TreeSet<>());
      claim.method().ifPresent(method -> ofTest.add(method.getName()));
    }
    return methods.entrySet().stream()
        .map(test -> (test.getKey() + " " + String.join(", ", test.getValue())).strip())
        .collect(Collectors.joining("<br>"));
  }

  /** Markdown finds the file of a link by its label, at the end of the page. */
  private String link(JavaClass type, Optional<String> file) {
    String name = Claim.nameOf(type);
    String label =
        namesakes.getOrDefault(name, Set.of()).size() > 1 ? type.getName().replace('$', '.') : name;
    file.ifPresent(path -> files.put(label, path));
    return "[" + label + "]";
  }
}
