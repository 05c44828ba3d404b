package org.jamessts.store;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database does one kind of work. The log tells when that changes, not for every mail
 * that notices. Safe for use by many threads.
 */
final class StoreHealth {

  private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);

  private final String work;
  private Optional<String> trouble = Optional.empty();
  private long failures;

  /**
   * The health of a database that was not asked yet.
   *
   * @param work what it does for us, as the end of "policies cannot be ..."
   */
  StoreHealth(String work) {
    this.work = work;
  }

  synchronized void failed(StoreException failure) {
    failures++;
    if (trouble.isEmpty()) {
      trouble = Optional.of("policies cannot be " + work + ": " + failure.reason());
      LOG.error("{}; memory goes on alone", trouble.get());
    }
  }

  synchronized void works() {
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      LOG.info("policies can be {} again ({} failures since the start)", work, failures);
    }
  }

  synchronized boolean isDown() {
    return trouble.isPresent();
  }

  /** What does not work, and why, while it does not. */
  synchronized Optional<String> trouble() {
    return trouble;
  }

  /** How many calls failed since the start. */
  synchronized long failures() {
    return failures;
  }
}
