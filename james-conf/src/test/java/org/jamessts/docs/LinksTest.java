package org.jamessts.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The pages of this project lead where they say. */
class LinksTest {

  private static final Path ROOT = Path.of("..");

  @TempDir Path directory;

  @TestFactory
  List<DynamicTest> noLinkShouldBeDeadAndNoNamedTestMissing() throws IOException {
    return Page.all(ROOT).stream()
        .map(
            page ->
                DynamicTest.dynamicTest(
                    ROOT.relativize(page.file()).toString(),
                    () -> assertThat(Links.problems(page)).isEmpty()))
        .toList();
  }

  @Test
  void everyPageShouldStandInTheIndex() throws IOException {
    Path docs = ROOT.resolve("docs");
    List<String> listed =
        Page.read(docs.resolve("README.md")).links().stream().map(Page.Link::target).toList();

    try (var files = Files.list(docs)) {
      assertThat(listed)
          .containsAll(
              files
                  .map(file -> String.valueOf(file.getFileName()))
                  .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                  .toList());
    }
  }

  @Test
  void deadLinksShouldBeFound() throws IOException {
    Files.writeString(directory.resolve("ATest.java"), "class ATest {\n  void itShould() {}\n}\n");
    Files.writeString(directory.resolve("other.md"), "# `conf/sts.properties`, and more\n");
    Path file = directory.resolve("page.md");
    Files.writeString(
        file,
        """
        # The first day
        [a](#the-first-day) [b](other.md#confstsproperties-and-more) [c](https://example.com/x)
        [`ATest.itShould`](ATest.java)

        ```
        [in code](nowhere.md)
        ```

        [d](gone.md), [e](#the-second-day), [f](other.md#the-first-day)
        | [`ATest.itCould`](ATest.java) | [`BTest.itShould`](ATest.java) |
        """);

    assertThat(Links.problems(Page.read(file)))
        .containsExactly(
            "gone.md: there is no such file",
            "#the-second-day: the page has no such heading",
            "other.md#the-first-day: the page has no such heading",
            "ATest.java: it has no test itCould",
            "ATest.java: it is not the file of BTest");
  }
}
