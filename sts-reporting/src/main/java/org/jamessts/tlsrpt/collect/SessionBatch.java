package org.jamessts.tlsrpt.collect;

import java.time.LocalDate;
import java.util.List;
import org.jamessts.tlsrpt.PolicySummary;

/**
 * Counts that are added to the store together, once, however often that is tried.
 *
 * @param id by which the store knows whether it has it
 * @param increments what has come to pass, each policy of a day once
 */
record SessionBatch(String id, List<Increment> increments) {

  /**
   * What has come to pass since the last time.
   *
   * @param day of UTC
   * @param added to what the store has
   */
  record Increment(LocalDate day, PolicySummary added) {
    long sessions() {
      return added.successfulSessions() + added.failedSessions();
    }
  }

  SessionBatch {
    increments = List.copyOf(increments);
  }
}
