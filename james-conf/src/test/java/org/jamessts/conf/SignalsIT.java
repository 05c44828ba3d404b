package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real James says of itself to who watches it, and the switch that he has. */
class SignalsIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String SWITCH = "/sts/enforcement";
  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final Path DASHBOARD = Path.of("grafana/james-sts.json");

  /** Of James, and not of ours. */
  private static final String DELIVERED = "outgoingMails";

  @TempDir static Path directory;
  static PrivateInternet internet = new PrivateInternet();
  static JamesProcess james;

  @BeforeAll
  static void start() throws Exception {
    james = Installation.ofBuild(Path.of("")).assemble(directory, internet).start();
  }

  @AfterAll
  static void stop() {
    james.close();
    internet.close();
  }

  private static void send(String method, String path) throws IOException, InterruptedException {
    assertThat(james.send(method, path, "")).isEqualTo(204);
  }

  /** The line in the log comes before. */
  private static void awaitStored(String domain) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!james.get("/sts/deferred").contains(domain) && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    assertThat(james.get("/sts/deferred")).contains(domain);
  }

  private static String awaitOutcome(String outcome, String recipient) throws InterruptedException {
    return james
        .log()
        .awaitLine(
            Pattern.compile("outcome=%s recipients=\\[%s]".formatted(outcome, recipient)), LIMIT);
  }

  @Test
  void mailShouldGoWhileEnforcementIsTakenBackAndWaitAgainAfterwards() throws Exception {
    String mx = "mx.broken.test";
    internet.policy("broken.test", "enforce", mx);
    internet.mx("broken.test", 10, mx, PrivateCa.selfSigned(mx));
    TestMail.submit(james, "a@broken.test");
    assertThat(awaitOutcome("deferred", "a@broken.test"))
        .contains("kind=policy", "result=certificate-not-trusted", "mx=" + mx);
    assertThat(internet.receivedFor("a@broken.test")).isEmpty();
    awaitStored("broken.test");
    assertThat(james.get("/healthcheck")).startsWith("{\"status\":\"healthy\"");

    send("PUT", SWITCH + "?mode=report-only&comment=bad+roots");

    assertThat(awaitOutcome("delivered", "a@broken.test"))
        .contains("(not enforced: enforcement=report-only)", "result=certificate-not-trusted");
    assertThat(internet.receivedFor("a@broken.test"))
        .singleElement()
        .satisfies(mail -> assertThat(mail.inTls()).isTrue());
    assertThat(james.get("/healthcheck"))
        .startsWith("{\"status\":\"degraded\"")
        .contains("MAIL IS NOT PROTECTED", "by webadmin at 127.0.0.1", "(bad roots)");
    assertThat(james.get(SWITCH)).contains("\"mode\":\"report-only\"", "\"setting\":\"enforce\"");
    assertThat(james.get("/metrics")).contains("\nstsEnforcement 1.0\n");
    assertThat(james.log().lines())
        .anyMatch(line -> line.contains("WARN") && line.contains("MAIL IS NOT PROTECTED"))
        .anyMatch(line -> line.contains("event=session mx=" + mx) && line.contains("reported"));

    send("DELETE", SWITCH);
    TestMail.submit(james, "b@broken.test");

    awaitOutcome("deferred", "b@broken.test");
    assertThat(internet.receivedFor("b@broken.test")).isEmpty();
    assertThat(james.get("/healthcheck")).startsWith("{\"status\":\"healthy\"");
    assertThat(james.get("/metrics"))
        .contains("\nstsEnforcement 2.0\n")
        .containsPattern("\nstsDeferredPolicy_total [2-9]")
        .containsPattern("\nstsJudgedReported_total [1-9]")
        .containsPattern("\nstsResultCertificateNotTrusted_total [2-9]")
        .containsPattern("\nstsPolicyMtaSts_total [2-9]")
        .containsPattern("\nstsHandshake_count [2-9]");
  }

  @Test
  void metricsShouldBeThoseOfThePageAndTheDashboardThoseThatThereAre() throws Exception {
    Set<String> there = ours(james.get("/metrics"), "(?m)^(\\w+)[ {]");

    assertThat(ours(Files.readString(PAGE), "(?m)^\\| `(\\w+)` \\|"))
        .hasSizeGreaterThan(50)
        .isEqualTo(there);
    Set<String> shown = new TreeSet<>();
    Matcher expression =
        Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"")
            .matcher(Files.readString(DASHBOARD));
    while (expression.find()) {
      shown.addAll(names(expression.group(1), "\\b((?:sts[A-Z]|outgoing)\\w+)"));
    }
    assertThat(shown).hasSizeGreaterThan(50).contains(DELIVERED);
    shown.remove(DELIVERED);
    assertThat(there).containsAll(shown);
    assertThat(names(james.get("/metrics"), "(?m)^(outgoing\\w+)[ {]")).contains(DELIVERED);
  }

  private static Set<String> ours(String text, String pattern) {
    Set<String> names = names(text, pattern);
    names.removeIf(name -> !name.startsWith("sts"));
    return names;
  }

  /** Without what Prometheus puts behind a name. */
  private static Set<String> names(String text, String pattern) {
    Set<String> names = new TreeSet<>();
    Matcher name = Pattern.compile(pattern).matcher(text);
    while (name.find()) {
      names.add(name.group(1).replaceAll("_(total|count)$", ""));
    }
    return names;
  }
}
