package org.jamessts.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What an embedded database has set aside, or kept a copy of. */
final class DamagedFiles {

  private DamagedFiles() {}

  static List<Path> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().contains(".damaged-")).toList();
    }
  }
}
