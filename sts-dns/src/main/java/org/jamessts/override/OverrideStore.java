package org.jamessts.override;

import java.util.List;

/**
 * Keeps overrides where several servers can see them, one for each pattern. It is asked when
 * something changes and now and then, never for a mail. Implementations are safe for use by many
 * threads and answer within a bounded time.
 */
public interface OverrideStore {

  /**
   * All that are kept, in no order, those that have ended too.
   *
   * @throws IllegalStateException when they cannot be read, with the reason: an empty list would
   *     switch all of them off
   */
  List<StoredOverride> all();

  /**
   * Keeps an override in place of another of the same pattern.
   *
   * @return false when it could not be kept, and nothing has changed
   */
  boolean put(StoredOverride stored);

  /**
   * Gives up the override of a pattern, if there is one.
   *
   * @return false when it could not be given up, and nothing has changed
   */
  boolean remove(DomainPattern pattern);
}
