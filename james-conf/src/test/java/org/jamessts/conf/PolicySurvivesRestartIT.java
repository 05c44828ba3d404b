package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.SmtpInjector;
import org.jamessts.store.Stores;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody waits until James is started anew, and then takes away every sign of the policy and puts
 * his own server in the place of the MX host. The policy must hold all the same.
 */
class PolicySurvivesRestartIT {

  private static final String DOMAIN = "cached.test";
  private static final String MX = "mx." + DOMAIN;
  private static final String RECIPIENT = "bob@" + DOMAIN;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path first;
  @TempDir Path second;
  final PrivateInternet internet = new PrivateInternet();

  @AfterEach
  void close() {
    internet.close();
  }

  @Test
  @Rule(value = "RFC 8461 S13", in = Stores.class)
  void policyShouldHoldAfterJamesWasKilled() throws Exception {
    learnPolicyAndDie(first, "");
    attack();
    assertPolicyHolds(first, "");
  }

  @Test
  @Rule(value = "RFC 8461 S13", in = Stores.class)
  void policyShouldHoldAtAnotherServerOnTheSameDatabase() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      String store =
          "store.url=jdbc:postgresql://127.0.0.1:%d/postgres\nstore.user=postgres\nstore.password=x\n"
              .formatted(postgres.getPort());
      learnPolicyAndDie(first, store);
      assertThat(first.resolve("var/sts")).doesNotExist();
      attack();
      assertPolicyHolds(second, store);
    }
  }

  private void learnPolicyAndDie(Path workingDirectory, String store) throws Exception {
    internet.policy(DOMAIN, "enforce", MX);
    internet.goodMx(DOMAIN, 10, MX);
    try (JamesProcess james = start(workingDirectory, store)) {
      submit(james);
      internet.server(MX).awaitMails(1, PATIENCE);
      james.kill();
    }
    assertThat(internet.receivedFor(RECIPIENT)).hasSize(1);
  }

  private void attack() {
    internet.blockPolicy(DOMAIN);
    internet.replaceMx(MX, PrivateCa.selfSigned(MX));
  }

  private void assertPolicyHolds(Path workingDirectory, String store) throws Exception {
    try (JamesProcess james = start(workingDirectory, store)) {
      submit(james);
      String verdict =
          james.log().awaitLine(Pattern.compile("outcome=.*" + Pattern.quote(RECIPIENT)), PATIENCE);

      assertThat(verdict).contains("outcome=deferred").contains("MTA-STS (enforce) " + DOMAIN);
      assertThat(internet.receivedFor(RECIPIENT)).as("none but the first").hasSize(1);
      assertThat(james.get("/sts/policies/" + DOMAIN)).contains("\"mode\":\"enforce\"");
      assertThat(james.get("/healthcheck")).startsWith("{\"status\":\"healthy\"");
      assertThat(james.log().lines())
          .noneMatch(line -> line.matches("\\S+ (WARN|ERROR) .*store.*"));
    }
  }

  private JamesProcess start(Path workingDirectory, String store)
      throws IOException, InterruptedException {
    return Installation.ofBuild(Path.of(""))
        .assemble(workingDirectory)
        .file("sts.properties", internet.settings(workingDirectory.resolve("conf/ca.pem")) + store)
        .environment("STS_MX_PORT", Integer.toString(internet.smtpPort()))
        .start();
  }

  private static void submit(JamesProcess james) throws IOException {
    SmtpInjector.submit(
        james.smtp(),
        "alice@localhost",
        List.of(RECIPIENT),
        "From: alice@localhost\nTo: " + RECIPIENT + "\nSubject: restart\n\nHello.\n");
  }
}
