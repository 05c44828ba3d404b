package org.jamessts.explain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jamessts.mtasts.StsMode;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PolicyLookup;

/**
 * What a domain is known to publish.
 *
 * @param found {@code mta-sts}, {@code sts1} (the draft of 2016), {@code none} or {@code unclear}
 * @param inForce the policy
 * @param successor the one that takes its place with its first success, of the draft
 * @param reason why there is none
 * @param failure what went wrong on the way, such as {@code fetch: ...}
 * @param millis how long the lookup took
 */
public record ExplainedPolicy(
    String found,
    Optional<Version> inForce,
    Optional<Version> successor,
    String reason,
    Optional<String> failure,
    long millis) {

  /**
   * One policy.
   *
   * @param description system and mode in a few words, as in the log
   * @param source {@code fetched} now, {@code kept}, or {@code preload list}
   * @param id of the TXT record that led to it
   * @param mode {@code enforce}, {@code testing} or {@code none}
   * @param mx its patterns, the first 20
   * @param fetchedAt RFC 3339
   * @param ageSeconds how old it is
   * @param expiresAt RFC 3339
   */
  public record Version(
      String description,
      String source,
      String id,
      String mode,
      List<String> mx,
      String fetchedAt,
      long ageSeconds,
      String expiresAt) {

    /**
     * In texts.
     *
     * @param start when the run began: what was fetched since is new
     * @param now the present moment
     */
    static Version of(KnownPolicy policy, Instant start, Instant now) {
      return new Version(
          policy.describe(),
          source(policy, start),
          policy.id(),
          switch (policy.strength()) {
            case ENFORCED -> StsMode.ENFORCE.keyword();
            case REPORTED -> StsMode.TESTING.keyword();
            case NOTHING -> StsMode.NONE.keyword();
          },
          Shown.texts(policy.mx(), Object::toString),
          policy.fetchedAt().toString(),
          Math.max(0, Duration.between(policy.fetchedAt(), now).toSeconds()),
          policy.expiresAt().toString());
    }

    private static String source(KnownPolicy policy, Instant start) {
      if (policy instanceof KnownMtaStsPolicy known
          && known.origin() == KnownMtaStsPolicy.Origin.PRELOADED) {
        return "preload list";
      }
      // The clock of policies has microseconds.
      return policy.fetchedAt().plusNanos(1_000).isBefore(start) ? "kept" : "fetched";
    }
  }

  /**
   * What a lookup found, in texts.
   *
   * @param start when the run began
   * @param now the present moment
   * @param took how long it took
   */
  public static ExplainedPolicy of(PolicyLookup lookup, Instant start, Instant now, Duration took) {
    Optional<PolicyLookup.Draft> draft =
        lookup instanceof PolicyLookup.Draft found ? Optional.of(found) : Optional.empty();
    return new ExplainedPolicy(
        word(lookup),
        lookup.policies().stream().findFirst().map(known -> Version.of(known, start, now)),
        draft
            .flatMap(PolicyLookup.Draft::successor)
            .map((KnownDraftPolicy next) -> Version.of(next, start, now)),
        lookup instanceof PolicyLookup.None none ? Shown.text(none.reason()) : "",
        lookup
            .failure()
            .map(
                cause ->
                    cause.kind().name().toLowerCase(Locale.ROOT)
                        + ": "
                        + Shown.text(cause.detail())),
        took.toMillis());
  }

  private static String word(PolicyLookup lookup) {
    if (lookup instanceof PolicyLookup.Known) {
      return "mta-sts";
    }
    if (lookup instanceof PolicyLookup.Draft) {
      return "sts1";
    }
    return lookup instanceof PolicyLookup.None ? "none" : "unclear";
  }
}
