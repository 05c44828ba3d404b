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

  private static final int MAX_ATTEMPTS = 100;

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

  /** Where they are, until they are closed. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    stores.close();
    for (int attempt = 1; ; attempt++) {
      try {
        delete();
        return;
      } catch (IOException e) {
        // A call that was under way may have made a file since they were listed.
        if (attempt == MAX_ATTEMPTS) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void delete() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }
}
