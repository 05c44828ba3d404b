package org.jamessts.whatif;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jamessts.whatif.Judgement.Outcome;

/**
 * What has been found so far. It counts all judgements, and keeps those that an operator wants to
 * see: of domains whose mail would wait, or of which nothing tells. Safe for use by many threads.
 */
public final class Answer {

  /** Of each outcome that is kept. */
  static final int KEPT = 20_000;

  private final String id = UUID.randomUUID().toString();
  private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
  private final Map<Outcome, List<Judgement>> kept = new EnumMap<>(Outcome.class);
  private long asked;

  /** Nothing yet. */
  public Answer() {
    kept.put(Outcome.DEFERRED, new ArrayList<>());
    kept.put(Outcome.NOT_KNOWN, new ArrayList<>());
  }

  /** By which it is found again. */
  public String id() {
    return id;
  }

  synchronized void willJudge(long domains) {
    asked = domains;
  }

  synchronized void add(Judgement judgement) {
    counts.merge(judgement.outcome(), 1L, Long::sum);
    List<Judgement> of = kept.get(judgement.outcome());
    if (of != null && of.size() < KEPT) {
      of.add(judgement);
    }
  }

  /** How many domains are judged in all; 0 before that is known. */
  public synchronized long asked() {
    return asked;
  }

  /** How many were judged so. */
  public synchronized long count(Outcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }

  /** Judgements of one outcome, in the order of their domains; of each, the first 20,000 found. */
  public synchronized List<Judgement> page(Outcome outcome, int offset, int limit) {
    return kept.getOrDefault(outcome, List.of()).stream()
        .sorted(Comparator.comparing(Judgement::domain))
        .skip(offset)
        .limit(limit)
        .toList();
  }
}
