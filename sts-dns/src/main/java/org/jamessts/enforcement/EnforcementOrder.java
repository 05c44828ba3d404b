package org.jamessts.enforcement;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jamessts.override.OperatorText;

/**
 * What an operator has ordered while servers run. It goes before the setting of each of them.
 *
 * @param mode how far they keep to what domains publish
 * @param until from when on the setting holds again; in microseconds, as databases keep it
 * @param comment for whoever reads it later, at most 500 printable characters
 * @param changedBy who ordered it
 * @param changedAt when; in microseconds
 */
public record EnforcementOrder(
    Enforcement mode,
    Optional<Instant> until,
    String comment,
    String changedBy,
    Instant changedAt) {

  /**
   * Refuses a comment that no log line should have.
   *
   * @throws IllegalArgumentException with the reason
   */
  public EnforcementOrder {
    OperatorText.flawOf(comment)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    until = until.map(end -> end.truncatedTo(ChronoUnit.MICROS));
    changedBy = OperatorText.printable(changedBy);
    changedAt = changedAt.truncatedTo(ChronoUnit.MICROS);
  }

  /** Whether it holds at a moment. */
  public boolean holdsAt(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }
}
