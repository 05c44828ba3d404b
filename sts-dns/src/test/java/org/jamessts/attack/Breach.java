package org.jamessts.attack;

import java.util.List;

/** An answer that was not allowed, and all that is needed to see it again. */
public final class Breach extends AssertionError {
  private static final long serialVersionUID = 1L;

  /**
   * @param seed of the schedule
   * @param fault what was wrong
   * @param steps everything that happened before, in order
   */
  public Breach(long seed, String fault, List<String> steps) {
    super(
        "%s%nagain with -Dsts.attack.seed=%d -Dsts.attack.schedules=1; the steps:%n  %s"
            .formatted(fault, seed, String.join(System.lineSeparator() + "  ", steps)));
  }
}
