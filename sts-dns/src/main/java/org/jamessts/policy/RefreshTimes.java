package org.jamessts.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * When a kept policy is fetched again, and when its end is near. Pure functions: whoever keeps a
 * policy keeps these times with it.
 */
public final class RefreshTimes {

  /** RFC 8461 §3.3 suggests daily. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * Whoever publishes a lifetime of seconds must not keep us busy. RFC 8461 §3.3 has as long
   * between attempts that fail.
   */
  private static final Duration SHORTEST = Duration.ofMinutes(5);

  private static final int SPREAD_PERMILLE = 100;

  private RefreshTimes() {}

  /**
   * When a policy is due: at half of its lifetime or after a day, though not within minutes, and up
   * to a tenth earlier, so that what was fetched together does not come back together.
   */
  public static Instant due(KnownPolicy policy) {
    Duration half = lifetime(policy).dividedBy(2);
    Duration wait = half.compareTo(LONGEST) < 0 ? half : LONGEST;
    wait = wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait;
    int spread =
        Math.floorMod(
            31 * policy.domain().hashCode() + policy.fetchedAt().hashCode(), SPREAD_PERMILLE);
    return policy.fetchedAt().plus(wait).minus(wait.multipliedBy(spread).dividedBy(1_000));
  }

  /**
   * From when on its end is near: in the last quarter of its lifetime, long after it should have
   * been fetched again.
   */
  public static Instant nearsItsEnd(KnownPolicy policy) {
    return policy.expiresAt().minus(lifetime(policy).dividedBy(4));
  }

  static boolean isExpiringSoon(KnownPolicy policy, Instant now) {
    return !now.isBefore(nearsItsEnd(policy));
  }

  private static Duration lifetime(KnownPolicy policy) {
    return Duration.between(policy.fetchedAt(), policy.expiresAt());
  }
}
