package org.jamessts.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;

/** The program that fills an embedded store, and is killed by whoever started it. */
final class StoreWriter {

  private StoreWriter() {}

  /**
   * Fills a store, tells so and waits.
   *
   * @param arguments the directory, how many policies, and the latest moment at which one was
   *     fetched
   */
  public static void main(String[] arguments) throws IOException {
    Clock clock = Clock.systemUTC();
    int policies = Integer.parseInt(arguments[1]);
    try (Stores stores =
        new Stores(new EmbeddedDatabase(Path.of(arguments[0]), clock), OpenService.MEMORY, clock)) {
      Flood.fill(stores.policies(), Instant.parse(arguments[2]), 0, policies);
      System.out.println("filled");
      ChildJvm.awaitParent();
    }
  }
}
