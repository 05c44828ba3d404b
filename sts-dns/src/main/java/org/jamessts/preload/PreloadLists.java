package org.jamessts.preload;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jamessts.files.Trouble;
import org.jamessts.preload.PreloadListParse.Invalid;
import org.jamessts.preload.PreloadListParse.Parsed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list that holds now. It follows its file: a newer list takes the place of the older one; one
 * that is damaged, not signed, expired, or made before the current one is refused, and the current
 * one stays until it expires. Whoever can put an old list there could otherwise take away
 * protections that came later. What is remembered for that does not outlive a restart.
 *
 * <p>Safe for use by many threads; {@link #current} never waits for a file.
 */
public final class PreloadLists {

  private final PreloadFile file;
  private final Clock clock;
  private final Logger log;
  private final Trouble refusal;
  private volatile PreloadList current;
  private boolean expiryTold;

  private PreloadLists(PreloadFile file, PreloadList first, Clock clock, Logger log) {
    this.file = file;
    this.current = first;
    this.clock = clock;
    this.log = log;
    this.refusal = new Trouble(log, named() + " is good again");
  }

  /**
   * Reads the first list.
   *
   * @param file where it is
   * @param clock tells when it has expired
   * @throws InvalidPreloadListException when there is none to believe: a server that was told to
   *     protect these domains should not start as if it did. One that has expired is taken.
   */
  public static PreloadLists open(PreloadFile file, Clock clock)
      throws InvalidPreloadListException {
    return open(file, clock, LoggerFactory.getLogger(PreloadLists.class));
  }

  static PreloadLists open(PreloadFile file, Clock clock, Logger log)
      throws InvalidPreloadListException {
    PreloadListParse first = file.read();
    if (first instanceof Invalid invalid) {
      throw new InvalidPreloadListException(file.path(), invalid.reason());
    }
    PreloadLists lists = new PreloadLists(file, ((Parsed) first).list(), clock, log);
    lists.tellCurrent();
    lists.tellExpiry();
    return lists;
  }

  /** The list that holds now; it may have expired. */
  public PreloadList current() {
    return current;
  }

  /** Looks at the file, and reads it if it changed; to be called every minute or so. */
  public synchronized void reloadIfChanged() {
    if (file.hasChanged()) {
      PreloadListParse parse = file.read();
      if (parse instanceof Invalid invalid) {
        refuse(invalid.reason());
      } else {
        adopt(((Parsed) parse).list());
      }
    }
    tellExpiry();
  }

  /** What is wrong with the list, in words for the operator. */
  public Optional<String> trouble() {
    return Trouble.all(List.of(refusal.now(), expiry()));
  }

  private void adopt(PreloadList next) {
    if (next.timestamp().isBefore(current.timestamp())) {
      refuse("its timestamp " + next.timestamp() + " is before that of the list in use");
      return;
    }
    if (!next.holdsAt(clock.instant())) {
      refuse("it expired on " + next.expires());
      return;
    }
    refusal.isOver();
    current = next;
    expiryTold = false;
    tellCurrent();
  }

  private void refuse(String reason) {
    refusal.is(
        named()
            + " is refused: "
            + reason
            + "; the one of "
            + current.timestamp()
            + " stays until it expires on "
            + current.expires());
  }

  private void tellCurrent() {
    log.info(
        "{}: {} domains, of {}, expires {}",
        named(),
        current.policies().size(),
        current.timestamp(),
        current.expires());
  }

  private void tellExpiry() {
    Optional<String> expiry = expiry();
    if (expiry.isPresent() && !expiryTold) {
      expiryTold = true;
      log.warn("{}", expiry.get());
    }
  }

  private Optional<String> expiry() {
    PreloadList list = current;
    return list.holdsAt(clock.instant())
        ? Optional.empty()
        : Optional.of(
            named() + " expired on " + list.expires() + " and says nothing about any domain now");
  }

  private String named() {
    return "preload list " + file.path();
  }
}
