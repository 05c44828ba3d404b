package org.jamessts.override;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An override, and who gave it.
 *
 * @param override what it says
 * @param changedBy who set it last
 * @param changedAt when; in microseconds, as databases keep it
 */
public record StoredOverride(DomainOverride override, String changedBy, Instant changedAt) {

  public StoredOverride {
    changedAt = changedAt.truncatedTo(ChronoUnit.MICROS);
  }
}
