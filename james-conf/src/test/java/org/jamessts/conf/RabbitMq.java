package org.jamessts.conf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.harness.FreePorts;

/** RabbitMQ, as it is installed, run by whoever runs the tests. */
final class RabbitMq implements AutoCloseable {

  private static final String USER = "guest";
  private static final int SECONDS = 300;
  private static final int LINES = 30;

  /** The wrapper on Debian's path serves one user and one directory only. */
  private static final String DEBIAN = "/usr/lib/rabbitmq/bin";

  private final Path directory;
  private final int port;
  private final int managementPort;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  private RabbitMq(Path directory, int port, int managementPort) {
    this.directory = directory;
    this.port = port;
    this.managementPort = managementPort;
  }

  /**
   * RabbitMQ, if it is installed; else the test is skipped, and says so.
   *
   * @param directory an empty one, for everything that is written
   */
  static RabbitMq start(Path directory) throws IOException, InterruptedException {
    Path server = program("rabbitmq-server");
    Path names = program("epmd");
    List<Integer> ports = FreePorts.choose(4);
    RabbitMq rabbit = new RabbitMq(directory, ports.get(0), ports.get(1));
    Runtime.getRuntime().addShutdownHook(new Thread(rabbit::close));
    rabbit.configure();
    // Erlang would start one that stays.
    rabbit.run(ports, "epmd.log", names.toString());
    Process broker = rabbit.run(ports, "rabbitmq.log", server.toString());
    try {
      rabbit.awaitStart(broker);
      return rabbit;
    } catch (IOException | InterruptedException e) {
      rabbit.close();
      throw e;
    }
  }

  private static Path program(String name) {
    String path = DEBIAN + File.pathSeparator + System.getenv().getOrDefault("PATH", "");
    Optional<Path> found =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .map(place -> Path.of(place, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      String reason = "RabbitMQ is not installed (no " + name + "): nothing is tested on it";
      System.out.println(reason);
      assumeTrue(false, reason);
    }
    return found.orElseThrow();
  }

  private void configure() throws IOException {
    Files.writeString(directory.resolve("plugins"), "[rabbitmq_management].\n");
    Files.writeString(
        directory.resolve("rabbitmq.conf"),
        """
        listeners.tcp.1 = 127.0.0.1:%d
        management.tcp.ip = 127.0.0.1
        management.tcp.port = %d
        collect_statistics_interval = 500
        log.console = true
        log.file = false
        """
            .formatted(port, managementPort));
  }

  private Process run(List<Integer> ports, String log, String program) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(program)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(log).toFile());
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("RABBITMQ_"));
    environment.put("HOME", directory.toString());
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("ERL_EPMD_PORT", ports.get(2).toString());
    environment.put("RABBITMQ_DIST_PORT", ports.get(3).toString());
    environment.put("RABBITMQ_NODENAME", "sts@localhost");
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    environment.put("RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString());
    environment.put("RABBITMQ_LOG_BASE", directory.resolve("log").toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("plugins").toString());
    environment.put("RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq.conf").toString());
    environment.put("RABBITMQ_CONF_ENV_FILE", directory.resolve("no-such-file").toString());
    environment.put("RABBITMQ_PID_FILE", directory.resolve("pid").toString());
    Process process = builder.start();
    synchronized (processes) {
      processes.add(process);
    }
    return process;
  }

  private void awaitStart(Process broker) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!listens()) {
      if (!broker.isAlive() || System.nanoTime() > end) {
        List<String> lines = Files.readAllLines(directory.resolve("rabbitmq.log"));
        throw new IOException(
            "RabbitMQ does not start:\n"
                + String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size())));
      }
      Thread.sleep(100);
    }
  }

  private boolean listens() throws InterruptedException {
    try {
      ask("GET", "/api/health/checks/port-listener/" + port);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What James's {@code rabbitmq.properties} says. */
  String settings() {
    return """
        uri=amqp://%1$s:%1$s@127.0.0.1:%2$d
        management.uri=http://127.0.0.1:%3$d
        management.user=%1$s
        management.password=%1$s
        """
        .formatted(USER, port, managementPort);
  }

  /** How often James has put a mail into a queue, ever; a moment late. */
  int published(String queue) throws IOException, InterruptedException {
    return number(queue, "\"publish\":(\\d+)");
  }

  /** How many mails a queue holds, with those that James has taken and not confirmed. */
  int messages(String queue) throws IOException, InterruptedException {
    return number(queue, "\"messages\":(\\d+)");
  }

  private int number(String queue, String pattern) throws IOException, InterruptedException {
    String answer = ask("GET", "/api/queues/%2F/JamesMailQueue-workqueue-" + queue);
    Matcher matcher = Pattern.compile(pattern).matcher(answer);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Forgets all queues. */
  void clear() throws IOException, InterruptedException {
    List<String> queues =
        Pattern.compile("\"name\":\"(JamesMailQueue-[^\"]+)\"")
            .matcher(ask("GET", "/api/queues"))
            .results()
            .map((MatchResult result) -> result.group(1))
            .toList();
    for (String queue : queues) {
      ask("DELETE", "/api/queues/%2F/" + queue);
    }
  }

  private String ask(String method, String path) throws IOException, InterruptedException {
    String login = Base64.getEncoder().encodeToString((USER + ":" + USER).getBytes(UTF_8));
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Basic " + login)
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() >= 400) {
      throw new IOException(method + " " + path + ": " + response.body());
    }
    return response.body();
  }

  /** Ends it, and all that it has started. */
  @Override
  public void close() {
    List<ProcessHandle> running = new ArrayList<>();
    synchronized (processes) {
      for (Process process : processes) {
        process.descendants().forEach(running::add);
        running.add(process.toHandle());
      }
      processes.clear();
    }
    running.forEach(ProcessHandle::destroyForcibly);
    running.forEach(process -> process.onExit().join());
  }
}
