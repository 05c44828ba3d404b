package org.jamessts.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A deferred mail that is larger than the memory of the server that keeps it. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LargeMailTest {

  private static final int MIB = 1024 * 1024;

  @TempDir Path directory;

  @Test
  void mailOf150MegabytesShouldBeKeptInAFileByAServerWithLessMemory() throws Exception {
    assertKept(directory.toString());
  }

  /** H2 gives its file up then, and may go round in circles when its connections are closed. */
  @Test
  void serverWithoutMemoryForAMailShouldKeepTheNextOne() throws Exception {
    assertThat(run("-Xmx32m", MailWithoutMemory.class, directory.toString()))
        .isEqualTo("large failed\nsmall kept\nno damage");
  }

  @Test
  void mailOf150MegabytesShouldBeKeptInPostgresByAServerWithLessMemory() throws Exception {
    try (TestPostgres postgres = TestPostgres.start()) {
      assertKept(postgres.place().url());
    }
  }

  private static void assertKept(String place) throws IOException, InterruptedException {
    assertThat(run("-Xmx96m", LargeMail.class, place, Integer.toString(150 * MIB)))
        .isEqualTo("same");
  }

  /** What a program prints. */
  private static String run(String heap, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(requireNonNull(System.getProperty("java.home")), "bin", "java").toString(),
                heap,
                "-cp",
                requireNonNull(System.getProperty("java.class.path")),
                program.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
