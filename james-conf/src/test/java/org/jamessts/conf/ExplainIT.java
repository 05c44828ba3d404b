package org.jamessts.conf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jamessts.harness.FreePorts;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SinkConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dry runs of a real James, and the command {@code james-conf/sts} beside it and without it. */
class ExplainIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final PrivateInternet internet = new PrivateInternet();
  private JamesLauncher launcher;
  private String webadminPort = "";

  /** What the command printed, and how it ended. */
  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void publish() throws IOException {
    launcher = Installation.ofBuild(Path.of("")).assemble(directory, internet);
    webadminPort = FreePorts.choose(1).get(0).toString();
    internet.policy("good.test", "enforce", "mx.good.test");
    internet.goodMx("good.test", 10, "mx.good.test");
    internet.policy("bad.test", "enforce", "mx.bad.test");
    internet.mx("bad.test", 10, "mx.bad.test", PrivateCa.selfSigned("mx.bad.test"));
  }

  @AfterEach
  void close() {
    internet.close();
  }

  private Ended sts(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of("sts").toAbsolutePath().toString()));
    command.addAll(List.of(words));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("JAVA_HOME", System.getProperty("java.home"));
    process.environment().put("JAMES_HOME", directory.toString());
    process.environment().put("JAMES_WEBADMIN_PORT", webadminPort);
    process.environment().put("STS_MX_PORT", Integer.toString(internet.smtpPort()));
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Process started = process.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(started.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ended(
        started.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void commandShouldAskTheJamesThatHoldsTheStoreAndDoWithoutOneThatIsGone() throws Exception {
    byte[] store;
    try (JamesProcess james = launcher.start()) {
      webadminPort = Integer.toString(james.webadmin().getPort());
      String answer = james.get("/sts/explain/good.test?connect=true");
      assertThat(answer).contains("\"outcome\":\"delivered\"", "\"host\":\"mx.good.test\"");
      // What a dry run finds is not kept.
      assertThat(james.get("/sts/policies")).isEqualTo("[]");
      assertThat(james.get("/sts/sessions")).isEqualTo("[]");
      assertThat(sts("policy", "good.test").status()).isEqualTo(1);

      TestMail.submit(james, "a@good.test", "b@bad.test");
      String told =
          james.log().awaitLine(Pattern.compile("outcome=deferred recipients=\\[b@"), LIMIT);
      james.log().awaitLine(Pattern.compile("outcome=delivered recipients=\\[a@"), LIMIT);

      Ended good = sts("explain", "good.test", "--connect");
      assertThat(good.err()).isEmpty();
      assertThat(good.status()).isZero();
      assertThat(good.out())
          .startsWith("Mail to good.test would be delivered to mx.good.test over TLSv1.3 ")
          .contains("\n    kept at ");
      Ended bad = sts("explain", "bad.test", "--connect", "--json");
      assertThat(bad.status()).isEqualTo(1);
      assertThat(bad.out()).contains("\"outcome\":\"deferred\"", "\"mails\":1");
      assertThat(told).contains(text(bad.out()));
      Ended elsewhere =
          sts("policy", "bad.test", "--webadmin", james.webadmin().toString(), "--json");
      assertThat(elsewhere.status()).isZero();
      assertThat(elsewhere.out()).contains("\"domain\":\"bad.test\"");
      assertThat(sts("policy", "bad.test", "--token-file", "no-such-token").err())
          .contains("no-such-token");
      launcher.edit(
          "webadmin.properties", text -> text.replace("https.enabled=false", "https.enabled=true"));
      assertThat(sts("policy", "bad.test").err()).contains("https://127.0.0.1:" + webadminPort);
    }
    store = Files.readAllBytes(directory.resolve("var/sts/sts.mv.db"));

    Ended good = sts("explain", "good.test", "--connect");
    assertThat(good.err()).isEmpty();
    assertThat(good.out()).contains("would be delivered to mx.good.test", "\n    kept at ");
    assertThat(good.status()).isZero();
    Ended bad = sts("explain", "bad.test", "--connect");
    assertThat(bad.status()).isEqualTo(1);
    assertThat(bad.out())
        .contains("1 mail waits for it", "rule:   RFC 8461 section 4.2", "remedy: ");
    assertThat(sts("policy", "good.test").out()).startsWith("good.test: mta-sts, id ");
    assertThat(Files.readAllBytes(directory.resolve("var/sts/sts.mv.db"))).isEqualTo(store);
    assertThat(internet.server("mx.bad.test").connections())
        .flatExtracting(SinkConnection::commands)
        .noneMatch(command -> command.startsWith("MAIL"));
  }

  /** As log, mail attribute and notification have it. */
  private static String text(String json) {
    return json.replaceFirst("(?s).*\"verdict\":\\{.*?\"text\":\"([^\"]*)\".*", "$1");
  }

  /** A monitor must not take a fault of the configuration for a verdict. */
  @Test
  void commandThatCannotFindOutShouldSayWhyAndGiveNoVerdict() throws Exception {
    Files.writeString(directory.resolve("conf/sts-overrides.json"), "{");

    Ended ended = sts("explain", "good.test");

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("sts-overrides.json: it is not JSON");
    assertThat(ended.err().lines()).as("no trace").allMatch(line -> line.startsWith("sts: "));
  }

  @Test
  void aJamesWithoutOurRoutesShouldNotPassForOneWithoutAPolicy() throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] body =
              "{\"statusCode\":404,\"type\":\"notFound\",\"message\":\"GET /sts can not be found\"}"
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    other.start();
    try {
      Ended ended =
          sts(
              "policy",
              "good.test",
              "--webadmin",
              "http://127.0.0.1:" + other.getAddress().getPort());

      assertThat(ended.status()).isEqualTo(3);
      assertThat(ended.err()).contains("answers 404", "can not be found");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void commandShouldWorkWhereJamesHasNeverRun() throws Exception {
    assertThat(sts("explain", "good.test").status()).isZero();
    assertThat(internet.server("mx.good.test").connections()).isEmpty();
    assertThat(sts("explain", "bad.test", "--connect").status()).isEqualTo(1);
    assertThat(sts("policy", "good.test").err()).contains("no policy of good.test is kept");
    assertThat(directory.resolve("var")).doesNotExist();
  }

  @Test
  void commandThatMakesNoSenseShouldBeToldApartFromOneThatFindsNothingOut() throws Exception {
    Ended misused = sts("explain", "good..test");
    assertThat(misused.status()).isEqualTo(2);
    assertThat(misused.err()).startsWith("sts: ").contains("usage: sts explain DOMAIN");

    Ended unanswered =
        sts("explain", "good.test", "--webadmin", "http://127.0.0.1:" + webadminPort);
    assertThat(unanswered.status()).isEqualTo(3);
    assertThat(unanswered.err()).startsWith("sts: no answer of the webadmin at http://127.0.0.1:");

    launcher.file("sts.properties", "dane=perhaps\n");
    Ended unset = sts("explain", "good.test");
    assertThat(unset.status()).isEqualTo(3);
    assertThat(unset.err()).contains("sts.properties", "dane", "perhaps");
  }

  @Test
  void reportShouldBeMadeReadable() throws Exception {
    Path report = directory.resolve("report.json");
    Files.writeString(
        report,
        """
        {"organization-name": "Company-X", "report-id": "5065",
         "date-range": {"start-datetime": "2026-03-01T00:00:00Z",
                        "end-datetime": "2026-03-01T23:59:59Z"},
         "policies": [{"policy": {"policy-type": "sts", "policy-domain": "example.test"},
           "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 3},
           "failure-details": [{"result-type": "certificate-expired",
             "receiving-mx-hostname": "mx.example.test", "failed-session-count": 3}]}]}
        """);

    Ended read = sts("report", report.toString());

    assertThat(read.status()).isEqualTo(1);
    assertThat(read.out())
        .contains("TLS report 5065 of Company-X", "example.test sts: 5326 well, 3 failed")
        .contains("  3 x certificate-expired at mx.example.test");
    assertThat(sts("report", directory.resolve("conf/ca.pem").toString()).status()).isEqualTo(3);
  }
}
