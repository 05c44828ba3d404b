package org.jamessts.override;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jamessts.mtasts.StsPolicy;

/**
 * What the operator says about a domain, or about all below one; the package tells what it means.
 * {@link #parse} is the door for text; the constructor refuses what no text could say.
 *
 * @param pattern about which domains
 * @param minimum what their hosts must have at least
 * @param staticPolicy a policy in mode enforce or testing with patterns as of RFC 8461; its text
 *     and {@code max_age} are set here, since nobody fetched it: the longest that RFC 8461 knows
 * @param exempt what does not stop mail; must be empty without {@code until}
 * @param until from when on it says nothing
 * @param comment for whoever reads it later, at most 500 printable characters
 */
public record DomainOverride(
    DomainPattern pattern,
    Optional<Minimum> minimum,
    Optional<StsPolicy> staticPolicy,
    Set<FailureKind> exempt,
    Optional<Instant> until,
    String comment) {

  /** The largest text of one override that is read: 64 KiB. */
  public static final int MAX_OCTETS = 65_536;

  /** What lies outside, RFC 3339 cannot write; with an offset, it can say it. */
  private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");

  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  /**
   * Refuses what contradicts itself.
   *
   * @throws IllegalArgumentException with the reason
   */
  public DomainOverride {
    exempt = Set.copyOf(exempt);
    flaw(minimum, staticPolicy, exempt, until)
        .or(() -> OperatorText.flawOf(comment))
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    staticPolicy = staticPolicy.map(policy -> StaticPolicy.of(policy.mode(), policy.mx()));
  }

  /**
   * Reads one override.
   *
   * @param json an object in the form that the package shows, in UTF-8
   * @return the override, or what is wrong with it and what is allowed; nothing is thrown
   */
  public static OverrideParse parse(byte[] json) {
    return OverrideJson.parse(json);
  }

  /** The override as JSON, in one line, which {@link #parse} reads as an equal one. */
  public String toJson() {
    return OverrideJson.write(this);
  }

  /** Whether it says something at a moment. */
  public boolean appliesAt(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }

  /** What is wrong with a whole, apart from its comment. */
  static Optional<String> flaw(
      Optional<Minimum> minimum,
      Optional<StsPolicy> staticPolicy,
      Set<FailureKind> exempt,
      Optional<Instant> until) {
    if (minimum.isEmpty() && staticPolicy.isEmpty() && exempt.isEmpty()) {
      return Optional.of("it says nothing; needed is at least one of minimum, policy, exempt");
    }
    if (!exempt.isEmpty() && until.isEmpty()) {
      return Optional.of("exempt needs until, since what lowers a protection must end");
    }
    if (until.filter(end -> end.isBefore(YEAR_0) || !end.isBefore(YEAR_10000)).isPresent()) {
      return Optional.of("until is not in the years 0000 to 9999 of UTC");
    }
    return staticPolicy.flatMap(policy -> StaticPolicy.flaw(policy.mode(), policy.mx()));
  }
}
