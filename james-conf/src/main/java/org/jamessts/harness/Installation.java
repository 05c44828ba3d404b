package org.jamessts.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jamessts.testing.PrivateInternet;

/**
 * Where the parts of a runnable James are: what the build made, before anything is copied.
 *
 * @param configuration a directory of configuration files, as in {@code conf/} of a James
 * @param extensions a directory of jars, as in {@code extensions-jars/} of a James
 * @param libraries the directory of the unmodified server's jars
 */
public record Installation(Path configuration, Path extensions, Path libraries) {

  /**
   * What {@code mvn package} leaves behind.
   *
   * @param module the directory of the module {@code james-conf}
   * @throws IllegalStateException if a part is missing, naming it
   */
  public static Installation ofBuild(Path module) {
    Path home = module.toAbsolutePath();
    Installation built =
        new Installation(
            home.resolve("conf"),
            home.resolve("target/james/extensions-jars"),
            home.resolve("server/target/lib"));
    for (Path part : List.of(built.configuration, built.extensions, built.libraries)) {
      if (!Files.isDirectory(part)) {
        throw new IllegalStateException(part + " is missing: run mvn package first");
      }
    }
    return built;
  }

  /** The class path of the server, in the form of the {@code java} command. */
  public String classPath() {
    return libraries + "/*";
  }

  /**
   * Makes a directory that James can work in, with copies of the configuration and the extension.
   *
   * @param workingDirectory is created; files of these names in it are replaced
   * @return a server to be started in that directory
   */
  public JamesLauncher assemble(Path workingDirectory) throws IOException {
    copyDirectory(configuration, workingDirectory.resolve("conf"));
    copyDirectory(extensions, workingDirectory.resolve("extensions-jars"));
    return new JamesLauncher(workingDirectory, classPath());
  }

  /**
   * The same for a James that lives in a private Internet: it asks its DNS, trusts its authority
   * and sends to its port.
   */
  public JamesLauncher assemble(Path workingDirectory, PrivateInternet internet)
      throws IOException {
    return assemble(workingDirectory)
        .file("sts.properties", internet.settings(workingDirectory.resolve("conf/ca.pem")))
        .environment("STS_MX_PORT", Integer.toString(internet.smtpPort()));
  }

  private static void copyDirectory(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      files.filter(Files::isRegularFile).forEach(file -> copyInto(to, file));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void copyInto(Path directory, Path file) {
    try {
      Files.copy(
          file,
          directory.resolve(file.getFileName().toString()),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
