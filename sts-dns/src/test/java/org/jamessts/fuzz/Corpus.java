package org.jamessts.fuzz;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The inputs that are kept, a directory for each target. A name with blanks written as hyphens says
 * what an input is about; one of 40 hexadecimal digits is a find of the fuzzer.
 */
final class Corpus {

  private Corpus() {}

  /** The files of a target, in the order of their names. */
  static List<Path> of(FuzzTarget target) throws IOException {
    try (Stream<Path> files = Files.list(directory(target))) {
      return files.sorted().toList();
    }
  }

  static Path directory(FuzzTarget target) {
    return file(target.directory());
  }

  /** The words that Jazzer puts into inputs. */
  static Path dictionary(FuzzTarget target) {
    return file(target.directory() + ".dict");
  }

  private static Path file(String name) {
    URL url = Objects.requireNonNull(Corpus.class.getResource(name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
