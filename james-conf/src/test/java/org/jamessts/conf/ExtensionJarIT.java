package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jar shares one class loader with James, whose classes win: it may only bring its own. */
class ExtensionJarIT {

  private static final Path JAR = Path.of("target/james/extensions-jars/james-sts.jar");

  static List<String> entries;

  @BeforeAll
  static void readJar() throws IOException {
    entries = entriesOf(JAR);
  }

  /** H2 alone keeps its name, since it loses its texts under another; James 3.8 brings none. */
  @Test
  void shouldHaveEveryClassUnderItsOwnNameButThoseOfH2() {
    assertThat(entries)
        .filteredOn(name -> name.endsWith(".class"))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("org/jamessts/") || name.startsWith("org/h2/"));
  }

  @Test
  void shouldBundleNothingThatJamesProvides() throws IOException {
    Set<String> provided = new HashSet<>();
    try (Stream<Path> jars = Files.list(Path.of("server/target/lib"))) {
      for (Path jar : jars.toList()) {
        provided.addAll(entriesOf(jar));
      }
    }
    // James's own thousands must be among them, else the comparison says nothing.
    assertThat(provided).contains("org/apache/james/MemoryJamesServerMain.class");

    assertThat(entries)
        .filteredOn(name -> name.endsWith(".class"))
        .doesNotContainAnyElementsOf(provided);
  }

  @Test
  void shouldHaveNothingThatTheJvmTreatsSpecially() {
    assertThat(entries)
        .noneMatch(name -> name.startsWith("META-INF/services/"))
        .noneMatch(name -> name.startsWith("META-INF/versions/"))
        .noneMatch(name -> name.endsWith("module-info.class"));
  }

  @Test
  void shouldCarryExactlyItsLicensesAndItsNotice() {
    assertThat(entries)
        .filteredOn(name -> name.startsWith("META-INF/"))
        .filteredOn(name -> name.matches(".*(LICEN[CS]E|NOTICE).*"))
        .containsExactlyInAnyOrder(
            "META-INF/LICENSE",
            "META-INF/NOTICE",
            "META-INF/LICENSE-dnsjava",
            "META-INF/LICENSE-icu4j",
            "META-INF/LICENSE-postgresql",
            // of what the PostgreSQL driver holds itself
            "META-INF/licenses/com.ongres.scram/scram-client-3.2/META-INF/LICENSE",
            "META-INF/licenses/com.ongres.scram/scram-common-3.2/META-INF/LICENSE",
            "META-INF/licenses/com.ongres.stringprep/saslprep-2.2/META-INF/LICENSE",
            "META-INF/licenses/com.ongres.stringprep/stringprep-2.2/META-INF/LICENSE");
  }

  private static List<String> entriesOf(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
    }
  }
}
