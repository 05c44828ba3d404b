package org.jamessts.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;

/** Real stores in a directory of their own, which goes with them. */
public final class TemporaryStores implements AutoCloseable {

  private final Path directory;
  private final Stores stores;

  /**
   * Empty stores.
   *
   * @param memory ordinary policies kept in memory
   */
  public TemporaryStores(int memory, Clock clock) {
    try {
      this.directory = Files.createTempDirectory("sts-store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.stores = new Stores(new EmbeddedDatabase(directory, clock), memory, clock);
  }

  /** The stores. */
  public Stores stores() {
    return stores;
  }

  @Override
  public void close() {
    stores.close();
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
