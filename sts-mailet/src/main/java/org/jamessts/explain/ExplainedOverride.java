package org.jamessts.explain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;

/**
 * What the operator says of the domain, in one override.
 *
 * @param pattern for which domains
 * @param minimum {@code require-tls}, {@code verified} or {@code dane}
 * @param mode of the static policy, if there is one
 * @param mx its patterns
 * @param exempt what does not stop mail; of several overrides, that of the first counts
 * @param until when it ends, RFC 3339
 * @param comment the operator's
 */
public record ExplainedOverride(
    String pattern,
    Optional<String> minimum,
    Optional<String> mode,
    List<String> mx,
    List<String> exempt,
    Optional<String> until,
    String comment) {

  /** An override in texts. */
  public static ExplainedOverride of(DomainOverride override) {
    return new ExplainedOverride(
        override.pattern().toString(),
        override.minimum().map(Minimum::keyword),
        override.staticPolicy().map(policy -> policy.mode().keyword()),
        override.staticPolicy().stream()
            .flatMap(policy -> Shown.texts(policy.mx(), Object::toString).stream())
            .toList(),
        override.exempt().stream().sorted().map(FailureKind::keyword).toList(),
        override.until().map(Instant::toString),
        override.comment());
  }
}
