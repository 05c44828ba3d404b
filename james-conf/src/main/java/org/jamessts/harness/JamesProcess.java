package org.jamessts.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A James that runs as a process of its own, on free ports of the loopback interface. */
public final class JamesProcess implements AutoCloseable {

  private static final Pattern STARTED = Pattern.compile("JAMES server started");
  private static final Duration START = Duration.ofMinutes(2);

  /** James lets conversations end for half a minute, and needs a few seconds for itself. */
  private static final Duration STOP = Duration.ofSeconds(45);

  private final Process process;
  private final ProcessLog log;
  private final Path workingDirectory;
  private final InetSocketAddress smtp;
  private final URI webadmin;
  private final Thread killer;

  private JamesProcess(Process process, Path workingDirectory, int smtpPort, int webadminPort) {
    this.process = process;
    this.log = new ProcessLog(workingDirectory.resolve("console.log"));
    this.workingDirectory = workingDirectory;
    this.smtp = new InetSocketAddress(InetAddress.getLoopbackAddress(), smtpPort);
    this.webadmin = URI.create("http://127.0.0.1:" + webadminPort);
    this.killer = new Thread(() -> process.toHandle().destroyForcibly());
  }

  /**
   * Starts the process and waits until it takes mail and webadmin answers.
   *
   * @param command starts James
   * @param workingDirectory gets the file {@code console.log}
   * @param smtpPort where James will listen at 127.0.0.1
   * @param webadminPort likewise
   * @throws IllegalStateException if it does not come up; the message holds the last lines that it
   *     printed
   */
  public static JamesProcess start(
      ProcessBuilder command, Path workingDirectory, int smtpPort, int webadminPort)
      throws IOException, InterruptedException {
    JamesProcess james = launch(command, workingDirectory, smtpPort, webadminPort);
    boolean started = false;
    try {
      james.awaitStart();
      started = true;
      return james;
    } finally {
      if (!started) {
        james.stop();
      }
    }
  }

  /** The same without waiting: for a server that is expected not to come up. */
  static JamesProcess launch(
      ProcessBuilder command, Path workingDirectory, int smtpPort, int webadminPort)
      throws IOException {
    JamesProcess james =
        new JamesProcess(
            command.redirectErrorStream(true).start(), workingDirectory, smtpPort, webadminPort);
    Runtime.getRuntime().addShutdownHook(james.killer);
    james.followOutput();
    return james;
  }

  /** Where it takes mail. */
  public InetSocketAddress smtp() {
    return smtp;
  }

  /** Where webadmin answers: scheme, address and port, without a path. */
  public URI webadmin() {
    return webadmin;
  }

  /** The directory with {@code conf}, {@code extensions-jars} and {@code logs}. */
  public Path workingDirectory() {
    return workingDirectory;
  }

  /** What it printed. */
  public ProcessLog log() {
    return log;
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  /** How it ended, or empty while it runs. */
  public OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /**
   * Waits until it has ended by itself, and all that it printed is in the log.
   *
   * @return its exit code
   * @throws IllegalStateException if it has not ended in time; it then still runs, and its log ends
   *     with what its threads do
   */
  public int awaitEnd(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(
          "It still runs after " + limit.toSeconds() + " s:\n" + String.join("\n", withThreads()));
    }
    log.awaitEnd(limit);
    return process.exitValue();
  }

  private List<String> withThreads() throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-QUIT", Long.toString(pid())).start().waitFor();
      log.awaitLine(Pattern.compile("JNI global ref"), Duration.ofSeconds(10));
    } catch (IOException | IllegalStateException e) {
      // It says nothing of its threads: what it said before has to do.
    }
    return log.lines();
  }

  /** Asks it to stop, as {@code kill} does, and returns at once. */
  public void askToStop() {
    // Process.destroy() would also close the pipe, and with it the last lines would be lost.
    process.toHandle().destroy();
  }

  /** Ends it as {@code kill -9} does: without a chance to finish anything. */
  public void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  /** Asks it to stop, and kills it if it does not within 45 seconds. */
  public void stop() {
    List<ProcessHandle> children = process.descendants().toList();
    askToStop();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.toHandle().destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      process.toHandle().destroyForcibly();
      Thread.currentThread().interrupt();
    }
    // There are none, unless a command that should have become James started it instead.
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // This JVM is going down already: the hook runs, and finds nothing to kill.
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void followOutput() {
    Thread reader =
        new Thread(
            () ->
                log.follow(
                    new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))),
            "james-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void awaitStart() throws IOException, InterruptedException {
    log.awaitLine(STARTED, START);
    // It says so itself, but only an answer shows that the ports are those that we chose.
    SmtpInjector.greeting(smtp);
    get("/healthcheck");
  }

  /**
   * Asks webadmin.
   *
   * @param path for example {@code /healthcheck}
   * @return the body of the answer, whatever its status
   */
  public String get(String path) throws IOException {
    HttpURLConnection connection = connect(path);
    try (var body =
        connection.getResponseCode() < 400
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      connection.disconnect();
    }
  }

  /**
   * Asks webadmin for a change.
   *
   * @param method for example {@code PUT}
   * @param path for example {@code /sts/overrides/example.com}
   * @param body of the request; empty for none
   * @return the status of the answer
   */
  public int send(String method, String path, String body) throws IOException {
    HttpURLConnection connection = connect(path);
    connection.setRequestMethod(method);
    try {
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      }
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection connect(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) webadmin.resolve(path).toURL().openConnection();
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout(30_000);
    return connection;
  }
}
