package org.jamessts.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * The messages of which a validator's keys are made: DS and DNSKEY answers, as they came and not
 * yet validated. dnsjava goes the way from the root anew for each zone; from here its steps cost no
 * question. Equal questions that come at the same time are asked once. Safe for use by many
 * threads.
 */
final class KeyMessages {

  private static final long MAX_OCTETS = 16 * 1024 * 1024;
  private static final Duration LONGEST = Duration.ofHours(1);

  private record Kept(Message message, int octets, Instant until) {}

  private final Validation.Source source;
  private final Clock clock;
  private final Cache<DnsQuestion, Kept> kept =
      Caffeine.newBuilder()
          .maximumWeight(MAX_OCTETS)
          .weigher((DnsQuestion question, Kept entry) -> 200 + 2 * entry.octets())
          .executor(Runnable::run)
          .build();
  private final Map<DnsQuestion, CompletableFuture<Message>> running = new ConcurrentHashMap<>();

  /**
   * @param source is asked for what is not kept
   * @param clock tells when a message expires
   */
  KeyMessages(Validation.Source source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** The answer, kept or new. */
  Message get(DnsQuestion question, Deadline deadline) throws DnsFailureException {
    Optional<Message> known = known(question);
    if (known.isPresent()) {
      return known.get();
    }
    CompletableFuture<Message> mine = new CompletableFuture<>();
    CompletableFuture<Message> others = running.putIfAbsent(question, mine);
    if (others != null) {
      Optional<Message> answer = deadline.await(others);
      // Whoever asked may have had less time than we have.
      return answer.isPresent() ? answer.get() : source.ask(question, deadline);
    }
    try {
      // Once more now that it is our turn: another's question may have been answered since.
      known = known(question);
      Message answer = known.isPresent() ? known.get() : askAndKeep(question, deadline);
      mine.complete(answer);
      return answer;
    } finally {
      mine.cancel(false);
      running.remove(question, mine);
    }
  }

  private Optional<Message> known(DnsQuestion question) {
    return Optional.ofNullable(kept.getIfPresent(question))
        .filter(entry -> clock.instant().isBefore(entry.until()))
        .map(Kept::message);
  }

  private Message askAndKeep(DnsQuestion question, Deadline deadline) throws DnsFailureException {
    Message answer = source.ask(question, deadline);
    keep(question, answer);
    return answer;
  }

  private void keep(DnsQuestion question, Message answer) {
    long seconds = LONGEST.toSeconds();
    int records = 0;
    for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
      for (Record record : answer.getSection(section)) {
        seconds = Math.min(seconds, record.getTTL());
        records++;
      }
    }
    if (records > 0 && seconds > 0) {
      // A message that was put together here does not know its size before it is written.
      int octets = answer.toWire().length;
      kept.put(question, new Kept(answer, octets, clock.instant().plusSeconds(seconds)));
    }
  }

  /** Forgets these: one of them may be forged. */
  void forget(Collection<DnsQuestion> questions) {
    kept.invalidateAll(questions);
  }
}
