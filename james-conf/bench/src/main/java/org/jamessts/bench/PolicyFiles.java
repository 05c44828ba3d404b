package org.jamessts.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.jamessts.bench.Figure.Unit;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;

/**
 * Embedded stores of some sizes, in files as a running James has them: it never closes them, and
 * whoever opens one has to find his way in it as after a crash.
 */
final class PolicyFiles {

  private static final String FILE = "sts.mv.db";

  private final Path root;
  private final Instant fetched = Instant.now();

  PolicyFiles(Path root) {
    this.root = root;
  }

  /** The latest moment at which a policy was fetched. */
  Instant fetched() {
    return fetched;
  }

  Path directory(int policies) {
    return root.resolve(policies + "");
  }

  /** Makes a store with so many policies. */
  void fill(int policies) {
    make(policies, stores -> Flood.fill(stores.policies(), fetched, 0, policies));
  }

  /** Makes a store of the good policies and of as many hostile ones. */
  void flood(int hostile, Report report) {
    String what = "flood of a store";
    make(
        hostile,
        stores ->
            Flood.run(
                stores.policies(),
                fetched,
                hostile,
                what,
                report,
                () ->
                    report.add(
                        what + ": file",
                        Figure.of(Unit.OCTETS, size(root.resolve("open").resolve(FILE))))));
    report.add(
        what + ": file once it is closed",
        Figure.of(Unit.OCTETS, size(root.resolve("open").resolve(FILE))));
  }

  /** Floods a store that cannot write, nor read. */
  void floodWithoutDatabase(int hostile, Report report) throws IOException {
    Path inTheWay = Files.createFile(root.resolve("file"));
    try (Stores stores = open(inTheWay, OpenService.MEMORY)) {
      Flood.run(stores.policies(), fetched, hostile, "flood of a failing store", report, () -> {});
    }
  }

  @FunctionalInterface
  private interface Filling {
    void into(Stores stores);
  }

  private void make(int policies, Filling filling) {
    Path open = root.resolve("open");
    try {
      Files.deleteIfExists(open.resolve(FILE));
      Files.createDirectories(directory(policies));
      try (Stores stores = open(open, OpenService.MEMORY)) {
        filling.into(stores);
        Files.copy(open.resolve(FILE), directory(policies).resolve(FILE));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stores open(Path directory, int memory) {
    Clock clock = Clock.systemUTC();
    return new Stores(new EmbeddedDatabase(directory, clock), memory, clock);
  }

  private static double size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
