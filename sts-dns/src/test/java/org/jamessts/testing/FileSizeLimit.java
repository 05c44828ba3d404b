package org.jamessts.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * For this process, a disk that is full: the system refuses every write beyond a position in a
 * file. It goes by {@code prlimit} of util-linux; a test is skipped where there is none.
 */
public final class FileSizeLimit implements AutoCloseable {

  private static final String PRLIMIT = "/usr/bin/prlimit";

  private FileSizeLimit() {}

  /** From now on, no file of this process grows beyond so many octets. */
  public static FileSizeLimit of(long octets) {
    assumeThat(Path.of(PRLIMIT)).matches(Files::isExecutable, "prlimit is installed");
    set(Long.toString(octets));
    return new FileSizeLimit();
  }

  private static void set(String soft) {
    try {
      Process process =
          new ProcessBuilder(
                  PRLIMIT,
                  "--pid",
                  Long.toString(ProcessHandle.current().pid()),
                  "--fsize=" + soft + ":")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** There is room again. */
  @Override
  public void close() {
    set("unlimited");
  }
}
