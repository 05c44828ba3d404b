package org.jamessts.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLogTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path directory;
  ProcessLog log;

  @BeforeEach
  void setUp() {
    log = new ProcessLog(directory.resolve("console.log"));
  }

  @Test
  void shouldFindALineThatWasPrintedBefore() throws Exception {
    log.follow(reader("one\ntwo\nthree two\n"));

    assertThat(log.awaitLine(Pattern.compile("tw."), LONG)).isEqualTo("two");
  }

  @Test
  void shouldFindALineThatComesLater() throws Exception {
    try (PipedWriter process = new PipedWriter();
        PipedReader output = new PipedReader(process)) {
      Thread following = new Thread(() -> log.follow(new BufferedReader(output)));
      following.start();
      process.write("one\n");
      process.flush();
      log.awaitLine(Pattern.compile("one"), LONG);
      Thread writing = new Thread(() -> printAndClose(process, "two\n"));
      writing.start();

      assertThat(log.awaitLine(Pattern.compile("two"), LONG)).isEqualTo("two");
      writing.join();
      following.join();
    }
  }

  @Test
  void shouldFailAtOnceWithTheLastLinesWhenTheProcessEnded() {
    log.follow(reader("one\nthe reason\n"));

    assertThatThrownBy(() -> log.awaitLine(Pattern.compile("never"), LONG))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended")
        .hasMessageContaining("the reason");
  }

  @Test
  void shouldFailWithTheLastLinesWhenTheTimeIsOver() {
    assertThatThrownBy(() -> log.awaitLine(Pattern.compile("never"), Duration.ofMillis(50)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Not within");
  }

  @Test
  void shouldKeepTheLinesInItsFile() throws Exception {
    log.follow(reader("one\ntwo\nthree\n"));

    assertThat(Files.readAllLines(log.file())).containsExactly("one", "two", "three");
    assertThat(log.tail(2)).containsExactly("two", "three");
  }

  private static BufferedReader reader(String text) {
    return new BufferedReader(new StringReader(text));
  }

  private static void printAndClose(PipedWriter process, String text) {
    try (process) {
      process.write(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
