package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.SmtpInjector;
import org.jamessts.testing.PrivateInternet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleConfigurationIT {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path directory;
  static PrivateInternet internet;
  static JamesProcess james;

  private static JamesLauncher sample(Path workingDirectory) throws IOException {
    return Installation.ofBuild(Path.of("")).assemble(workingDirectory);
  }

  @BeforeAll
  static void start() throws Exception {
    internet = new PrivateInternet();
    Path anchors = directory.resolve("root.key");
    Files.writeString(anchors, internet.dns().trustAnchor());
    // What the name servers of this machine can do is no matter of the sample.
    String dns =
        "%ndns.servers=127.0.0.1:%d%ndnssec.trustAnchors=%s%n"
            .formatted(internet.dns().address().getPort(), anchors);
    james = sample(directory).edit("sts.properties", text -> text + dns).start();
  }

  @AfterAll
  static void stop() {
    james.close();
    internet.close();
  }

  @Test
  void shouldStartWithoutAWarning() {
    assertThat(james.log().lines()).noneMatch(line -> line.matches("\\S+ (WARN|ERROR) .*"));
  }

  @Test
  void shouldBeHealthy() throws IOException {
    assertThat(james.get("/healthcheck"))
        .startsWith("{\"status\":\"healthy\"")
        .contains(
            "\"componentName\":\"MTA-STS policies\"",
            "\"componentName\":\"MTA-STS resolver\"",
            "\"componentName\":\"MTA-STS store\"",
            "\"componentName\":\"MTA-STS refresh\"",
            "\"componentName\":\"TLS reports\"");
  }

  @Test
  void shouldDeliverToALocalUser() throws Exception {
    assertThat(put("/users/alice@localhost", "{\"password\":\"secret\"}").statusCode())
        .isEqualTo(204);

    SmtpInjector.submit(
        james.smtp(), "bob@example.org", List.of("alice@localhost"), "Subject: hello\n\nAlice\n");

    awaitMetric("/users/alice@localhost/mailboxes/INBOX/messageCount", "1");
  }

  @Test
  void shouldQueueForOtherHostsWhatComesFromThisMachine() throws Exception {
    // RFC 6761: nobody will ever register "invalid", so the mail goes nowhere.
    SmtpInjector.submit(
        james.smtp(), "alice@localhost", List.of("bob@example.invalid"), "Subject: hi\n\nBob\n");

    assertThat(james.get("/mailQueues")).contains("\"outgoing\"");
  }

  @Test
  void shouldAnswerTheRoutesOfTheExtension() throws Exception {
    assertThat(james.get("/sts/policies")).isEqualTo("[]");
    assertThat(get("/sts/policies/example.org").statusCode()).isEqualTo(404);
    assertThat(get("/sts/policies/not_a_domain!").statusCode()).isEqualTo(400);
    assertThat(get("/sts/sessions/2020-01-01").body()).isEqualTo("[]");
    assertThat(get("/sts/sessions/yesterday").statusCode()).isEqualTo(400);
  }

  @Test
  void shouldKeepWebadminToThisMachine() throws Exception {
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .toList();

    assertThat(others)
        .noneMatch(address -> listens(new InetSocketAddress(address, james.webadmin().getPort())));
  }

  @Test
  void shouldNotAnswerWebPagesOfOtherOrigins() throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            request("/domains").header("Origin", "http://stranger.example").build(),
            BodyHandlers.ofString());

    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin").orElseThrow())
        .isNotIn("*", "http://stranger.example");
  }

  @Test
  void shouldNotRelayForStrangers(@TempDir Path other) throws Exception {
    JamesLauncher launcher = sample(other).environment("JAMES_RELAY_NETWORKS", "192.0.2.0/24");
    try (JamesProcess guarded = launcher.start()) {
      assertThatThrownBy(
              () ->
                  SmtpInjector.submit(
                      guarded.smtp(), "a@example.org", List.of("b@example.net"), "S: x\n\nx\n"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("550 5.7.1");
    }
  }

  @Test
  void shouldStopCleanlyWhenAsked(@TempDir Path other) throws Exception {
    JamesProcess stopping = sample(other).start();

    stopping.stop();

    // 128 and the number of SIGTERM
    assertThat(stopping.exitCode()).isEqualTo(OptionalInt.of(143));
    stopping.log().awaitLine(Pattern.compile("JAMES server stopped"), Duration.ofMinutes(1));
    assertThat(stopping.log().lines()).noneMatch(line -> line.matches("\\S+ (WARN|ERROR) .*"));
  }

  @Test
  void shouldTellTheReasonWhenTheServerDoesNotStart(@TempDir Path other) throws Exception {
    JamesLauncher broken =
        sample(other)
            .edit("mailetcontainer.xml", text -> text.replace("\"LocalDelivery\"", "\"NoSuch\""));

    assertThatThrownBy(broken::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("NoSuch");
  }

  private static boolean listens(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, 5_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(james.webadmin() + path));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(request(path).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> put(String path, String body) throws Exception {
    return HTTP.send(
        request(path).PUT(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private static void awaitMetric(String path, String expected) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    String answer = james.get(path);
    while (!answer.equals(expected) && System.nanoTime() < deadline) {
      Thread.sleep(100); // webadmin has no way to wait for it
      answer = james.get(path);
    }
    assertThat(answer).isEqualTo(expected);
  }
}
