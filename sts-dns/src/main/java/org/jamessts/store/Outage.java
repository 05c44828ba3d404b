package org.jamessts.store;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a database is worth asking. Once it has failed nobody waits for it any more, but for one
 * who tries it again every few seconds. The log tells when that changes.
 */
final class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String again;
  private final Duration retry;
  private Optional<String> trouble = Optional.empty();
  private long nextTry;

  /**
   * A database that was not asked yet.
   *
   * @param again what the log says when it is over
   * @param retry from one attempt to reach a failing one to the next
   */
  Outage(String again, Duration retry) {
    this.again = again;
    this.retry = retry;
  }

  /** Whether to ask: always while it works, and now and then while it does not. */
  synchronized boolean mayAsk() {
    if (trouble.isPresent()) {
      if (System.nanoTime() - nextTry < 0) {
        return false;
      }
      nextTry = System.nanoTime() + retry.toNanos();
    }
    return true;
  }

  synchronized void began(String reason) {
    if (trouble.isEmpty()) {
      LOG.error("{}", reason);
    }
    trouble = Optional.of(reason);
    nextTry = System.nanoTime() + retry.toNanos();
  }

  synchronized void over() {
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      LOG.info("{}", again);
    }
  }

  synchronized Optional<String> trouble() {
    return trouble;
  }
}
