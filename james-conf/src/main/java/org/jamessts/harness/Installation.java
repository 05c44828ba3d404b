package org.jamessts.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.jamessts.testing.PrivateInternet;

/**
 * Where the parts of a runnable James are: what the build made, before anything is copied.
 *
 * @param configuration a directory of configuration files, as in {@code conf/} of a James
 * @param extensions a directory of jars, as in {@code extensions-jars/} of a James
 * @param server what is started
 */
public record Installation(Path configuration, Path extensions, Server server) {

  /**
   * A James to start.
   *
   * @param classPath in the form of the {@code java} command
   * @param mainClass which is started
   * @param repositories where mails wait for a person: the protocol of their URLs
   */
  public record Server(String classPath, String mainClass, String repositories) {

    /** The unmodified memory server, as James's project publishes it. */
    public static Server memory(String classPath) {
      return new Server(classPath, "org.apache.james.MemoryJamesServerMain", "memory");
    }

    private static Server durable(String classPath) {
      return new Server(classPath, "org.jamessts.durable.DurableJames", "file");
    }
  }

  /**
   * What {@code mvn package} leaves behind, with the memory server.
   *
   * @param module the directory of the module {@code james-conf}
   * @throws IllegalStateException if a part is missing, naming it
   */
  public static Installation ofBuild(Path module) {
    Path home = module.toAbsolutePath();
    Path libraries = home.resolve("server/target/lib");
    return present(home, Server.memory(libraries + "/*"), libraries);
  }

  /** The same with the server whose queues outlive its process: what {@code run} starts. */
  public static Installation durableOfBuild(Path module) {
    Path home = module.toAbsolutePath();
    Path jar = home.resolve("durable/target/james-durable.jar");
    Path broker = home.resolve("durable/target/lib");
    Path libraries = home.resolve("server/target/lib");
    Server server = Server.durable(jar + ":" + broker + "/*:" + libraries + "/*");
    return present(home, server, jar, broker, libraries);
  }

  private static Installation present(Path home, Server server, Path... serverParts) {
    Installation built =
        new Installation(
            home.resolve("conf"), home.resolve("target/james/extensions-jars"), server);
    Stream.concat(Stream.of(built.configuration, built.extensions), Stream.of(serverParts))
        .filter(part -> !Files.exists(part))
        .findFirst()
        .ifPresent(
            part -> {
              throw new IllegalStateException(part + " is missing: run mvn package first");
            });
    return built;
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
    return new JamesLauncher(workingDirectory, server);
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
