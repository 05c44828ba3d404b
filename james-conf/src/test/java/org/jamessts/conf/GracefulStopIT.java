package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real James is asked to stop while mails are under way, at different points. */
class GracefulStopIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String POLICY = "version: STSv1\nmode: enforce\nmx: mx.%s\nmax_age: 9999\n";

  @Test
  void shouldStopInTimeAndEndWhatCanEnd(@TempDir Path directory) throws Exception {
    HeldReply held = new HeldReply();
    try (PrivateInternet internet = new PrivateInternet();
        PolicyHost policyHost = PolicyHost.start(policyAddress(), internet.policyPort());
        JamesProcess james =
            Installation.ofBuild(Path.of(""))
                .assemble(directory, internet)
                .file("sts.properties", settings(directory, internet))
                .start()) {
      internet.goodMx("slow.test", 10, "mx.slow.test");
      internet.server("mx.slow.test").effects(held.effect());
      internet.goodMx("silent.test", 10, "mx.silent.test");
      internet.server("mx.silent.test").effects(new SmtpEffect.Silence(Stage.FINAL_DOT));
      announce(internet, policyHost, "slow-policy.test", slowly("slow-policy.test"));
      internet.goodMx("slow-policy.test", 10, "mx.slow-policy.test");
      announce(internet, policyHost, "no-answer.test", new PolicyHostEffect.Hang());
      internet.mx("no-answer.test", 10, "mx.no-answer.test", PrivateCa.selfSigned("x.test"));

      TestMail.submit(james, "bob@slow.test");
      TestMail.submit(james, "bob@silent.test");
      TestMail.submit(james, "bob@no-answer.test");
      TestMail.submit(james, "bob@slow-policy.test");
      held.awaitReached();
      await(() -> internet.server("mx.silent.test").transactionCount() == 1);
      await(() -> policyHost.namesAsked().contains("mta-sts.no-answer.test"));
      await(() -> policyHost.namesAsked().contains("mta-sts.slow-policy.test"));
      james.askToStop();
      james.log().awaitLine(Pattern.compile("stopping: open conversations have"), LIMIT);
      held.release();

      // 128 and the number of SIGTERM
      assertThat(james.awaitEnd(Duration.ofSeconds(40))).isEqualTo(143);
      assertThat(james.log().lines())
          .anyMatch(line -> line.contains("outcome=delivered recipients=[bob@slow.test]"))
          .anyMatch(line -> line.matches(".*=delivered .*bob@slow-policy.test.* verified\" .*"))
          .noneMatch(line -> line.matches(".*=delivered .*bob@(silent|no-answer).test.*"))
          .noneMatch(line -> line.matches("\\S+ ERROR .*"));
      assertThat(internet.receivedFor("bob@slow.test")).hasSize(1);
      assertThat(internet.receivedFor("bob@silent.test")).hasSize(1);
      assertThat(internet.receivedFor("bob@slow-policy.test")).hasSize(1);
      // Its policy is unknown, and only because we stop: that must not count as "no policy".
      assertThat(internet.receivedFor("bob@no-answer.test")).isEmpty();
    }
  }

  /**
   * Waits longer than it takes to stop: nothing but the stop shall end the waiting for a policy.
   */
  private static String settings(Path directory, PrivateInternet internet) throws IOException {
    return internet.settings(directory.resolve("conf/ca.pem"))
        + "policy.firstLookupWait=120 s\nshutdownGrace=15 s\n";
  }

  private static InetAddress policyAddress() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 77, 2, 2});
  }

  private static void announce(
      PrivateInternet internet, PolicyHost host, String domain, PolicyHostEffect effect) {
    host.serve(domain, internet.ca().issue("mta-sts." + domain), effect);
    internet.dns().txt("_mta-sts." + domain, "v=STSv1; id=1;").a("mta-sts." + domain, "127.77.2.2");
  }

  /** A good policy, within about seven seconds. */
  private static PolicyHostEffect slowly(String domain) {
    String text = POLICY.formatted(domain);
    String headers = "Content-Type: text/plain\r\nContent-Length: " + text.length() + "\r\n";
    return new PolicyHostEffect.Drip(
        PolicyHostEffect.head("200 OK", headers), text, 7_000 / text.length());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.sleep(20); // the servers answer nothing yet, so that there is no event to wait for
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
