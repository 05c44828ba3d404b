package org.jamessts.dns;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.xbill.DNS.Record;

/**
 * Keeps answers until they expire or, when full, until others were used later. Equal questions that
 * come at the same time are asked once. Failures are not kept.
 */
final class DnsCache {

  private record Kept(DnsAnswer<Record> answer, Instant until) {}

  private final Clock clock;
  private final Map<DnsQuestion, Kept> entries;
  private final Map<DnsQuestion, CompletableFuture<DnsAnswer<Record>>> running =
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
  DnsAnswer<Record> get(DnsQuestion question, Function<DnsQuestion, DnsReply> lookup) {
    return kept(question).orElseGet(() -> getFresh(question, lookup));
  }

  /** The answer of a lookup that is running, or of a new one; it is kept. */
  DnsAnswer<Record> getFresh(DnsQuestion question, Function<DnsQuestion, DnsReply> lookup) {
    CompletableFuture<DnsAnswer<Record>> mine = new CompletableFuture<>();
    CompletableFuture<DnsAnswer<Record>> others = running.putIfAbsent(question, mine);
    if (others != null) {
      // Bounded, since the lookup that runs is.
      return others.join();
    }
    try {
      DnsReply reply = lookup.apply(question);
      keep(question, reply);
      mine.complete(reply.answer());
      return reply.answer();
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      running.remove(question, mine);
    }
  }

  private Optional<DnsAnswer<Record>> kept(DnsQuestion question) {
    synchronized (entries) {
      Kept entry = entries.get(question);
      if (entry == null) {
        return Optional.empty();
      }
      if (clock.instant().isBefore(entry.until())) {
        return Optional.of(entry.answer());
      }
      entries.remove(question);
      return Optional.empty();
    }
  }

  private void keep(DnsQuestion question, DnsReply reply) {
    if (!reply.keep().isZero()) {
      synchronized (entries) {
        entries.put(question, new Kept(reply.answer(), clock.instant().plus(reply.keep())));
      }
    }
  }
}
