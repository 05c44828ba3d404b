package org.jamessts.tlsrpt.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.StoreAccess;

/**
 * A process that records a session every millisecond or so for ever, and prints every 50 ms how
 * many it has recorded.
 */
final class RecorderProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;

  private RecorderProcess(Process process) {
    this.process = process;
    this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  static RecorderProcess start(Path directory, Duration interval) throws IOException {
    return new RecorderProcess(
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    RecorderProcess.class.getName(),
                    directory.toString(),
                    Long.toString(interval.toMillis())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Waits for the next line. */
  long recorded() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the process has ended");
    }
    return Long.parseLong(line);
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws InterruptedException {
    SessionStore store =
        new SessionStore(
            new StoreAccess(
                new EmbeddedDatabase(Path.of(arguments[0]), Clock.systemUTC()),
                "what is reported",
                2,
                Duration.ofSeconds(1)),
            SessionLimits.DEFAULT,
            Sessions.TIMES);
    SessionCollector collector =
        new SessionCollector(
            store,
            new SessionCollector.Settings(
                Duration.ofMillis(Long.parseLong(arguments[1])),
                Duration.ofDays(100_000),
                SessionLimits.DEFAULT),
            Clock.systemUTC());
    collector.start();
    for (long i = 1; ; i++) {
      collector.record(Sessions.success(Sessions.DOMAIN));
      if (i % 50 == 0) {
        System.out.println(i);
        System.out.flush();
      }
      Thread.sleep(1);
    }
  }
}
