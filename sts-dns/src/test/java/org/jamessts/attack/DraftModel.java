package org.jamessts.attack;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyLookup;

/**
 * Which answers are allowed for a domain by the draft of 2016. A record counts when the domain's
 * own server has served the same text at the place that the kept policy names (draft -00 §3.5), or
 * the first one itself (§3.3), and from then on for its {@code e} and the TTL of the record (§3.2).
 */
final class DraftModel {

  /** What the records of the test DNS live. */
  static final Duration TTL = Duration.ofSeconds(60);

  /**
   * A policy for which the domain has vouched.
   *
   * @param since the first time; a candidate may, but need not, be renewed by the later ones, since
   *     who refreshes a confirmed policy compares the answer with that one
   * @param at the last time
   */
  private record Vouched(DraftText text, Instant since, Instant at, Duration slack) {
    /** The first moment at which it may be over. */
    Instant sure() {
      return since.plus(text.lifetime()).plus(TTL).minus(slack);
    }

    Instant until() {
      return at.plus(text.lifetime()).plus(TTL);
    }

    boolean says(DraftText other) {
      return text.equals(other);
    }
  }

  /** How much less than the whole TTL may be left of a record that a cache had. */
  private final Duration slack;

  private Optional<Vouched> confirmed = Optional.empty();
  private Optional<Vouched> candidate = Optional.empty();

  DraftModel(boolean cached) {
    this.slack = cached ? TTL : Duration.ZERO;
  }

  /**
   * The domain's own server has served a text, while the DNS showed these records.
   *
   * @param path where
   */
  void serve(DraftText text, String path, Set<String> shown, Instant at) {
    forgetExpired(at);
    if (shown.contains(text.text()) && vouches(text, path)) {
      Instant now = at.truncatedTo(ChronoUnit.MICROS);
      vouch(new Vouched(text, now, now, slack));
    }
  }

  private boolean vouches(DraftText text, String path) {
    Optional<DraftText> holding = holding().map(Vouched::text);
    // Who is kept already may be asked again where it said itself.
    boolean own = holding.isEmpty() || isKept(text);
    return (own && text.path().filter(path::equals).isPresent())
        || holding.flatMap(DraftText::path).filter(path::equals).isPresent();
  }

  private boolean isKept(DraftText text) {
    return Stream.of(confirmed, candidate).flatMap(Optional::stream).anyMatch(v -> v.says(text));
  }

  private void vouch(Vouched vouched) {
    boolean again = confirmed.filter(known -> known.says(vouched.text())).isPresent();
    if (again || (confirmed.isPresent() && !vouched.text().tlsOnly())) {
      confirmed = Optional.of(vouched);
      candidate = Optional.empty();
    } else {
      Instant since =
          candidate
              .filter(known -> known.says(vouched.text()))
              .map(Vouched::since)
              .orElse(vouched.since());
      candidate = Optional.of(new Vouched(vouched.text(), since, vouched.at(), slack));
    }
  }

  /** Mail went by a policy that was a candidate when the mail's lookup found it; it may be gone. */
  void confirm(String text, Instant now) {
    forgetExpired(now);
    Optional<Vouched> proven = candidate.filter(known -> known.text().text().equals(text));
    if (proven.isPresent()) {
      confirmed = proven;
      candidate = Optional.empty();
    }
  }

  private void forgetExpired(Instant now) {
    confirmed = confirmed.filter(policy -> now.isBefore(policy.until()));
    candidate = candidate.filter(policy -> now.isBefore(policy.until()));
  }

  private Optional<Vouched> holding() {
    return confirmed.or(() -> candidate);
  }

  /** The end of the policy in force, or the moment at which it may be over. */
  Optional<Instant> end(boolean earliest) {
    return holding().map(earliest ? Vouched::sure : Vouched::until);
  }

  /** Whether nobody can tell, since a cache may have had the record for a while. */
  boolean isUnclear(Instant now) {
    return Stream.of(confirmed, candidate)
        .flatMap(Optional::stream)
        .anyMatch(policy -> !now.isBefore(policy.sure()) && now.isBefore(policy.until()));
  }

  Optional<DraftText> mechanismOwner() {
    return holding().map(Vouched::text);
  }

  /**
   * What is wrong with an answer, where MTA-STS has none.
   *
   * @param shown what the DNS showed a short while ago, or shows
   */
  Optional<String> faultOf(PolicyLookup lookup, Instant now, Set<String> shown) {
    forgetExpired(now);
    if (isUnclear(now)) {
      return Optional.empty();
    }
    String wanted = "confirmed is %s, candidate %s".formatted(confirmed, candidate);
    if (!(lookup instanceof PolicyLookup.Draft draft)) {
      return holding().isEmpty() ? Optional.empty() : Optional.of(lookup + " where " + wanted);
    }
    boolean good;
    if (holding().isEmpty()) {
      good =
          draft.policy().standing() == Standing.UNAUTHENTICATED
              && draft.successor().isEmpty()
              && shown.contains(draft.policy().text());
    } else {
      Optional<Vouched> successor = confirmed.isPresent() ? candidate : Optional.empty();
      good =
          isThat(draft.policy(), holding().get())
              && (draft.policy().standing() == Standing.CONFIRMED) == confirmed.isPresent()
              && draft.policy().standing() != Standing.UNAUTHENTICATED
              && draft.successor().isPresent() == successor.isPresent()
              && successor.stream().allMatch(s -> isThat(draft.successor().orElseThrow(), s));
    }
    return good ? Optional.empty() : Optional.of(draft + " where " + wanted);
  }

  private static boolean isThat(KnownDraftPolicy answer, Vouched policy) {
    return answer.text().equals(policy.text().text())
        && !answer.fetchedAt().isBefore(policy.since())
        && !answer.fetchedAt().isAfter(policy.at())
        && !answer.expiresAt().isBefore(policy.sure())
        && !answer.expiresAt().isAfter(policy.until());
  }
}
