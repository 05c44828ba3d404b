package org.jamessts.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jamessts.bench.Figure.Unit;

/** Many domains looked up at the same time, by a process with little memory. */
final class ManyDomains {

  private static final String HEAP = "256m";

  /** Of the thousand or so that a system lets a process open by default. */
  private static final int SOCKETS = 1_000;

  private static final int FEW_THREADS = 50;

  /** Between two looks at the sockets. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final int domains;
  private final List<Double> unproven = new ArrayList<>();
  private final List<Double> sockets = new ArrayList<>();
  private final List<Double> nanos = new ArrayList<>();

  private ManyDomains(int domains) {
    this.domains = domains;
  }

  /** Measures it so many times, each time in a process that knows nothing yet. */
  static void measure(int domains, int rounds, Report report) {
    ManyDomains many = new ManyDomains(domains);
    try (ChildJvm server = ChildJvm.start(DomainServer.class, "1g", domains + "")) {
      String port = server.line();
      String anchor = server.line();
      // The server signs an answer when it is asked for the first time.
      new ManyDomains(domains).round(port, anchor, FEW_THREADS);
      for (int round = 0; round < rounds; round++) {
        many.round(port, anchor, domains);
      }
    }
    many.tell(report);
  }

  private void round(String port, String anchor, int threads) {
    try (ChildJvm client =
        ChildJvm.start(ResolveAll.class, HEAP, port, anchor, domains + "", threads + "")) {
      CompletableFuture<String> proven = CompletableFuture.supplyAsync(client::line);
      sockets.add(mostSockets(client.pid(), proven));
      unproven.add((double) domains - Integer.parseInt(proven.join()));
      nanos.add(Double.parseDouble(client.line()));
    }
  }

  private static double mostSockets(long process, CompletableFuture<?> end) {
    long most = 0;
    while (!end.isDone()) {
      most = Math.max(most, sockets(process));
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return most;
  }

  /** As Linux lists them. */
  private static long sockets(long process) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", process + "", "fd"))) {
      return descriptors.filter(ManyDomains::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      // Closed since it was listed.
      return false;
    }
  }

  private void tell(Report report) {
    String what = "%,d domains at once: ".formatted(domains);
    report.add(what + "not proven", new Figure(Unit.COUNT, unproven), 0);
    report.add(what + "sockets at most", new Figure(Unit.COUNT, sockets), SOCKETS);
    report.add(what + "time", new Figure(Unit.TIME, nanos));
    report.add(
        what + "time for each",
        new Figure(Unit.TIME, nanos.stream().map(all -> all / domains).toList()));
  }
}
