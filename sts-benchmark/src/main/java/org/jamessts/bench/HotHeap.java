package org.jamessts.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jamessts.bench.Figure.Unit;
import org.jamessts.policy.Slot;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;

/** The heap that policies in use take, in all that holds them. */
final class HotHeap {

  private static final int READ_BEFORE = 50_000;

  private HotHeap() {}

  /**
   * Measures it.
   *
   * @param directory of a store with twice as many policies
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
    try (Stores withoutMemory = new Stores(database, 0, clock);
        OpenService open = OpenService.open(database, Optional.empty())) {
      // The database's own cache of pages is full before, and afterwards.
      IntStream.range(policies, policies + Math.min(READ_BEFORE, policies))
          .mapToObj(TypicalPolicies::domain)
          .forEach(domain -> withoutMemory.policies().get(Slot.MTA_STS, domain));
      open.lookup(TypicalPolicies.domain(policies));
      long before = UsedHeap.octets();
      lookupAll(open, policies);
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
