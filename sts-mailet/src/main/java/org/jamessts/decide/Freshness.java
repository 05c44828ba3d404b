package org.jamessts.decide;

import java.time.Instant;
import java.util.Optional;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;

/**
 * How old that is on which a verdict rests, and until when it holds.
 *
 * @param source what it is, in a few words
 * @param since when it was learned, where that is long ago
 * @param until when it ends, where it does by itself
 */
public record Freshness(String source, Optional<Instant> since, Optional<Instant> until) {

  /** What the attempt itself has shown. */
  public static final Freshness OF_THE_ATTEMPT = of("seen in this attempt");

  /** What the DNS says now; answers are kept no longer than it allows. */
  public static final Freshness OF_THE_DNS = of("from the DNS, no older than its TTL");

  /** What the operator says, which may end. */
  static Freshness ofOperator(Optional<Instant> until) {
    return new Freshness("set by the operator", Optional.empty(), until);
  }

  /** Of a policy, since when it is known. */
  static Freshness of(KnownPolicy policy) {
    boolean preloaded =
        policy instanceof KnownMtaStsPolicy known
            && known.origin() == KnownMtaStsPolicy.Origin.PRELOADED;
    return new Freshness(
        preloaded ? "preload list made" : "policy fetched",
        Optional.of(policy.fetchedAt()),
        Optional.of(policy.expiresAt()));
  }

  private static Freshness of(String source) {
    return new Freshness(source, Optional.empty(), Optional.empty());
  }

  /** In words, with moments as RFC 3339 has them. */
  public String text() {
    return source
        + since.map(moment -> " at " + moment).orElse("")
        + until.map(moment -> ", holds until " + moment).orElse("");
  }
}
