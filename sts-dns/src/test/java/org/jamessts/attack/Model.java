package org.jamessts.attack;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyLookup;

/**
 * Which answers are allowed for a domain, by RFC 8461 alone: the policy that its host last served
 * over an authenticated connection, until it expires. Knows what was served and when, and nothing
 * of the service.
 */
final class Model {

  /** A policy that was served. */
  private record Served(PolicyText policy, Instant at) {
    Instant until() {
      return at.plus(policy.lifetime());
    }

    boolean holdsAt(Instant now) {
      return now.isBefore(until());
    }
  }

  private final Optional<KnownMtaStsPolicy> preload;

  /** The newest first; more than one where a full memory may have refused the newest. */
  private List<Served> served = List.of();

  private boolean mayBeRefused;

  /**
   * Earlier ones that the database may still have, since it failed when a later one was to be
   * written: they may come back when the later one has expired and its place in memory was needed.
   */
  private List<Served> overtaken = List.of();

  Model(Optional<KnownMtaStsPolicy> preload) {
    this.preload = preload;
  }

  /**
   * The domain's own server has served a policy.
   *
   * @param kept false when a full memory may refuse it, if nothing was known of the domain
   * @param written whether the database works
   */
  void serve(PolicyText policy, Instant at, boolean kept, boolean written) {
    overtaken = written ? List.of() : Stream.concat(served.stream(), overtaken.stream()).toList();
    Served newest = new Served(policy, at.truncatedTo(ChronoUnit.MICROS));
    if (kept || isKnown(at)) {
      served = List.of(newest);
      mayBeRefused = false;
    } else {
      List<Served> all = new ArrayList<>(List.of(newest));
      all.addAll(served);
      served = List.copyOf(all);
      mayBeRefused = true;
    }
  }

  private boolean isKnown(Instant now) {
    return !mayBeRefused && holding(now).findAny().isPresent();
  }

  private Stream<Served> holding(Instant now) {
    return served.stream().filter(policy -> policy.holdsAt(now));
  }

  /** The end of the policy that was served last. */
  Optional<Instant> end() {
    return served.stream().findFirst().map(Served::until);
  }

  private boolean isPreloaded(Instant now) {
    return preload.filter(policy -> policy.holdsAt(now)).isPresent();
  }

  /**
   * What is wrong with an answer by RFC 8461.
   *
   * @param justServed whether the domain's server served a policy in the course of this lookup
   * @param memoryMayLack whether only the database may know what is kept, and cannot be read
   */
  Optional<String> faultOf(
      PolicyLookup lookup, Instant now, boolean justServed, boolean memoryMayLack) {
    List<Served> allowed = justServed ? served.subList(0, 1) : holding(now).toList();
    boolean nothingAllowed = allowed.isEmpty() || (!justServed && (mayBeRefused || memoryMayLack));
    if (lookup instanceof PolicyLookup.Known known) {
      return allowed.stream().anyMatch(policy -> isThat(known.policy(), policy))
              || (allowed.isEmpty() && isOvertaken(known.policy(), now))
              || (nothingAllowed
                  && isPreloaded(now)
                  && preload.filter(known.policy()::equals).isPresent())
          ? Optional.empty()
          : Optional.of(shown(known.policy()) + " where " + wanted(allowed, nothingAllowed));
    }
    return nothingAllowed && !isPreloaded(now)
        ? Optional.empty()
        : Optional.of("no MTA-STS policy where " + wanted(allowed, nothingAllowed));
  }

  private boolean isOvertaken(KnownMtaStsPolicy answer, Instant now) {
    return overtaken.stream().anyMatch(s -> s.holdsAt(now) && isThat(answer, s));
  }

  private static boolean isThat(KnownMtaStsPolicy answer, Served policy) {
    return answer.text().equals(policy.policy().text())
        && answer.fetchedAt().equals(policy.at())
        && answer.expiresAt().equals(policy.until());
  }

  private static String shown(KnownMtaStsPolicy policy) {
    return "\"%s\" of %s".formatted(policy.text().replace('\n', '|'), policy.fetchedAt());
  }

  private String wanted(List<Served> allowed, boolean nothingAllowed) {
    return "allowed is "
        + allowed.stream()
            .map(s -> "\"%s\" of %s".formatted(s.policy().text().replace('\n', '|'), s.at()))
            .toList()
        + (nothingAllowed ? " or what is preloaded, if anything is" : "");
  }
}
