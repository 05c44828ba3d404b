package org.jamessts.tlsrpt.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.store.PostgresDatabase;
import org.jamessts.store.PostgresServer;
import org.jamessts.store.StoreAccess;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.collect.Sessions;

/**
 * A server that sends reports from a PostgreSQL, in a process of its own. It prints the domain and
 * id of each as soon as it is accepted, and may hang there, before anybody has noted that.
 */
final class SenderProcess implements AutoCloseable {

  static final Duration LEASE = Duration.ofSeconds(3);

  private static final Pattern LINE = Pattern.compile("(\\S+) ([0-9a-f]{32})");

  /** A report that is accepted. */
  record Accepted(String domain, String id) {}

  private final Process process;
  private final BufferedReader lines;

  private SenderProcess(Process process) {
    this.process = process;
    this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /**
   * Starts it.
   *
   * @param hangAfter so many reports hang once they are accepted, and all later ones too
   */
  static SenderProcess start(PostgresServer server, int hangAfter) {
    try {
      return new SenderProcess(
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-cp",
                      System.getProperty("java.class.path"),
                      SenderProcess.class.getName(),
                      server.url(),
                      server.user(),
                      server.password(),
                      Integer.toString(hangAfter)))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the next report; none once the process has ended. */
  Optional<Accepted> accepted() throws IOException {
    String line = lines.readLine();
    Matcher words = LINE.matcher(line == null ? "" : line);
    // The last one may be cut off.
    return words.matches()
        ? Optional.of(new Accepted(words.group(1), words.group(2)))
        : Optional.empty();
  }

  void kill() {
    // Process.destroyForcibly would close what it has written, too.
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws InterruptedException {
    // The day has ended for it, and time goes on.
    Clock clock =
        Clock.offset(
            Clock.systemUTC(),
            Duration.between(
                Instant.now(), Sessions.DAY.plusDays(1).atTime(1, 0).toInstant(ZoneOffset.UTC)));
    StoreAccess access =
        new StoreAccess(
            new PostgresDatabase(new PostgresServer(arguments[0], arguments[1], arguments[2])),
            "what is reported",
            2,
            Duration.ofSeconds(1));
    Printer printer = new Printer(Integer.parseInt(arguments[3]));
    new ReportScheduler(
            new ReportStore(access),
            new SessionStore(access, SessionLimits.DEFAULT, Sessions.TIMES),
            new StoredSuppressions(access, clock),
            report -> {
              Thread.sleep(2);
              printer.print(report.policyDomain() + " " + report.id());
              return new CourierResult.Accepted("printed");
            },
            new SendSettings(
                4, LEASE, Duration.ofMinutes(15), Duration.ofHours(24), Duration.ZERO, false),
            clock.withZone(ZoneId.of("UTC")))
        .start();
    Thread.sleep(Long.MAX_VALUE);
  }

  private static final class Printer {
    private int left;

    Printer(int left) {
      this.left = left;
    }

    void print(String line) throws InterruptedException {
      boolean hangs;
      synchronized (this) {
        System.out.println(line);
        System.out.flush();
        hangs = --left < 0;
      }
      if (hangs) {
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }
}
