package org.jamessts.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jamessts.bench.Figure.Unit;
import org.openjdk.jmh.runner.RunnerException;

/** What counting sessions costs, and the reports of a day. */
final class ReportSuite {

  /** For a session, in nanoseconds. */
  private static final double RECORDING = 2_000;

  /** For a report, in nanoseconds: 5,000 a second. */
  private static final double SENDING = 200_000;

  private static final double SMALL_HEAP = 512e6;
  private static final int SESSIONS_PER_DOMAIN = 50;

  private final Report report = new Report();
  private final Path directory;
  private final int domains;
  private final int rounds;

  /**
   * A suite that has not run.
   *
   * @param directory for its stores
   * @param quick with a tenth of the domains, in one round
   */
  ReportSuite(Path directory, boolean quick) {
    this.directory = directory;
    this.domains = quick ? 100_000 : 1_000_000;
    this.rounds = quick ? 1 : 3;
  }

  Report run() throws IOException, RunnerException {
    List<Double> nanos = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      tell("RecordSession, round " + (round + 1));
      nanos.addAll(Jmh.nanos(RecordSession.class, Map.of("directory", directory)));
    }
    report.add("recording a session", Jmh.time(nanos), RECORDING);
    day();
    return report;
  }

  private void day() throws IOException {
    long sessions = (long) domains * SESSIONS_PER_DOMAIN;
    tell("%,d sessions with %,d domains".formatted(sessions, domains));
    Path store = Files.createDirectory(directory.resolve("day"));
    try (ChildJvm child =
        ChildJvm.start(
            ReportDay.class,
            "512m",
            store.toString(),
            Integer.toString(domains),
            Long.toString(sessions))) {
      String[] counted = child.line().split(" ", -1);
      report.add("counting a session, the store included", figure(Unit.TIME, counted[0]));
      report.add("sessions that were not counted", figure(Unit.COUNT, counted[1]), 0);
      report.add("heap after collections, at most", figure(Unit.OCTETS, counted[2]), SMALL_HEAP);
      report.add("store of the day", figure(Unit.OCTETS, counted[3]));
      tell("%,d reports".formatted(domains));
      String[] sent = child.line().split(" ", -1);
      report.add("claiming, reading, building a report", figure(Unit.TIME, sent[0]), SENDING);
      report.add("heap after collections, first half", figure(Unit.OCTETS, sent[1]), SMALL_HEAP);
      report.add("heap after collections, second half", figure(Unit.OCTETS, sent[2]), SMALL_HEAP);
    }
  }

  private static Figure figure(Unit unit, String value) {
    return Figure.of(unit, Double.parseDouble(value));
  }

  private static void tell(String what) {
    System.err.println("... " + what);
  }
}
