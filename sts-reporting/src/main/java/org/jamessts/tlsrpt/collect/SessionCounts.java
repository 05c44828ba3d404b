package org.jamessts.tlsrpt.collect;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionRecorder;
import org.jamessts.tlsrpt.SessionResult;

/**
 * Counts in memory, of what the store has not yet. There are several places to count at: who finds
 * one in use goes to the next, so that nobody waits. Safe for use by many threads.
 */
final class SessionCounts implements SessionRecorder {

  /** A power of two, and more than threads that could count at the same moment. */
  private static final int PLACES = 32;

  /** What an object takes beside its text. */
  private static final int OVERHEAD = 150;

  /** The part of the memory that what hosts showed leaves to counts. */
  private static final double FOR_COUNTS = 0.5;

  private final SessionLimits limits;
  private final Place[] places = new Place[PLACES];
  private final AtomicLong taken = new AtomicLong();
  private final LongAdder dropped = new LongAdder();

  SessionCounts(SessionLimits limits) {
    this.limits = limits;
    for (int i = 0; i < PLACES; i++) {
      places[i] = new Place();
    }
  }

  @Override
  public void record(SessionResult result) {
    Key key = new Key(LocalDate.ofInstant(result.at(), ZoneOffset.UTC), result.policy());
    for (int i = 0; i < PLACES; i++) {
      Place place = places[(key.home + i) & (PLACES - 1)];
      if (place.lock.tryLock()) {
        try {
          place.add(key, result);
        } finally {
          place.lock.unlock();
        }
        return;
      }
    }
    dropped.increment();
  }

  /** How many sessions were not counted since the start. */
  long dropped() {
    return dropped.sum();
  }

  /** Sessions that were counted here and then got no place in the store. */
  void drop(long sessions) {
    dropped.add(sessions);
  }

  /** What part of the memory is in use, from 0 to 1. */
  double fill() {
    return (double) taken.get() / limits.octets();
  }

  /**
   * What was counted.
   *
   * @param policies what happened, each policy of a day once
   * @param octets that it takes, to be given {@link #back}
   */
  record Taken(List<SessionBatch.Increment> policies, long octets) {}

  /** Takes away what was counted; who counts meanwhile does so for the next time. */
  Taken take() {
    Map<Key, Counts> all = new HashMap<>();
    long octets = 0;
    for (Place place : places) {
      Map<Key, Counts> counted;
      place.lock.lock();
      try {
        counted = place.counts;
        octets += place.octets;
        place.counts = new HashMap<>();
        place.octets = 0;
      } finally {
        place.lock.unlock();
      }
      counted.forEach((key, counts) -> all.merge(key, counts, Counts::plus));
    }
    List<SessionBatch.Increment> policies = new ArrayList<>();
    all.forEach(
        (key, counts) ->
            policies.add(new SessionBatch.Increment(key.day, counts.summary(key.policy))));
    return new Taken(policies, octets);
  }

  /** What was taken away is needed no more. */
  void back(Taken kept) {
    taken.addAndGet(-kept.octets());
  }

  /** One policy on one day. */
  private static final class Key {
    private final LocalDate day;
    private final AppliedPolicy policy;
    private final int hash;
    private final int home;

    Key(LocalDate day, AppliedPolicy policy) {
      this.day = day;
      this.policy = policy;
      this.hash = 31 * day.hashCode() + policy.hashCode();
      // By high bits: what shares a place should be spread in its map.
      this.home = (hash * 0x9E3779B9) >>> 24;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && hash == key.hash
          && day.equals(key.day)
          && policy.equals(key.policy);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final class Place {
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Key, Counts> counts = new HashMap<>();
    private long octets;

    void add(Key key, SessionResult result) {
      Counts ofPolicy = counts.get(key);
      if (ofPolicy == null) {
        if (!takes(sizeOf(key.policy))) {
          dropped.increment();
          return;
        }
        ofPolicy = new Counts();
        counts.put(key, ofPolicy);
      }
      if (result.failures().isEmpty()) {
        ofPolicy.successful++;
        return;
      }
      ofPolicy.failed++;
      for (SessionFailure failure : result.failures()) {
        count(bounded(SessionLimits.cut(failure), ofPolicy), result.details(), ofPolicy);
      }
    }

    private void count(SessionFailure failure, Optional<ForensicDetails> details, Counts ofPolicy) {
      Tally tally = ofPolicy.failures.get(failure);
      if (tally == null) {
        // Merged failures are of many hosts: what one of them showed would mislead.
        tally = new Tally(SessionLimits.isMerged(failure) ? Optional.empty() : kept(details));
        ofPolicy.failures.put(failure, tally);
      }
      tally.sessions++;
    }

    private Optional<ForensicDetails> kept(Optional<ForensicDetails> details) {
      return details.filter(
          shown ->
              taken.get() + shown.size() <= limits.octets() * FOR_COUNTS && takes(shown.size()));
    }

    private SessionFailure bounded(SessionFailure failure, Counts ofPolicy) {
      boolean fits =
          ofPolicy.failures.containsKey(failure)
              || (ofPolicy.failures.size() < limits.failuresPerDomain()
                  && takes(2L * OVERHEAD + failure.reason().length()));
      return fits ? failure : SessionLimits.merged(failure);
    }

    private boolean takes(long more) {
      if (taken.addAndGet(more) > limits.octets()) {
        taken.addAndGet(-more);
        return false;
      }
      octets += more;
      return true;
    }
  }

  private static long sizeOf(AppliedPolicy policy) {
    return 2L * OVERHEAD
        + Stream.of(policy.policyString(), policy.mxHost())
            .flatMap(List::stream)
            .mapToLong(text -> OVERHEAD / 2 + text.length())
            .sum();
  }

  private static final class Counts {
    private final Map<SessionFailure, Tally> failures = new LinkedHashMap<>(1);
    private long successful;
    private long failed;

    Counts plus(Counts other) {
      successful += other.successful;
      failed += other.failed;
      other.failures.forEach((failure, tally) -> failures.merge(failure, tally, Tally::plus));
      return this;
    }

    PolicySummary summary(AppliedPolicy policy) {
      List<CountedFailure> counted = new ArrayList<>();
      failures.forEach(
          (failure, tally) ->
              counted.add(new CountedFailure(failure, tally.sessions, tally.details)));
      return new PolicySummary(policy, successful, failed, counted);
    }
  }

  /** In how many sessions a failure was seen, and what the first of them showed. */
  private static final class Tally {
    private final Optional<ForensicDetails> details;
    private long sessions;

    Tally(Optional<ForensicDetails> details) {
      this.details = details;
    }

    Tally plus(Tally other) {
      Tally sum = new Tally(details.or(() -> other.details));
      sum.sessions = sessions + other.sessions;
      return sum;
    }
  }
}
