package org.jamessts.bench;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jamessts.bench.Figure.Unit;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.Slot;

/** Somebody makes a store keep policies of as many domains as he likes (RFC 8461 §10.2). */
final class Flood {

  /** Policies that were there before him. */
  static final int GOOD = 1_000;

  private Flood() {}

  /**
   * Floods an empty store and sees to it that nothing was lost.
   *
   * @param fetched the latest moment at which a policy was fetched
   * @param hostile how many domains he has
   */
  static void run(
      PolicyStore store, Instant fetched, int hostile, String what, Report report, Runnable atEnd) {
    long heapBefore = UsedHeap.octets();
    fill(store, fetched, 0, GOOD);
    long start = System.nanoTime();
    int taken = fill(store, fetched, GOOD, hostile);
    double nanos = System.nanoTime() - start;
    atEnd.run();
    double heap = (double) UsedHeap.octets() - heapBefore;
    report.add(what + ": time", Figure.of(Unit.TIME, nanos));
    report.add(what + ": time per domain", Figure.of(Unit.TIME, nanos / hostile));
    report.add(what + ": heap", Figure.of(Unit.OCTETS, heap));
    report.add(what + ": domains taken", Figure.of(Unit.COUNT, taken));
    report.add(
        what + ": good policies forgotten of 1,000",
        Figure.of(Unit.COUNT, lost(store, fetched)),
        0);
  }

  /**
   * Puts policies.
   *
   * @return how many the store took
   */
  static int fill(PolicyStore store, Instant fetched, int from, int count) {
    int taken = 0;
    for (int i = from; i < from + count; i++) {
      taken += store.put(TypicalPolicies.policy(i, fetched)) ? 1 : 0;
    }
    return taken;
  }

  private static double lost(PolicyStore store, Instant fetched) {
    return IntStream.range(0, GOOD)
        .mapToObj(number -> TypicalPolicies.policy(number, fetched))
        .filter(policy -> !isKept(store, policy))
        .count();
  }

  private static boolean isKept(PolicyStore store, KnownMtaStsPolicy policy) {
    Optional<KnownPolicy> kept = store.get(Slot.MTA_STS, policy.domain());
    return kept.filter(policy::equals).isPresent();
  }
}
