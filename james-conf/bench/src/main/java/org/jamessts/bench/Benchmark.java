package org.jamessts.bench;

import static java.util.Objects.requireNonNull;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import org.jamessts.bench.delivery.DeliverySuite;
import org.jamessts.bench.delivery.DeliverySuite.Part;

/** The program behind {@code james-conf/benchmark}, which tells how to use it. */
public final class Benchmark {

  private Benchmark() {}

  /**
   * Runs a suite and prints its table.
   *
   * @param arguments the name of the suite, a directory for its files, and perhaps {@code --quick}
   */
  public static void main(String[] arguments) throws Exception {
    boolean quick = arguments.length > 2 && arguments[2].equals("--quick");
    Path directory = Path.of(arguments[1]);
    System.out.println(machine());
    if (arguments[0].equals("profile")) {
      delivery(directory, quick).profile();
      return;
    }
    Report report =
        switch (arguments[0]) {
          case "policy" -> new PolicySuite(directory, quick).run();
          case "first-lookup" -> new PolicySuite(directory, quick).runFirstLookup();
          case "delivery" -> delivery(directory, quick).run(EnumSet.allOf(Part.class));
          case "dane" -> new DaneSuite(quick).run();
          case "reports" -> new ReportSuite(directory, quick).run();
          default -> delivery(directory, quick).run(Set.of(part(arguments[0])));
        };
    System.out.println();
    System.out.print(report.table());
    System.out.println();
    System.out.println(machine());
    System.exit(report.misses() ? 1 : 0);
  }

  private static DeliverySuite delivery(Path directory, boolean quick) {
    return new DeliverySuite(
        Path.of(requireNonNull(System.getProperty("james-conf"))), directory, quick);
  }

  private static Part part(String name) {
    return Part.called(name).orElseThrow(() -> new IllegalArgumentException("no suite: " + name));
  }

  private static String machine() {
    return "%s, Java %s, %d cores, load %.1f"
        .formatted(
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
