package org.jamessts.policy;

import java.time.Clock;

/** Refreshes policies when a test wants it, not when a timer does. */
public final class TestRefreshes {

  private TestRefreshes() {}

  /** Fetches again what is due, and returns when that is done. */
  public static void poll(StsPolicyService service, RefreshSchedule schedule, Clock clock) {
    try (PolicyRefresher refresher = new PolicyRefresher(service, schedule, clock)) {
      refresher.poll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
