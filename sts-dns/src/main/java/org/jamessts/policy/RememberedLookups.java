package org.jamessts.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.PolicyFailure.Kind;

/**
 * What lookups found, as long as the DNS lets it be kept: nearly every mail is answered from here.
 * To forget one costs a lookup and nothing else, since the policies themselves are in the store.
 */
final class RememberedLookups {

  private static final long SECONDS_OF_DAY = 86_400;
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final int STRIPES = 1_024;

  private static final class Entry {
    private final PolicyLookup lookup;
    private final long untilMillis;
    private volatile long dayOfUse;

    Entry(PolicyLookup lookup, long untilMillis, long dayOfUse) {
      this.lookup = lookup;
      this.untilMillis = untilMillis;
      this.dayOfUse = dayOfUse;
    }

    int weight() {
      return lookup.policies().stream().mapToInt(KnownPolicy::weight).sum() + 1;
    }
  }

  private final Cache<DomainName, Entry> entries;
  private final UsedDomains used;

  /** Counts what was forgotten, for domains of one hash together. */
  private final AtomicIntegerArray forgotten = new AtomicIntegerArray(STRIPES);

  /**
   * @param room policies of ordinary length; as many domains without a policy
   * @param used is told once a day of each domain that is asked for
   */
  RememberedLookups(int room, UsedDomains used) {
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(2L * room)
            .weigher((DomainName domain, Entry entry) -> entry.weight())
            .executor(Runnable::run)
            .build();
    this.used = used;
  }

  Optional<PolicyLookup> get(DomainName domain, Instant now) {
    Entry entry = entries.getIfPresent(domain);
    if (entry == null || now.toEpochMilli() >= entry.untilMillis) {
      return Optional.empty();
    }
    long day = day(now);
    if (entry.dayOfUse != day) {
      entry.dayOfUse = day;
      used.add(domain);
    }
    return Optional.of(entry.lookup);
  }

  /** To be taken before a lookup begins, and handed to {@link #put} with its answer. */
  int ticket(DomainName domain) {
    return forgotten.get(stripe(domain));
  }

  /**
   * Remembers an answer that was just given to a mail, unless something was to be forgotten since
   * its lookup began. One that failed is remembered for a short while where no policy holds and the
   * DNS is to blame: not every mail need wait for the same silence.
   */
  void put(DomainName domain, TimedLookup found, Instant now, int ticket) {
    DomainName key = shared(domain, found.lookup());
    used.add(key);
    Instant until = now.plus(keep(found));
    for (KnownPolicy policy : found.lookup().policies()) {
      until = policy.expiresAt().isBefore(until) ? policy.expiresAt() : until;
    }
    if (until.isAfter(now)) {
      entries.put(key, new Entry(found.lookup(), until.toEpochMilli(), day(now)));
    } else {
      entries.invalidate(domain);
    }
    // Afterwards: what is forgotten from now on finds the entry.
    if (ticket != ticket(domain)) {
      entries.invalidate(domain);
    }
  }

  private static Duration keep(TimedLookup found) {
    Optional<PolicyFailure> failure = found.lookup().failure();
    if (failure.isEmpty()) {
      return found.keep();
    }
    boolean silence = failure.filter(cause -> cause.kind() == Kind.DNS).isPresent();
    return silence && found.lookup().policies().isEmpty() ? SILENCE : Duration.ZERO;
  }

  /** The same name, as an object that is kept anyway: the mail's own would take its memory too. */
  private static DomainName shared(DomainName domain, PolicyLookup lookup) {
    return lookup.policies().stream()
        .map(KnownPolicy::domain)
        .filter(domain::equals)
        .findFirst()
        .orElse(domain);
  }

  void forget(DomainName domain) {
    forgotten.incrementAndGet(stripe(domain));
    entries.invalidate(domain);
  }

  /** How many there are, about; some may have ended. */
  long size() {
    return entries.estimatedSize();
  }

  private static int stripe(DomainName domain) {
    return Math.floorMod(domain.hashCode(), STRIPES);
  }

  private static long day(Instant now) {
    return Math.floorDiv(now.getEpochSecond(), SECONDS_OF_DAY);
  }
}
