package org.jamessts.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.RefreshSchedule;
import org.jamessts.policy.Slot;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;

/** What the schedule of refreshes asks of a store that has so many policies. */
final class ScheduleCost implements AutoCloseable {

  private static final int AT_ONCE = 8;
  private static final int USED = 100;
  private static final int NEAR_END = 100;
  private static final int SEEN = 1_000;
  private static final Duration LEASE = Duration.ofMinutes(10);

  private final int policies;
  private final Instant fetched;
  private final Stores stores;
  private final RefreshSchedule schedule;
  private final Random random = new Random(17);
  private final List<Double> claims = new ArrayList<>();
  private final List<Double> uses = new ArrayList<>();
  private final List<Double> counts = new ArrayList<>();
  private int steps;

  /**
   * Opens a store.
   *
   * @param policies how many it has
   * @param fetched the latest moment at which one was fetched
   */
  ScheduleCost(Path directory, int policies, Instant fetched) {
    this.policies = policies;
    this.fetched = fetched;
    this.stores =
        new Stores(new EmbeddedDatabase(directory, Clock.systemUTC()), 0, Clock.systemUTC());
    this.schedule = stores.refreshes();
    if (stores.policies().get(Slot.MTA_STS, TypicalPolicies.domain(0)).isEmpty()) {
      throw new IllegalStateException("the store is empty");
    }
  }

  /** Each question once; measured only if so wished. */
  void step(boolean measured) {
    // All are due: a day after the last fetch, and later with each step.
    Instant now = fetched.plus(Duration.ofDays(1)).plus(Duration.ofMinutes(steps++));
    timed(claims, measured, () -> claim(now));
    // Those of domains to which mail went more than an hour before are noted.
    Instant later = now.plus(Duration.ofHours(2L * steps));
    List<DomainName> domains =
        random.ints(USED, 0, policies).mapToObj(TypicalPolicies::domain).toList();
    timed(uses, measured, () -> schedule.used(domains, later));
    timed(counts, measured, () -> count(whenAHundredAreNear(), NEAR_END / 2));
  }

  private void claim(Instant now) {
    int claimed = schedule.claim(now, AT_ONCE, LEASE).size();
    if (claimed != AT_ONCE) {
      throw new IllegalStateException(claimed + " policies were due");
    }
  }

  private void count(Instant now, int atLeast) {
    int near = schedule.expiringSoon(now);
    if (near < atLeast) {
      throw new IllegalStateException(near + " policies were near their end");
    }
  }

  /** They were fetched over a day, and the last quarter of their week begins one by one. */
  private Instant whenAHundredAreNear() {
    Duration lifetime = Duration.ofDays(7);
    return fetched
        .minus(Duration.ofDays(1))
        .plus(lifetime.multipliedBy(3).dividedBy(4))
        .plus(Duration.ofDays(1).multipliedBy(NEAR_END).dividedBy(policies));
  }

  /** When all are, it must not count all. */
  Figure countOfAll() {
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      timed(all, i >= 10, () -> count(fetched.plus(Duration.ofHours(5 * 24 + 7)), SEEN));
    }
    return Jmh.time(all);
  }

  private static void timed(List<Double> nanos, boolean measured, Runnable work) {
    long start = System.nanoTime();
    work.run();
    if (measured) {
      nanos.add((double) System.nanoTime() - start);
    }
  }

  Figure claims() {
    return Jmh.time(claims);
  }

  Figure uses() {
    return Jmh.time(uses);
  }

  Figure counts() {
    return Jmh.time(counts);
  }

  @Override
  public void close() {
    stores.close();
  }
}
