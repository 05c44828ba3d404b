package org.jamessts.harness;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What a server shall be like. Made by {@link Installation#assemble}. */
public final class JamesLauncher {

  /**
   * The system property that holds options of the {@code java} command for every server, with
   * spaces between them: tests, which start many that live for seconds, set what starts quickest.
   */
  public static final String OPTIONS_PROPERTY = "sts.harness.javaOptions";

  private final Path workingDirectory;
  private final Installation.Server server;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> options = new ArrayList<>();
  private Path javaHome = Path.of(requireNonNull(System.getProperty("java.home")));

  /**
   * A server in a directory that is there already.
   *
   * @param workingDirectory holds {@code conf} and {@code extensions-jars}
   * @param server what is started
   */
  public JamesLauncher(Path workingDirectory, Installation.Server server) {
    this.workingDirectory = workingDirectory.toAbsolutePath();
    this.server = server;
    environment("JAMES_REPOSITORIES", server.repositories());
    Pattern.compile(" ")
        .splitAsStream(System.getProperty(OPTIONS_PROPERTY, ""))
        .filter(option -> !option.isEmpty())
        .forEach(options::add);
  }

  /** Writes a configuration file, in place of one of that name. */
  public JamesLauncher file(String name, String content) throws IOException {
    Files.writeString(workingDirectory.resolve("conf").resolve(name), content);
    return this;
  }

  /** Changes the text of a configuration file. */
  public JamesLauncher edit(String name, UnaryOperator<String> change) throws IOException {
    Path file = workingDirectory.resolve("conf").resolve(name);
    Files.writeString(file, change.apply(Files.readString(file)));
    return this;
  }

  /** Sets an environment variable, which configuration files name as {@code ${env:NAME}}. */
  public JamesLauncher environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Adds an option of the {@code java} command. */
  public JamesLauncher javaOption(String option) {
    options.add(option);
    return this;
  }

  /** Chooses the Java to run on; without it, the one that runs this. */
  public JamesLauncher javaHome(Path home) {
    this.javaHome = home;
    return this;
  }

  /**
   * Starts the server and waits until it takes mail and webadmin answers.
   *
   * @throws IllegalStateException if it does not start; the message holds the last lines that it
   *     printed
   */
  public JamesProcess start() throws IOException, InterruptedException {
    List<Integer> ports = FreePorts.choose(2);
    return JamesProcess.start(process(ports), workingDirectory, ports.get(0), ports.get(1));
  }

  /** Starts the server and returns at once: for one that is expected not to come up. */
  public JamesProcess launch() throws IOException {
    List<Integer> ports = FreePorts.choose(2);
    return JamesProcess.launch(process(ports), workingDirectory, ports.get(0), ports.get(1));
  }

  private ProcessBuilder process(List<Integer> ports) {
    ProcessBuilder process = new ProcessBuilder(command()).directory(workingDirectory.toFile());
    process.environment().putAll(environment);
    process.environment().put("JAMES_SMTP_BIND", "127.0.0.1:" + ports.get(0));
    process.environment().put("JAMES_WEBADMIN_PORT", ports.get(1).toString());
    return process;
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin/java").toString());
    command.addAll(options);
    command.add("-Dworking.directory=" + workingDirectory);
    command.add("-Dextra.props=" + workingDirectory.resolve("conf/jvm.properties"));
    command.add("-Dlogback.configurationFile=" + workingDirectory.resolve("conf/logback.xml"));
    command.add("-cp");
    command.add(server.classPath());
    command.add(server.mainClass());
    return command;
  }
}
