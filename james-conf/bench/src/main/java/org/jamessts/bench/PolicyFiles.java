package org.jamessts.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

  /** Makes a store with so many policies, in a process that is killed then. */
  void fill(int policies) {
    String directory = directory(policies).toString();
    try (ChildJvm writer =
        ChildJvm.start(StoreWriter.class, "1g", directory, policies + "", fetched.toString())) {
      writer.line();
    }
  }

  /** How large the file of a store is. */
  Figure size(int policies) {
    return Figure.of(Unit.OCTETS, size(directory(policies).resolve(FILE)));
  }

  /** A copy of a store that nobody has opened since; the copy before it is gone. */
  Path unopened(int policies) {
    Path copy = root.resolve("unopened");
    try {
      Files.createDirectories(copy);
      Files.copy(
          directory(policies).resolve(FILE),
          copy.resolve(FILE),
          StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a store of the good policies and of as many hostile ones. */
  void flood(int hostile, Report report) throws IOException {
    String what = "flood of a store";
    Path open = root.resolve("open");
    Path file = open.resolve(FILE);
    Files.createDirectories(directory(hostile));
    try (Stores stores = open(open, OpenService.MEMORY)) {
      Flood.run(
          stores.policies(),
          fetched,
          hostile,
          what,
          report,
          () -> report.add(what + ": file", Figure.of(Unit.OCTETS, size(file))));
      Files.copy(file, directory(hostile).resolve(FILE));
    }
    report.add(what + ": file once it is closed", Figure.of(Unit.OCTETS, size(file)));
    Files.delete(file);
  }

  /** Floods a store that cannot write, nor read. */
  void floodWithoutDatabase(int hostile, Report report) throws IOException {
    Path inTheWay = Files.createFile(root.resolve("file"));
    try (Stores stores = open(inTheWay, OpenService.MEMORY)) {
      Flood.run(stores.policies(), fetched, hostile, "flood of a failing store", report, () -> {});
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
