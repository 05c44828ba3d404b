package org.jamessts.override;

import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;

/** One line for each change: of what, by whom, what it says now, what it said before. */
final class OverrideLog {

  /** Who changed what stands in the file: nobody else is known. */
  static final String BY_FILE = "file";

  private final Logger log;

  OverrideLog(Logger log) {
    this.log = log;
  }

  void set(DomainOverride now, Optional<DomainOverride> before, String who) {
    String was = before.map(override -> " (before: " + override.toJson() + ")").orElse("");
    log.info("override of {} set by {}: {}{}", now.pattern(), who, now.toJson(), was);
  }

  void removed(DomainOverride before, String who) {
    log.info("override of {} removed by {}: {}", before.pattern(), who, before.toJson());
  }

  void changedInFile(
      Map<DomainPattern, StoredOverride> before, Map<DomainPattern, StoredOverride> now) {
    now.forEach(
        (pattern, stored) -> {
          Optional<DomainOverride> was =
              Optional.ofNullable(before.get(pattern)).map(StoredOverride::override);
          if (!was.equals(Optional.of(stored.override()))) {
            set(stored.override(), was, BY_FILE);
          }
        });
    before.forEach(
        (pattern, stored) -> {
          if (!now.containsKey(pattern)) {
            removed(stored.override(), BY_FILE);
          }
        });
  }
}
