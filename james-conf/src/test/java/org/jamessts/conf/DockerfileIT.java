package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image, without a Docker engine: the file tree of the official image, then what our Dockerfile
 * copies over it; James is started in that tree as the image starts it.
 */
class DockerfileIT {

  /** What the official image is made of, by James's build: the same files as its zip. */
  private static final Path SAMPLE = Path.of("target/image/james-server-memory-app");

  @TempDir Path tree;
  Dockerfile dockerfile;

  @BeforeEach
  void setUp() throws IOException {
    dockerfile = Dockerfile.parse(Path.of("Dockerfile"));
  }

  @AfterEach
  void unlink() throws IOException {
    Files.deleteIfExists(tree.resolve("root/libs"));
    Files.deleteIfExists(Path.of(tree + dockerfile.variable("JAVA_HOME")));
  }

  @Test
  void shouldStartFromTheImageOfTheServerThatWeTestWith() {
    assertThat(dockerfile.base()).isEqualTo("apache/james:memory-3.8.1");
    assertThat(Path.of("server/target/lib/james-server-memory-app-3.8.1.jar")).exists();
  }

  @Test
  void shouldRunOnTheJavaThatItCopies() {
    assertThat(dockerfile.copies())
        .contains(
            new Dockerfile.Copy(
                Optional.of("eclipse-temurin:21-jre"),
                "/opt/java/openjdk",
                dockerfile.variable("JAVA_HOME")));
    assertThat(dockerfile.variable("PATH"))
        .isEqualTo(dockerfile.variable("JAVA_HOME") + "/bin:$PATH");
  }

  @Test
  void shouldSendTheEngineExactlyWhatIsCopied() throws IOException {
    List<String> sources =
        dockerfile.copies().stream()
            .filter(copy -> copy.image().isEmpty())
            .map(copy -> "!" + copy.source().replaceAll("/$", ""))
            .toList();

    assertThat(Files.readAllLines(Path.of(".dockerignore")))
        .filteredOn(line -> !line.startsWith("#"))
        .startsWith("*")
        .hasSize(sources.size() + 1)
        .containsAll(sources);
  }

  @Test
  void shouldHoldAJamesThatStarts() throws Exception {
    makeOfficialImage();
    for (Dockerfile.Copy copy : dockerfile.copies()) {
      apply(copy);
    }

    try (JamesProcess james = launcher().start()) {
      assertThat(james.get("/healthcheck"))
          .startsWith("{\"status\":\"healthy\"")
          .contains(
              "\"componentName\":\"MTA-STS policies\"",
              "\"componentName\":\"MTA-STS resolver\"",
              "\"componentName\":\"MTA-STS store\"",
              "\"componentName\":\"MTA-STS refresh\"",
              "\"componentName\":\"TLS reports\"");
      assertThat(james.log().lines())
          .anyMatch(line -> line.contains("Loading custom classpath resource " + root("")))
          // The official image's own files switch these on, and ours must switch them off.
          .noneMatch(line -> line.matches(".*(IMAP|POP3|ManageSieve) Service bound.*"))
          .noneMatch(line -> line.matches("\\S+ (WARN|ERROR) .*"));
    }
    assertThat(tree.resolve("logs/james.log")).isNotEmptyFile();
  }

  private JamesLauncher launcher() {
    // The layout of jib, the tool that makes the official image.
    String classPath = String.join(":", root("resources"), root("classes"), root("libs") + "/*");
    return new JamesLauncher(tree.resolve("root"), Installation.Server.memory(classPath))
        .environment("JAMES_LOGS", tree + dockerfile.variable("JAMES_LOGS"))
        .javaHome(Path.of(tree + dockerfile.variable("JAVA_HOME")));
  }

  private String root(String name) {
    return tree.resolve("root").resolve(name).toString();
  }

  private void makeOfficialImage() throws IOException {
    Path root = Files.createDirectories(tree.resolve("root"));
    copy(SAMPLE.resolve("conf"), root.resolve("conf"));
    copy(SAMPLE.resolve("extensions-jars"), root.resolve("extensions-jars"));
    Files.createSymbolicLink(root.resolve("libs"), Path.of("server/target/lib").toAbsolutePath());
  }

  private void apply(Dockerfile.Copy copy) throws IOException {
    Path destination = Path.of(tree + copy.destination());
    if (copy.image().isPresent()) {
      // The JRE of another image: the one that runs this stands for it.
      Files.createDirectories(destination.getParent());
      Files.createSymbolicLink(destination, Path.of(System.getProperty("java.home")));
    } else if (Files.isDirectory(Path.of(copy.source()))) {
      copy(Path.of(copy.source()), destination);
    } else {
      assertThat(copy.destination()).as("a directory").endsWith("/");
      Path source = Path.of(copy.source());
      Files.copy(source, destination.resolve(source.getFileName()));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
