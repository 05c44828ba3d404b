package org.jamessts.enforcement;

import java.util.Optional;

/**
 * Keeps the order where several servers can see it; there is one at most. It is asked now and then,
 * never for a mail. Implementations are safe for use by many threads and answer within a bounded
 * time.
 */
public interface EnforcementStore {

  /**
   * The order, which may have ended.
   *
   * @throws IllegalStateException when it cannot be read, with the reason: that there is none would
   *     be another answer
   */
  Optional<EnforcementOrder> get();

  /**
   * Keeps an order in place of the one before.
   *
   * @return false when it could not be kept, and nothing has changed
   */
  boolean put(EnforcementOrder order);

  /**
   * Gives up the order, if there is one.
   *
   * @return false when it could not be given up, and nothing has changed
   */
  boolean remove();
}
