package org.jamessts.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The programs of BIND 9, as they are installed, run by whoever runs the tests. */
final class Bind implements AutoCloseable {

  private static final int SECONDS = 60;
  private static final int PORTS_TRIED = 5;

  private final Path directory;
  private final Path named;
  private final List<Process> servers = new ArrayList<>();

  private Bind(Path directory, Path named) {
    this.directory = directory;
    this.named = named;
  }

  /**
   * BIND, if it is installed; else the test is skipped, and says so.
   *
   * @param directory an empty one, for everything that is written
   */
  static Bind in(Path directory) throws IOException {
    for (String program : List.of("named", "dnssec-keygen", "dnssec-signzone")) {
      if (find(program).isEmpty()) {
        String reason = "BIND is not installed (no " + program + "): nothing is tested against it";
        System.out.println(reason);
        assumeTrue(false, reason);
      }
    }
    // AppArmor, where it is active, confines the installed one, by its path, to directories of its
    // own.
    Path named = Files.copy(find("named").orElseThrow(), directory.resolve("named"));
    Bind bind = new Bind(directory, named);
    Runtime.getRuntime().addShutdownHook(new Thread(bind::close));
    return bind;
  }

  private static Optional<Path> find(String program) {
    // Where Debian has named is not on the path of everybody.
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Path directory() {
    return directory;
  }

  /** Runs a program to its end, in the directory; it has to succeed. */
  void run(String program, Stream<String> arguments) throws IOException {
    List<String> command =
        Stream.concat(Stream.of(find(program).orElseThrow().toString()), arguments).toList();
    Path log = directory.resolve(program + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!ended(process) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + ":\n" + Files.readString(log));
    }
  }

  /**
   * Starts a name server on a port that is free.
   *
   * @param name for its files
   * @param options more of its {@code options}
   * @param statements whatever else its configuration holds
   * @return where it listens
   */
  InetSocketAddress start(String name, String options, String statements) throws IOException {
    Path log = directory.resolve(name + ".log");
    for (int i = 0; i < PORTS_TRIED; i++) {
      InetSocketAddress address = freePort();
      Path configuration = directory.resolve(name + ".conf");
      Files.writeString(configuration, configuration(address, options) + statements, UTF_8);
      // In the foreground, and with one thread for questions.
      Process server =
          new ProcessBuilder(named.toString(), "-g", "-n", "1", "-c", configuration.toString())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      synchronized (servers) {
        servers.add(server);
      }
      if (runs(server, log)) {
        return address;
      }
    }
    throw new IOException("named does not start:\n" + Files.readString(log));
  }

  private String configuration(InetSocketAddress address, String options) {
    return """
        controls { };
        options {
          directory "%s";
          pid-file none;
          lock-file none;
          session-keyfile none;
          listen-on port %d { 127.0.0.1; };
          listen-on-v6 { none; };
          allow-query { 127.0.0.1; };
          empty-zones-enable no;
          %s
        };
        """
        .formatted(directory, address.getPort(), options);
  }

  /** Free for TCP just now, and probably for UDP. */
  private static InetSocketAddress freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }
  }

  private static boolean runs(Process server, Path log) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (server.isAlive() && System.nanoTime() < end) {
      if (Files.readString(log).lines().anyMatch(line -> line.endsWith(" running"))) {
        return true;
      }
      sleep();
    }
    return false;
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends every server. */
  @Override
  public void close() {
    synchronized (servers) {
      servers.forEach(Process::destroyForcibly);
      for (Process server : servers) {
        if (!ended(server)) {
          throw new UncheckedIOException(new IOException("named does not end"));
        }
      }
      servers.clear();
    }
  }
}
