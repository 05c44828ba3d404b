package org.jamessts.webadmin;

import java.time.Instant;
import java.util.Optional;
import org.jamessts.enforcement.EnforcementOrder;
import org.jamessts.enforcement.EnforcementState;

/**
 * How far this server keeps to what domains publish.
 *
 * @param mode what holds now
 * @param since since when, RFC 3339
 * @param changedBy who wanted it
 * @param until when the setting holds again; none for what does not end by itself
 * @param comment why
 * @param setting what holds at this server without an order
 */
record EnforcementDto(
    String mode,
    String since,
    String changedBy,
    Optional<String> until,
    String comment,
    String setting) {

  static EnforcementDto of(EnforcementState state) {
    return new EnforcementDto(
        state.mode().keyword(),
        state.since().toString(),
        state.changedBy(),
        state.order().flatMap(EnforcementOrder::until).map(Instant::toString),
        state.order().map(EnforcementOrder::comment).orElse(""),
        state.setting().keyword());
  }
}
