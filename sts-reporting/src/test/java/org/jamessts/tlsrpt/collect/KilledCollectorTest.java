package org.jamessts.tlsrpt.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.tlsrpt.collect.Sessions.DAY;
import static org.jamessts.tlsrpt.collect.Sessions.DOMAIN;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamessts.tlsrpt.PolicySummary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that counts, killed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KilledCollectorTest {

  private static final int LINES = 60;

  /** A line every 50 ms: two seconds are an interval, a flush, and a busy machine. */
  private static final int LINES_LOST = 40;

  @Test
  void killShouldLoseNoMoreThanAnInterval(@TempDir Path directory) throws Exception {
    List<Long> recorded = new ArrayList<>();
    try (RecorderProcess process = RecorderProcess.start(directory, Duration.ofMillis(300))) {
      for (int i = 0; i < LINES; i++) {
        recorded.add(process.recorded());
      }
      process.kill();
    }
    try (TestDatabase database = new TestDatabase(TestDatabase.Kind.H2, directory)) {
      SessionStore store =
          new SessionStore(database.access(), SessionLimits.DEFAULT, Sessions.TIMES);

      long kept =
          store.of(DAY, List.of(DOMAIN)).getOrDefault(DOMAIN, List.of()).stream()
              .mapToLong(PolicySummary::successfulSessions)
              .sum();

      assertThat(kept).isGreaterThanOrEqualTo(recorded.get(LINES - LINES_LOST));
    }
  }
}
