package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mail waits, James is killed and started anew, and the mail arrives once its host is repaired.
 */
class DeferralSurvivesKillIT {

  private static final String DOMAIN = "waiting.test";
  private static final String MX = "mx." + DOMAIN;
  private static final String RECIPIENT = "bob@" + DOMAIN;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path directory;
  final PrivateInternet internet = new PrivateInternet();

  @AfterEach
  void close() {
    internet.close();
  }

  @Test
  void mailShouldArriveAfterJamesWasKilledWhileItWaited() throws Exception {
    internet.policy(DOMAIN, "enforce", MX);
    internet.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    try (JamesProcess james = launcher().start()) {
      TestMail.submit(james, RECIPIENT);
      james
          .log()
          .awaitLine(Pattern.compile("outcome=deferred recipients=\\[" + RECIPIENT), PATIENCE);
      awaitStored(james);
      assertThat(james.get("/sts/deferred/" + DOMAIN))
          .contains("\"resultType\":\"certificate-not-trusted\"", "\"queue\":\"outgoing\"")
          .doesNotContain(RECIPIENT);
      ProcessHandle process = ProcessHandle.of(james.pid()).orElseThrow();
      assertThat(process.destroyForcibly()).isTrue();
      process.onExit().join();
    }
    internet.replaceMx(MX, internet.ca().issue(MX));

    try (JamesProcess james = launcher().start()) {
      awaitStored(james);
      assertThat(james.send("POST", "/sts/deferred?action=flush&domain=" + DOMAIN, ""))
          .isEqualTo(200);
      ReceivedMail mail = internet.server(MX).awaitMails(1, PATIENCE).get(0);

      assertThat(mail.inTls()).isTrue();
      assertThat(mail.reversePath()).isEqualTo(TestMail.SENDER);
      assertThat(mail.recipients()).containsExactly(RECIPIENT);
      assertThat(mail.content()).endsWith("\r\n\r\nHello.\r\n.\r\nGoodbye.\r\n");
      james
          .log()
          .awaitLine(Pattern.compile("outcome=delivered recipients=\\[" + RECIPIENT), PATIENCE);
      assertThat(james.get("/sts/deferred")).isEqualTo("[]");
      assertThat(james.get("/healthcheck")).startsWith("{\"status\":\"healthy\"");
    }
    assertThat(internet.receivedFor(RECIPIENT)).hasSize(1);
  }

  private JamesLauncher launcher() throws IOException {
    return Installation.ofBuild(Path.of(""))
        .assemble(directory, internet)
        .edit(
            "mailetcontainer.xml",
            text ->
                text.replaceFirst("<delayTime>.*</delayTime>", "<delayTime>4 hours</delayTime>"));
  }

  /** The verdict is in the log a moment before the mail is in the store. */
  private static void awaitStored(JamesProcess james) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!james.get("/sts/deferred").contains(DOMAIN)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50); // webadmin has no way to wait for it
    }
  }
}
