package org.jamessts.files;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * What does not work, while it does not. The log tells when that changes, not whenever somebody
 * notices. Safe for use by many threads.
 */
public final class Trouble {

  private final Logger log;
  private final String over;
  private Optional<String> reason = Optional.empty();

  /**
   * @param log where it is told
   * @param over what is told when it works again
   */
  public Trouble(Logger log, String over) {
    this.log = log;
    this.over = over;
  }

  /** It does not work; logged as an error when that is new. */
  public synchronized void is(String what) {
    if (!reason.equals(Optional.of(what))) {
      reason = Optional.of(what);
      log.error("{}", what);
    }
  }

  /** It works; logged when it did not before. */
  public synchronized void isOver() {
    if (reason.isPresent()) {
      reason = Optional.empty();
      log.info("{}", over);
    }
  }

  /** Several troubles in one line; nothing where everything works. */
  public static Optional<String> all(List<Optional<String>> troubles) {
    return troubles.stream()
        .flatMap(Optional::stream)
        .reduce((first, second) -> first + "; " + second);
  }

  /** What does not work, in words for the operator. */
  public synchronized Optional<String> now() {
    return reason;
  }
}
