package org.jamessts.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of ours in a JVM of its own, which this one talks to by lines, and kills. */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;

  private ChildJvm(Process process) {
    this.process = process;
    this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /**
   * Starts a program with the class path of this JVM.
   *
   * @param main a class with a {@code main} that ends when its standard input does
   * @param heap its {@code -Xmx}
   */
  static ChildJvm start(Class<?> main, String heap, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      return new ChildJvm(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Waits for the next line that the program writes. */
  String line() {
    try {
      String line = lines.readLine();
      if (line == null) {
        throw new IllegalStateException("a program that was started has ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For {@code main}: waits until whoever started this program has gone. */
  static void awaitParent() throws IOException {
    while (System.in.read() >= 0) {
      // Nothing is ever written to it.
    }
  }

  /** Kills the program: it has no time to close anything. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
