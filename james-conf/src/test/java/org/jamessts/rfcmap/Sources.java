package org.jamessts.rfcmap;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the source files of classes in the modules of the project. */
final class Sources {

  private final Path root;
  private final List<String> modules;

  /**
   * @param root the directory in which the modules lie
   */
  Sources(Path root) throws IOException {
    this.root = root;
    try (Stream<Path> entries = Files.list(root)) {
      this.modules =
          entries
              .filter(entry -> Files.isDirectory(entry.resolve("src")))
              .map(module -> String.valueOf(module.getFileName()))
              .sorted()
              .toList();
    }
  }

  /** The file of a production class, from the root; empty for any other class. */
  Optional<String> main(JavaClass type) {
    return find("/src/main/java/", type);
  }

  /** The file of a test, from the root; empty for any other class. */
  Optional<String> test(JavaClass type) {
    return find("/src/test/java/", type);
  }

  private Optional<String> find(String directory, JavaClass type) {
    String file = type.getName().replaceFirst("\\$.*", "").replace('.', '/') + ".java";
    return modules.stream()
        .map(module -> module + directory + file)
        .filter(path -> Files.exists(root.resolve(path)))
        .findFirst();
  }
}
