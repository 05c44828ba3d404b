package org.jamessts.engine;

import java.time.Duration;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How much the processors have to do with what is under way. Each thing claims the share of them
 * that it takes while it waits for nothing but a stranger: what it takes of them, of the shortest
 * time of late that one like it took. It gives up its claim when it ends, or takes far longer than
 * that: then it waits for something else. Not safe for use by many threads.
 */
final class ProcessorClaims {

  /** All processors. */
  private static final long ALL = 1_000_000;

  /** So many at once are never too many for a machine. */
  private static final int FEW = 4;

  /** A claim lasts so long, or so many times as long as the shortest of late, if that is longer. */
  private static final Duration LASTS = Duration.ofMillis(100);

  private static final int LASTS_TIMES = 16;

  private static final Duration LONGEST = Duration.ofHours(1);

  private final long cost;
  private final NavigableSet<Claim> claims = new TreeSet<>();
  private long sum;
  private long made;

  /**
   * @param share of {@link #ALL}
   * @param end by {@link System#nanoTime}
   * @param number of this claim alone
   */
  record Claim(long share, long end, long number) implements Comparable<Claim> {

    @Override
    public int compareTo(Claim other) {
      // Its origin is arbitrary: only differences say anything.
      int order = Long.compare(end - other.end, 0);
      return order == 0 ? Long.compare(number, other.number) : order;
    }
  }

  /**
   * @param cost what one thing takes of all processors together; zero where it takes nothing
   */
  ProcessorClaims(Duration cost) {
    this.cost = cost.toNanos();
  }

  /**
   * For something that begins now.
   *
   * @param shortest nanoseconds that one like it took; where that is not known, the greatest
   *     number, by which nothing is claimed
   */
  Claim make(long shortest) {
    long time = Math.max(1, shortest);
    long lasts = LASTS_TIMES * Math.min(LONGEST.toNanos(), time);
    Claim claim =
        new Claim(
            Math.min(ALL / FEW, ALL * cost / time),
            System.nanoTime() + Math.max(LASTS.toNanos(), lasts),
            ++made);
    claims.add(claim);
    sum += claim.share();
    return claim;
  }

  void giveUp(Claim claim) {
    sum -= claims.remove(claim) ? claim.share() : 0;
  }

  /** Whether there is no more of the processors to be had. */
  boolean takeAll(long now) {
    while (!claims.isEmpty() && claims.first().end() - now < 0) {
      giveUp(claims.first());
    }
    return sum >= ALL;
  }
}
