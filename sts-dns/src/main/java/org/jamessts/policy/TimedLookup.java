package org.jamessts.policy;

import java.time.Duration;

/**
 * A lookup and how long it holds without asking again.
 *
 * @param lookup what is known
 * @param keep as the DNS allows; zero for what went wrong
 */
record TimedLookup(PolicyLookup lookup, Duration keep) {

  static TimedLookup notKept(PolicyLookup lookup) {
    return new TimedLookup(lookup, Duration.ZERO);
  }
}
