package org.jamessts.harness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a process prints, line by line, kept in memory and in a file. Safe for use by several
 * threads.
 */
public final class ProcessLog {

  private final Path file;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  ProcessLog(Path file) {
    this.file = file;
  }

  /** Where the lines are kept. */
  public Path file() {
    return file;
  }

  /** All lines so far. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The last lines so far, at most {@code count}. */
  public synchronized List<String> tail(int count) {
    return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
  }

  /**
   * Waits for a line that holds a match, among those printed before and those to come.
   *
   * @return the first such line
   * @throws IllegalStateException if there is none in time, or the process ended without one; its
   *     message holds the last lines
   */
  public synchronized String awaitLine(Pattern pattern, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    int seen = 0;
    while (true) {
      for (; seen < lines.size(); seen++) {
        if (pattern.matcher(lines.get(seen)).find()) {
          return lines.get(seen);
        }
      }
      long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (ended || millis <= 0) {
        throw new IllegalStateException(
            (ended ? "The process ended without" : "Not within " + timeout.toSeconds() + " s:")
                + " a line with "
                + pattern
                + ". Its last lines:\n"
                + String.join("\n", tail(60)));
      }
      wait(millis);
    }
  }

  /** Waits until the process has closed its output, but not for ever. */
  synchronized void awaitEnd(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!ended && System.nanoTime() < deadline) {
      wait(100);
    }
  }

  /** Reads until the process closes its output. */
  void follow(BufferedReader output) {
    try (BufferedWriter copy = Files.newBufferedWriter(file)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        copy.write(line);
        copy.newLine();
        copy.flush();
        add(line);
      }
    } catch (IOException e) {
      // The stream of a process that was killed ends like this.
      add("(end of output: " + e.getMessage() + ")");
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }
}
