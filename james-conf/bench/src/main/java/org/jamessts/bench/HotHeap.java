package org.jamessts.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jamessts.bench.Figure.Unit;
import org.jamessts.store.EmbeddedDatabase;

/** The heap that policies in use take, in all that holds them. */
final class HotHeap {

  private HotHeap() {}

  /**
   * Measures it.
   *
   * @param directory of a store with more policies
   * @param policies how many are used
   * @return octets of all of them
   */
  static Figure of(Path directory, int policies, int rounds) {
    List<Double> octets = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      octets.add(measure(directory, policies));
    }
    return new Figure(Unit.OCTETS, octets);
  }

  private static double measure(Path directory, int policies) {
    Clock clock = Clock.systemUTC();
    EmbeddedDatabase database = new EmbeddedDatabase(directory, clock);
    try (OpenService open = OpenService.open(database, Optional.empty())) {
      open.lookup(TypicalPolicies.domain(policies));
      // Closed, the database has no pages in memory; it opens again by itself.
      database.close();
      long before = UsedHeap.octets();
      lookupAll(open, policies);
      database.close();
      long after = UsedHeap.octets();
      long questions = open.dns().questions();
      lookupAll(open, policies);
      if (open.dns().questions() != questions) {
        throw new IllegalStateException("not all of the policies were in memory");
      }
      return (double) after - before;
    }
  }

  private static void lookupAll(OpenService open, int policies) {
    IntStream.range(0, policies).mapToObj(TypicalPolicies::domain).forEach(open::lookup);
  }
}
