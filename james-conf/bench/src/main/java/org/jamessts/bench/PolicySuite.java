package org.jamessts.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jamessts.bench.Figure.Unit;
import org.openjdk.jmh.runner.RunnerException;

/** Speed and size of the policy service. */
final class PolicySuite {

  private static final int SMALL = 1_000;
  private static final int IN_MEMORY = OpenService.MEMORY;

  private static final double MICROSECOND = 1e3;
  private static final double MILLISECOND = 1e6;

  /** Of ten times as many: a tree is a level deeper, a walk takes ten times as long. */
  private static final double LOGARITHMIC = 2;

  private final PolicyFiles files;
  private final Report report = new Report();
  private final int large;
  private final int middle;
  private final int rounds;

  /**
   * A suite that has not run.
   *
   * @param directory for its stores
   * @param quick with a tenth of the policies, in one round
   */
  PolicySuite(Path directory, boolean quick) {
    this.files = new PolicyFiles(directory);
    this.large = quick ? 100_000 : 1_000_000;
    this.middle = large / 10;
    this.rounds = quick ? 1 : 5;
  }

  Report run() throws IOException, RunnerException {
    tell("a flood of " + large + " domains");
    files.flood(large, report);
    files.floodWithoutDatabase(large, report);
    files.fill(SMALL);
    files.fill(middle);
    start();
    hot();
    cold();
    tell("heap of policies in memory");
    heap();
    tell("schedule of refreshes");
    schedule();
    return report;
  }

  /** The start alone, with the store of a process that was killed. */
  Report runFirstLookup() throws RunnerException {
    for (int size : new int[] {SMALL, large}) {
      tell("a store of " + size + " policies");
      files.fill(size);
      report.add(of("file", size), files.size(size));
    }
    start();
    return report;
  }

  /** Whoever opens a store tidies it up for the next one: each start has a store of its own. */
  private void start() throws RunnerException {
    Map<Integer, List<Figure>> first =
        alternate(FirstLookup.class, size -> Map.of("directory", files.unopened(size)));
    compare("start to first lookup", first, 2_000 * MILLISECOND);
  }

  private void hot() throws RunnerException {
    Map<Integer, List<Figure>> same =
        alternate(HotLookup.class, size -> Map.of("directory", files.directory(size)));
    compare("hot lookup, 1,000 in turn", same, MICROSECOND);
    for (int overrides : new int[] {0, 1_000}) {
      List<Double> nanos = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        tell("HotLookup with " + overrides + " overrides, round " + (round + 1));
        nanos.addAll(
            Jmh.nanos(
                HotLookup.class,
                Map.of(
                    "directory", files.directory(large),
                    "remembered", Math.min(IN_MEMORY, large),
                    "overrides", overrides)));
      }
      String what = "hot lookup, %,d in turn, %,d overrides";
      report.add(
          what.formatted(Math.min(IN_MEMORY, large), overrides), Jmh.time(nanos), MICROSECOND);
    }
  }

  private void cold() throws RunnerException {
    Map<Integer, List<Figure>> cold =
        alternate(
            ColdLookup.class, size -> Map.of("directory", files.directory(size), "policies", size));
    compare("cold lookup", cold, 200 * MICROSECOND);
  }

  /** Runs a benchmark with the small store and with the large one, by turns. */
  private Map<Integer, List<Figure>> alternate(
      Class<?> benchmark, Function<Integer, Map<String, ?>> parameters) throws RunnerException {
    Map<Integer, List<Figure>> figures = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (int size : new int[] {SMALL, large}) {
        tell("%s with %d policies, round %d".formatted(benchmark.getSimpleName(), size, round + 1));
        figures
            .computeIfAbsent(size, any -> new ArrayList<>())
            .add(Jmh.time(Jmh.nanos(benchmark, parameters.apply(size))));
      }
    }
    return figures;
  }

  private void compare(String what, Map<Integer, List<Figure>> figures, double target) {
    List<Double> ratios = new ArrayList<>();
    List<Figure> ofSmall = figures.getOrDefault(SMALL, List.of());
    List<Figure> ofLarge = figures.getOrDefault(large, List.of());
    for (int round = 0; round < rounds; round++) {
      ratios.add(ofLarge.get(round).median() / ofSmall.get(round).median());
    }
    report.add(of(what, SMALL), merged(ofSmall), target);
    report.add(of(what, large), merged(ofLarge), target);
    report.add(what + ": the large store to the small one", new Figure(Unit.TIMES, ratios), 2);
  }

  private static Figure merged(List<Figure> figures) {
    return Jmh.time(figures.stream().flatMap(figure -> figure.values().stream()).toList());
  }

  private static String of(String what, int policies) {
    return String.format(Locale.ROOT, "%s, store of %,d", what, policies);
  }

  private void heap() {
    int policies = large / 10;
    Figure heap = HotHeap.of(files.directory(large), policies, 3);
    report.add("heap of %,d hot policies".formatted(policies), heap, 800.0 * policies);
    report.add("heap of one hot policy", Figure.of(Unit.OCTETS, heap.median() / policies));
  }

  private void schedule() {
    int warmUp = 100;
    int measured = 100;
    try (ScheduleCost small = new ScheduleCost(files.directory(SMALL), SMALL, files.fetched());
        ScheduleCost medium = new ScheduleCost(files.directory(middle), middle, files.fetched());
        ScheduleCost big = new ScheduleCost(files.directory(large), large, files.fetched())) {
      for (int step = 0; step < warmUp + measured; step++) {
        for (ScheduleCost cost : List.of(small, medium, big)) {
          cost.step(step >= warmUp);
        }
      }
      schedule("claim of 8 due policies", ScheduleCost::claims, small, medium, big);
      schedule("note of 100 domains in use", ScheduleCost::uses, small, medium, big);
      schedule("count of 100 near their end", ScheduleCost::counts, small, medium, big);
      report.add(of("count when all are near their end", large), big.countOfAll());
    }
  }

  private void schedule(
      String what,
      Function<ScheduleCost, Figure> figure,
      ScheduleCost small,
      ScheduleCost medium,
      ScheduleCost big) {
    report.add(of(what, SMALL), figure.apply(small));
    report.add(of(what, middle), figure.apply(medium));
    report.add(of(what, large), figure.apply(big));
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < figure.apply(big).values().size(); i++) {
      ratios.add(figure.apply(big).values().get(i) / figure.apply(medium).values().get(i));
    }
    report.add(what + ": large to medium", new Figure(Unit.TIMES, ratios), LOGARITHMIC);
  }

  private static void tell(String what) {
    System.err.println("... " + what);
  }
}
