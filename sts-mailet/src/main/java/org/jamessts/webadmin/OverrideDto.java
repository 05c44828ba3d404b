package org.jamessts.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;

/**
 * An override as JSON: the form in which it is given, and where it comes from. It can be given back
 * as it is.
 *
 * @param domain its pattern
 * @param minimum {@code require-tls}, {@code verified} or {@code dane}
 * @param policy the static policy
 * @param exempt kinds of failures that do not stop mail
 * @param until when it ends, RFC 3339
 * @param comment for whoever reads it later
 * @param source {@code store} or {@code file}
 * @param changedBy who set it last
 * @param changedAt when, RFC 3339
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record OverrideDto(
    String domain,
    Optional<String> minimum,
    Optional<PolicyDto> policy,
    List<String> exempt,
    Optional<String> until,
    String comment,
    String source,
    String changedBy,
    String changedAt) {

  /**
   * A static policy.
   *
   * @param mode {@code enforce} or {@code testing}
   * @param mx its patterns
   */
  record PolicyDto(String mode, List<String> mx) {
    static PolicyDto of(StsPolicy policy) {
      return new PolicyDto(
          policy.mode().keyword(), policy.mx().stream().map(Object::toString).toList());
    }
  }

  static OverrideDto of(OverrideRoutes.Listed listed) {
    var override = listed.stored().override();
    return new OverrideDto(
        override.pattern().toString(),
        override.minimum().map(Minimum::keyword),
        override.staticPolicy().map(PolicyDto::of),
        override.exempt().stream().sorted().map(FailureKind::keyword).toList(),
        override.until().map(Instant::toString),
        override.comment(),
        listed.source(),
        listed.stored().changedBy(),
        listed.stored().changedAt().toString());
  }
}
