package org.jamessts.dns;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.xbill.DNS.Record;

/**
 * Keeps answers until they expire or, when full, until others were used later. Equal questions that
 * come at the same time are asked once. Failures are not kept.
 */
final class DnsCache {

  private record Kept(DnsAnswer<Record> answer, Instant until) {
    DnsReply<Record> at(Instant now) {
      return new DnsReply<>(answer, Duration.between(now, until));
    }
  }

  private final Clock clock;
  private final AtomicInteger generation = new AtomicInteger();
  private final Map<DnsQuestion, Kept> entries;
  private final Map<DnsQuestion, CompletableFuture<DnsReply<Record>>> running =
      new ConcurrentHashMap<>();

  DnsCache(int capacity, Clock clock) {
    if (capacity < 0) {
      throw new IllegalArgumentException("a cache of " + capacity + " entries");
    }
    this.clock = clock;
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<DnsQuestion, Kept> eldest) {
            return size() > capacity;
          }
        };
  }

  /** The kept answer; or that of the lookup, which the first of equal questions runs. */
  DnsReply<Record> get(DnsQuestion question, Function<DnsQuestion, DnsReply<Record>> lookup) {
    // Once more when it is our turn: another's lookup may have ended since.
    return kept(question)
        .orElseGet(
            () -> getFresh(question, asked -> kept(asked).orElseGet(() -> lookup.apply(asked))));
  }

  /** The answer of a lookup that is running, or of a new one; it is kept. */
  DnsReply<Record> getFresh(DnsQuestion question, Function<DnsQuestion, DnsReply<Record>> lookup) {
    CompletableFuture<DnsReply<Record>> mine = new CompletableFuture<>();
    CompletableFuture<DnsReply<Record>> others = running.putIfAbsent(question, mine);
    if (others != null) {
      // Bounded, since the lookup that runs is.
      return others.join();
    }
    try {
      int begun = generation.get();
      DnsReply<Record> reply = lookup.apply(question);
      keep(question, reply, begun);
      mine.complete(reply);
      return reply;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      running.remove(question, mine);
    }
  }

  /** Forgets everything, also what is being asked now. */
  void clear() {
    synchronized (entries) {
      generation.incrementAndGet();
      entries.clear();
    }
  }

  /** The kept answer, if it still holds. */
  Optional<DnsReply<Record>> kept(DnsQuestion question) {
    synchronized (entries) {
      Kept entry = entries.get(question);
      if (entry == null) {
        return Optional.empty();
      }
      Instant now = clock.instant();
      if (now.isBefore(entry.until())) {
        return Optional.of(entry.at(now));
      }
      entries.remove(question);
      return Optional.empty();
    }
  }

  private void keep(DnsQuestion question, DnsReply<Record> reply, int begun) {
    if (!reply.keep().isZero()) {
      synchronized (entries) {
        if (generation.get() == begun) {
          entries.put(question, new Kept(reply.answer(), clock.instant().plus(reply.keep())));
        }
      }
    }
  }
}
