package org.jamessts.override;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jamessts.dns.DomainName;
import org.jamessts.files.Trouble;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overrides that apply now, of a file and of a store. Both are read when somebody calls for it,
 * every minute or so; what cannot be read takes nothing away. Every change that is made here, or
 * seen in the file, is logged with who made it and what was there before.
 *
 * <p>Safe for use by many threads; {@link #find} asks memory alone and waits for nobody.
 */
public final class Overrides {

  /** A store that does not answer in time may do what it was told all the same. */
  private static final String SHOWS = " shows within a minute";

  private final Optional<OverrideFile> file;
  private final OverrideStore store;
  private final Clock clock;
  private final OverrideLog log;
  private final Trouble fileTrouble;
  private final Trouble storeTrouble;

  // Replaced as a whole, never changed; written under this object's lock.
  private volatile Map<DomainPattern, StoredOverride> ofFile = Map.of();
  private volatile Map<DomainPattern, StoredOverride> ofStore = Map.of();
  private volatile OverrideIndex index = new OverrideIndex(List.of(), List.of());

  private Overrides(Optional<OverrideFile> file, OverrideStore store, Clock clock, Logger log) {
    this.file = file;
    this.store = store;
    this.clock = clock;
    this.log = new OverrideLog(log);
    this.fileTrouble = new Trouble(log, "the override file is good again");
    this.storeTrouble = new Trouble(log, "stored overrides can be read again");
  }

  /**
   * Reads file and store.
   *
   * @param file {@code {"overrides": [...]}}; it may come into being later
   * @param store one that fails is logged, and asked again by {@link #reload}
   * @param clock tells the time of changes
   * @throws InvalidOverrideFileException when the file cannot be read or is wrong: the message is
   *     for the operator
   */
  public static Overrides open(Optional<Path> file, OverrideStore store, Clock clock)
      throws InvalidOverrideFileException {
    return open(file, store, clock, LoggerFactory.getLogger(Overrides.class));
  }

  static Overrides open(Optional<Path> file, OverrideStore store, Clock clock, Logger log)
      throws InvalidOverrideFileException {
    Overrides overrides = new Overrides(file.map(OverrideFile::new), store, clock, log);
    if (overrides.file.filter(OverrideFile::exists).isPresent()) {
      overrides.ofFile = overrides.read(overrides.file.get());
      log.info("override file {}: {} overrides", file.orElseThrow(), overrides.ofFile.size());
    }
    overrides.swap();
    overrides.reload();
    return overrides;
  }

  /**
   * What the operator says about a domain.
   *
   * @param domain a mail domain
   * @param now the moment at which it should apply
   * @return every override that applies, the most specific first; of one pattern, that of the store
   *     before that of the file
   */
  public List<DomainOverride> find(DomainName domain, Instant now) {
    return index.find(domain, now);
  }

  /** Those of the store, the most specific first, those that have ended too. */
  public List<StoredOverride> stored() {
    return List.copyOf(ofStore.values());
  }

  /** Those of the file, as {@link #stored}; changed by {@code file} when the change was seen. */
  public List<StoredOverride> inFile() {
    return List.copyOf(ofFile.values());
  }

  /** Looks into the store, where other servers may have changed something. */
  public synchronized void reload() {
    try {
      Map<DomainPattern, StoredOverride> read = new TreeMap<>();
      store.all().forEach(stored -> read.put(stored.override().pattern(), stored));
      ofStore = read;
      swap();
      storeTrouble.isOver();
    } catch (RuntimeException e) {
      storeTrouble.is("stored overrides cannot be read, those known stay: " + oneLine(e));
    }
  }

  /** Looks at the file, and reads it if it changed. */
  public synchronized void reloadFileIfChanged() {
    if (file.isEmpty() || !file.get().hasChanged() || isNotThereYet(file.get())) {
      return;
    }
    try {
      Map<DomainPattern, StoredOverride> before = ofFile;
      ofFile = read(file.get());
      swap();
      fileTrouble.isOver();
      log.changedInFile(before, ofFile);
    } catch (InvalidOverrideFileException e) {
      fileTrouble.is(e.getMessage() + "; what it said before stays");
    }
  }

  /** A file that said something and is gone is another matter. */
  private boolean isNotThereYet(OverrideFile missing) {
    return ofFile.isEmpty() && !missing.exists();
  }

  /**
   * Stores an override in place of another of the same pattern.
   *
   * @param override what it says; its {@code until} must not have passed
   * @param who asks for it, for the log
   */
  public synchronized OverrideChange put(DomainOverride override, String who) {
    Instant now = clock.instant();
    if (!override.appliesAt(now)) {
      return new OverrideChange.Refused(
          "until is " + override.until().orElseThrow() + "; allowed is a moment after " + now);
    }
    reload(); // another server may have changed what this one replaces
    StoredOverride stored = new StoredOverride(override, OperatorText.printable(who), now);
    return failure(() -> store.put(stored), "stored")
        .orElseGet(() -> new OverrideChange.Done(adopt(stored)));
  }

  /**
   * Gives up a stored override.
   *
   * @param pattern of which; it is no error when there is none
   * @param who asks for it, for the log
   */
  public synchronized OverrideChange remove(DomainPattern pattern, String who) {
    reload();
    if (ofStore.containsKey(pattern)) {
      return failure(() -> store.remove(pattern), "removed")
          .orElseGet(() -> new OverrideChange.Done(forget(pattern, OperatorText.printable(who))));
    }
    if (ofFile.containsKey(pattern)) {
      return new OverrideChange.Refused(
          "the override of " + pattern + " stands in the override file, and can be removed there");
    }
    // Nothing to remove, unless nobody knows.
    Optional<OverrideChange> unknown = storeTrouble.now().map(OverrideChange.Failed::new);
    return unknown.orElseGet(() -> new OverrideChange.Done(Optional.empty()));
  }

  /** What does not work, in words for the operator. */
  public Optional<String> trouble() {
    return Trouble.all(List.of(fileTrouble.now(), storeTrouble.now()));
  }

  private static Optional<OverrideChange> failure(BooleanSupplier call, String what) {
    try {
      return call.getAsBoolean()
          ? Optional.empty()
          : Optional.of(
              new OverrideChange.Failed("the store does not work; whether it was " + what + SHOWS));
    } catch (RuntimeException e) {
      return Optional.of(
          new OverrideChange.Failed(
              "the store failed; whether it was " + what + SHOWS + ": " + oneLine(e)));
    }
  }

  private Optional<DomainOverride> adopt(StoredOverride stored) {
    Map<DomainPattern, StoredOverride> changed = new TreeMap<>(ofStore);
    Optional<DomainOverride> before = valueOf(changed.put(stored.override().pattern(), stored));
    ofStore = changed;
    swap();
    log.set(stored.override(), before, stored.changedBy());
    return before;
  }

  private Optional<DomainOverride> forget(DomainPattern pattern, String who) {
    Map<DomainPattern, StoredOverride> changed = new TreeMap<>(ofStore);
    Optional<DomainOverride> before = valueOf(changed.remove(pattern));
    ofStore = changed;
    swap();
    before.ifPresent(override -> log.removed(override, who));
    return before;
  }

  private static Optional<DomainOverride> valueOf(@Nullable StoredOverride stored) {
    return Optional.ofNullable(stored).map(StoredOverride::override);
  }

  private void swap() {
    index = new OverrideIndex(ofStore.values(), ofFile.values());
  }

  /** The content of the file; an entry that did not change keeps its time. */
  private Map<DomainPattern, StoredOverride> read(OverrideFile from)
      throws InvalidOverrideFileException {
    Map<DomainPattern, StoredOverride> read = new TreeMap<>();
    for (DomainOverride override : from.read()) {
      Optional<StoredOverride> same =
          Optional.ofNullable(ofFile.get(override.pattern()))
              .filter(before -> before.override().equals(override));
      read.put(
          override.pattern(),
          same.orElseGet(() -> new StoredOverride(override, OverrideLog.BY_FILE, clock.instant())));
    }
    return read;
  }

  private static String oneLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
