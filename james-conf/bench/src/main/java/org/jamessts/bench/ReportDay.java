package org.jamessts.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.StoreAccess;
import org.jamessts.store.StoreException;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ReportTimes;
import org.jamessts.tlsrpt.SessionResult;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.discover.ReportEndpoint.Mailbox;
import org.jamessts.tlsrpt.document.ReportFile;
import org.jamessts.tlsrpt.document.Reporter;
import org.jamessts.tlsrpt.send.CourierResult;
import org.jamessts.tlsrpt.send.ReportScheduler;
import org.jamessts.tlsrpt.send.ReportState;
import org.jamessts.tlsrpt.send.ReportStore;
import org.jamessts.tlsrpt.send.SendSettings;
import org.jamessts.tlsrpt.send.StoredSuppressions;

/**
 * The program that counts the sessions of a day and sends its reports, in a small heap. Each domain
 * has a session, and the first ones have most of the others, as it is with mail: domain {@code n}
 * has a share of {@code 1/n}. Reports are built as they would be sent, and end there.
 */
final class ReportDay {

  private static final LocalDate DAY = LocalDate.parse("2026-05-01");
  private static final double CROWDED = 0.9;
  private static final int FAILED_OF = 50;

  private final Path directory;
  private final int domains;
  private final long sessions;
  private final StoreAccess access;
  private final SessionStore store;

  private ReportDay(Path directory, int domains, long sessions) {
    this.directory = directory;
    this.domains = domains;
    this.sessions = sessions;
    this.access =
        new StoreAccess(
            new EmbeddedDatabase(directory, Clock.systemUTC()),
            "sessions",
            2,
            Duration.ofSeconds(1));
    this.store =
        new SessionStore(
            access,
            SessionLimits.DEFAULT,
            new ReportTimes(Duration.ofMinutes(1), Duration.ofHours(4)));
  }

  /**
   * Prints nanoseconds for a session, dropped sessions, the greatest heap after a collection and
   * the octets of the store; and then nanoseconds for a report, and that heap while the first half
   * of the reports was sent, and the second.
   *
   * @param arguments a directory, how many domains, how many sessions
   */
  public static void main(String[] arguments) throws Exception {
    ReportDay day =
        new ReportDay(
            Path.of(arguments[0]), Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
    day.count();
    day.send();
    ChildJvm.awaitParent();
  }

  private void count() throws StoreException, InterruptedException, IOException {
    Instant noon = DAY.atTime(12, 0).toInstant(ZoneOffset.UTC);
    SessionCollector collector =
        new SessionCollector(
            store,
            new SessionCollector.Settings(
                Duration.ofSeconds(5),
                // The day may be long past.
                Duration.ofDays(100_000),
                SessionLimits.DEFAULT),
            Clock.systemUTC());
    collector.start();
    HeapWatch heap = new HeapWatch();
    Random random = new Random(1);
    double range = Math.log(domains);
    long began = System.nanoTime();
    for (long i = 0; i < sessions; i++) {
      int domain = i < domains ? (int) i : (int) Math.exp(random.nextDouble() * range) % domains;
      AppliedPolicy policy = SampleSessions.policy(domain);
      collector.record(
          i % FAILED_OF == 0
              ? SampleSessions.failed(noon, policy, (int) (i / FAILED_OF % domains))
              : new SessionResult(noon, policy, List.of()));
      // A day has more time than this: nothing is dropped because the store comes too late.
      while (collector.fill() > CROWDED) {
        Thread.sleep(1);
      }
    }
    collector.flush();
    long nanos = System.nanoTime() - began;
    System.out.printf(
        "%d %d %d %d%n", nanos / sessions, collector.dropped(), heap.take(), octets());
    System.out.flush();
  }

  private long octets() throws IOException {
    try (var files = Files.list(directory)) {
      return files.mapToLong(ReportDay::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void send() throws StoreException, InterruptedException {
    Instant after = DAY.plusDays(1).atTime(5, 0).toInstant(ZoneOffset.UTC);
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), after));
    ReportStore reports = new ReportStore(access);
    Reporter reporter =
        new Reporter("Example, Inc.", Mailbox.parse("tls-reports@example.org").orElseThrow());
    AtomicLong built = new AtomicLong();
    ReportScheduler scheduler =
        new ReportScheduler(
            reports,
            store,
            new StoredSuppressions(access, clock),
            report -> {
              ReportFile file = ReportFile.ofJson(reporter, report);
              built.addAndGet(file.content().length > 0 ? 1 : 0);
              return new CourierResult.Accepted("nowhere");
            },
            SendSettings.DEFAULT,
            clock);
    HeapWatch heap = new HeapWatch();
    long began = System.nanoTime();
    scheduler.start();
    while (built.get() < domains / 2) {
      Thread.sleep(10);
    }
    long firstHalf = heap.take();
    while (built.get() < domains) {
      Thread.sleep(10);
    }
    long nanos = System.nanoTime() - began;
    long secondHalf = heap.take();
    scheduler.close();
    long sent = reports.counts(DAY).getOrDefault(ReportState.SENT, 0L);
    if (sent != domains || built.get() != domains) {
      throw new IllegalStateException(sent + " reports were sent, and " + built + " built");
    }
    System.out.printf("%d %d %d%n", nanos / domains, firstHalf, secondHalf);
    System.out.flush();
  }

  /** What the heap holds right after collections, at most. */
  private static final class HeapWatch {
    private long most;

    HeapWatch() {
      Thread thread = new Thread(this::watch, "heap-watch");
      thread.setDaemon(true);
      thread.start();
    }

    private void watch() {
      while (true) {
        look();
        try {
          Thread.sleep(50);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private synchronized void look() {
      long used = 0;
      for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
        MemoryUsage usage = pool.getCollectionUsage();
        if (pool.getType() == MemoryType.HEAP && usage != null) {
          used += usage.getUsed();
        }
      }
      most = Math.max(most, used);
    }

    /** The most since the last time. */
    synchronized long take() {
      long taken = most;
      most = 0;
      return taken;
    }
  }
}
