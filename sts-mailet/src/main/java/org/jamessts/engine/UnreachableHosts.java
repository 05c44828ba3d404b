package org.jamessts.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers addresses at which nobody answers, so that not every mail waits there for nothing.
 * After some attempts in a row without a conversation an address is left alone for a while, which
 * doubles each time; then one mail tries for all. It says only where not to look: what a host has
 * to prove is the same whichever of its addresses is left. Safe for use by many threads.
 */
public final class UnreachableHosts {

  /** So many failures in a row are no accident. */
  static final int FAILURES = 3;

  static final Duration FIRST_REST = Duration.ofSeconds(15);
  static final Duration LONGEST_REST = Duration.ofMinutes(10);

  /** Whoever tries for all has this long; then another does. */
  static final Duration TRIAL = Duration.ofMinutes(2);

  private static final int REMEMBERED = 20_000;
  private static final Duration FORGOTTEN = Duration.ofHours(1);

  private final Clock clock;
  private final Cache<InetSocketAddress, Failures> failures =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(FORGOTTEN).build();

  /**
   * Why an address is left alone.
   *
   * @param since when it last failed
   * @param until when it is tried again
   * @param detail how it failed, in words
   */
  public record Rest(Instant since, Instant until, String detail) {}

  /**
   * What is remembered of an address.
   *
   * @param inRow failures before the first rest
   * @param rests how many rests there were, the present one included; none for the first failures
   * @param onTrial whether somebody tries for all
   */
  private record Failures(
      int inRow, int rests, boolean onTrial, Instant since, Instant until, String detail) {

    Rest rest() {
      return new Rest(since, until, detail);
    }
  }

  /**
   * @param clock tells the time
   */
  public UnreachableHosts(Clock clock) {
    this.clock = clock;
  }

  /**
   * Asks whether to try an address. Of those who ask after a rest the first is told to, and the
   * others not before he is back: he has to say {@link #failed} or {@link #answered}.
   *
   * @return why not; empty to try
   */
  public Optional<Rest> restOf(InetSocketAddress peer) {
    Failures known = failures.getIfPresent(peer);
    if (known == null || known.rests() == 0) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (now.isBefore(known.until())) {
      return Optional.of(known.rest());
    }
    Failures onTrial =
        new Failures(
            known.inRow(), known.rests(), true, known.since(), now.plus(TRIAL), known.detail());
    return failures.asMap().replace(peer, known, onTrial)
        ? Optional.empty()
        : Optional.of(known.rest());
  }

  /** There was no conversation. */
  public void failed(InetSocketAddress peer, String detail) {
    Instant now = clock.instant();
    failures.asMap().compute(peer, (any, known) -> after(known, now, detail));
  }

  /** There was one, however it ended. */
  public void answered(InetSocketAddress peer) {
    failures.invalidate(peer);
  }

  /** How many addresses are left alone now. */
  public int size() {
    Instant now = clock.instant();
    return (int)
        failures.asMap().values().stream()
            .filter(known -> known.rests() > 0 && now.isBefore(known.until()))
            .count();
  }

  private static Failures after(@Nullable Failures known, Instant now, String detail) {
    int inRow = known == null ? 1 : known.inRow() + 1;
    if (inRow < FAILURES) {
      return new Failures(inRow, 0, false, now, now, detail);
    }
    int rests = known == null ? 0 : known.rests();
    if (known != null && rests > 0 && !known.onTrial()) {
      // It was tried before the rest began: no news.
      return known;
    }
    return new Failures(FAILURES, rests + 1, false, now, now.plus(length(rests)), detail);
  }

  /** Of the rest that follows so many. */
  private static Duration length(int rests) {
    Duration length = FIRST_REST.multipliedBy(1L << Math.min(rests, 10));
    return length.compareTo(LONGEST_REST) < 0 ? length : LONGEST_REST;
  }
}
