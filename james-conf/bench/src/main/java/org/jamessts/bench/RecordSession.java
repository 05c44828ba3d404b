package org.jamessts.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.StoreAccess;
import org.jamessts.tlsrpt.ReportTimes;
import org.jamessts.tlsrpt.SessionResult;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a delivery pays for having its session counted, while the counts are added to a store every
 * second. A thousand domains in turn, with policies of an ordinary length.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordSession {

  private static final int DOMAINS = 1_000;

  /** For a file that nobody looks at. */
  @Param("")
  String directory = "";

  private final SessionResult[] results = new SessionResult[DOMAINS];
  private SessionCollector collector;
  private int next;

  /** Opens the store. */
  @Setup
  public void open() throws IOException {
    Clock clock = Clock.systemUTC();
    Path fresh = Files.createTempDirectory(Path.of(directory), "record");
    SessionStore store =
        new SessionStore(
            new StoreAccess(
                new EmbeddedDatabase(fresh, clock), "sessions", 2, Duration.ofSeconds(1)),
            SessionLimits.DEFAULT,
            new ReportTimes(Duration.ofMinutes(1), Duration.ofHours(4)));
    collector =
        new SessionCollector(
            store,
            new SessionCollector.Settings(
                Duration.ofSeconds(1), Duration.ofDays(7), SessionLimits.DEFAULT),
            clock);
    Instant now = clock.instant();
    for (int i = 0; i < DOMAINS; i++) {
      results[i] =
          i % 10 == 0
              ? SampleSessions.failed(now, SampleSessions.sts(i), i)
              : new SessionResult(now, SampleSessions.sts(i), List.of());
    }
    collector.start();
  }

  /** One session. */
  @Benchmark
  public void count() {
    // Several threads may take the same one; that is nobody's loss.
    next = (next + 1) % DOMAINS;
    collector.record(results[next]);
  }
}
