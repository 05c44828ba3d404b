package org.jamessts.received;

import java.util.List;
import java.util.Optional;

/**
 * Some of the received reports.
 *
 * @param reports the latest first
 * @param next with which offset there may be more; empty where there are none
 */
public record ReceivedPage(List<KeptReport> reports, Optional<Integer> next) {

  public ReceivedPage {
    reports = List.copyOf(reports);
  }
}
