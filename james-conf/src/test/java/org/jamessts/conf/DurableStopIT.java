package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.SmtpInjector;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The durable James is stopped in the middle of deliveries, and started again. */
class DurableStopIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void shouldGoOnWhereItStopped(@TempDir Path directory) throws Exception {
    HeldReply held = new HeldReply();
    try (PrivateInternet internet = new PrivateInternet()) {
      internet.goodMx("slow.test", 10, "mx.slow.test");
      internet.server("mx.slow.test").effects(held.effect());
      internet.goodMx("silent.test", 10, "mx.silent.test");
      internet.server("mx.silent.test").effects(new SmtpEffect.Silence(Stage.FINAL_DOT));
      JamesLauncher launcher =
          Installation.durableOfBuild(Path.of(""))
              .assemble(directory, internet)
              .edit("sts.properties", text -> text + "shutdownGrace=3\n");

      try (JamesProcess james = launcher.start()) {
        TestMail.submit(james, "bob@slow.test");
        TestMail.submit(james, "bob@silent.test");
        // Nobody can be told that it failed, so it is kept for a person.
        SmtpInjector.submit(james.smtp(), "", List.of("bob@missing.test"), "Subject: lost\n\n");
        held.awaitReached();
        await().atMost(LIMIT).until(() -> undeliverable(james).contains("\"size\":1"));
        james.askToStop();
        james.log().awaitLine(Pattern.compile("stopping: .* have 3 s to end"), LIMIT);
        held.release();

        assertThat(james.awaitEnd(LIMIT)).isEqualTo(143);
        assertThat(james.log().lines())
            .anyMatch(line -> line.contains("outcome=delivered recipients=[bob@slow.test]"));
      }
      internet.server("mx.silent.test").effects();

      try (JamesProcess james = launcher.start()) {
        internet.server("mx.silent.test").awaitMails(1, LIMIT);
        assertThat(undeliverable(james)).contains("\"size\":1");
      }
      assertThat(internet.receivedFor("bob@silent.test")).as("with the first try").hasSize(2);
      assertThat(internet.receivedFor("bob@slow.test")).as("confirmed in time").hasSize(1);
    }
  }

  /**
   * A queue on disk waits for the next mail in whoever asks for it: none may lie there meanwhile.
   */
  @Test
  void aFewMailsShouldAllLeaveWithoutAnotherToPushThem(@TempDir Path directory) throws Exception {
    try (PrivateInternet internet = new PrivateInternet()) {
      internet.goodMx("quick.test", 10, "mx.quick.test");
      JamesLauncher launcher =
          Installation.durableOfBuild(Path.of("")).assemble(directory, internet);

      try (JamesProcess james = launcher.start()) {
        int submitted = 0;
        for (int burst = 1; burst <= 10; burst++) {
          for (int i = 0; i < burst; i++) {
            TestMail.submit(james, "bob@quick.test");
            submitted++;
          }
          internet.server("mx.quick.test").awaitMails(submitted, LIMIT);
          await().until(() -> james.get("/mailQueues/outgoing").contains("\"size\":0"));
        }
      }
    }
  }

  private static String undeliverable(JamesProcess james) throws IOException {
    return james.get("/mailRepositories/var%2Fmail%2Fundeliverable%2F");
  }
}
