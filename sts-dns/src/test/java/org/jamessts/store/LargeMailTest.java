package org.jamessts.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  @Test
  void mailOf150MegabytesShouldBeKeptInPostgresByAServerWithLessMemory() throws Exception {
    try (TestPostgres postgres = TestPostgres.start()) {
      assertKept(postgres.place().url());
    }
  }

  private static void assertKept(String place) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(requireNonNull(System.getProperty("java.home")), "bin", "java").toString(),
                "-Xmx96m",
                "-cp",
                requireNonNull(System.getProperty("java.class.path")),
                LargeMail.class.getName(),
                place,
                Integer.toString(150 * MIB))
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim())
          .isEqualTo("same");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
