package org.jamessts.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jamessts.docs.Page.Block;

/**
 * Follows sections of a page as a reader does: runs the commands of its blocks marked {@code sh},
 * and compares what they print with the blocks marked {@code text}. With the system property {@code
 * sts.pages=write} it writes what they print into the page instead.
 */
final class Walk {

  private static final long PATIENCE_SECONDS = 60;
  private static final boolean WRITE = System.getProperty("sts.pages", "").equals("write");

  private final Path file;
  private final Map<String, String> variables;

  /**
   * @param file the page
   * @param variables of the shell, which the page tells its reader to set
   */
  Walk(Path file, Map<String, String> variables) {
    this.file = file;
    this.variables = Map.copyOf(variables);
  }

  /** Runs what stands below a heading. */
  void follow(String heading) throws IOException, InterruptedException {
    follow(heading, UnaryOperator.identity());
  }

  /**
   * The same with other commands than the page has.
   *
   * @param change of each block of commands
   */
  void follow(String heading, UnaryOperator<String> change)
      throws IOException, InterruptedException {
    String printed = "";
    for (Block block : Page.read(file).blocks(heading)) {
      if (block.language().equals("sh")) {
        assertThat(printed).as("printed, and not on the page").isEmpty();
        printed = run(change.apply(block.text()));
      } else if (block.language().equals("text")) {
        compare(block.text(), printed);
        printed = "";
      }
    }
    assertThat(printed).as("printed, and not on the page").isEmpty();
  }

  private String run(String commands) throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("bash", "-euc", commands).redirectErrorStream(true);
    shell.environment().putAll(variables);
    Process process = shell.start();
    process.getOutputStream().close();
    try {
      // It prints less than a pipe holds.
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(commands).isTrue();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as("%s\n%s", commands, printed).isZero();
      return printed.isEmpty() || printed.endsWith("\n") ? printed : printed + "\n";
    } finally {
      process.destroyForcibly();
    }
  }

  private void compare(String onPage, String printed) throws IOException {
    if (!WRITE) {
      assertThat(lasting(printed)).as(file + ", printed").isEqualTo(lasting(onPage));
    } else if (!lasting(printed).equals(lasting(onPage))) {
      String page = Files.readString(file);
      Files.writeString(file, page.replace(fenced(onPage), fenced(printed)));
    }
  }

  private static String fenced(String text) {
    return "```text\n" + text + "```";
  }

  /** Without what is another each time: moments, names of mails, addresses, sizes. */
  private static String lasting(String printed) {
    return printed
        .replaceAll("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "MOMENT")
        .replaceAll("Mail\\d+-[0-9a-f-]+", "NAME")
        .replaceAll("\"octets\":\\d+", "\"octets\":N")
        .replaceAll("127\\.77\\.\\d+\\.\\d+", "ADDRESS");
  }
}
