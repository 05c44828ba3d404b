package org.jamessts.override;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jamessts.files.WatchedFile;
import org.jamessts.json.JsonReader;
import org.jamessts.json.MalformedJsonException;

/** The file in which an operator writes overrides. Not for use by several threads. */
final class OverrideFile {

  /** The largest file that is read: 1 MiB, which holds some ten thousand. */
  static final int MAX_OCTETS = 1024 * 1024;

  private final WatchedFile file;

  OverrideFile(Path path) {
    this.file = new WatchedFile(path, MAX_OCTETS);
  }

  Path path() {
    return file.path();
  }

  boolean exists() {
    return Files.exists(path());
  }

  boolean hasChanged() {
    return file.hasChanged();
  }

  /** All of them, no two of one pattern. */
  List<DomainOverride> read() throws InvalidOverrideFileException {
    try {
      return JsonReader.read(file.read(), OverrideFile::overrides);
    } catch (IOException | MalformedJsonException e) {
      throw new InvalidOverrideFileException(path(), String.valueOf(e.getMessage()));
    }
  }

  /** The text of the file. */
  static List<DomainOverride> overrides(JsonReader in) throws MalformedJsonException {
    List<DomainOverride> overrides = new ArrayList<>();
    boolean present = false;
    in.enterObject();
    while (in.nextMember()) {
      if (!in.name().equals("overrides")) {
        throw in.unknown("overrides");
      }
      present = true;
      list(in, overrides);
    }
    if (!present) {
      throw in.malformed("it has no overrides");
    }
    return overrides;
  }

  private static void list(JsonReader in, List<DomainOverride> overrides)
      throws MalformedJsonException {
    Set<DomainPattern> known = new HashSet<>();
    in.enterArray();
    while (in.nextItem()) {
      DomainOverride override = new OverrideReader().override(in);
      if (!known.add(override.pattern())) {
        throw in.malformed("there is already an override of " + override.pattern());
      }
      overrides.add(override);
    }
  }
}
