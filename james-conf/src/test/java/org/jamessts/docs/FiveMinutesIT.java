package org.jamessts.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.SmtpInjector;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator with nothing but {@code docs/operate.md} finds out why a mail waits, lets it go for
 * two days, and sees that the exception ends.
 */
class FiveMinutesIT {

  private static final Path PAGE = Path.of("../docs/operate.md");
  private static final String DOMAIN = "expired.test";
  private static final String MX = "mx." + DOMAIN;
  private static final String RECIPIENT = "bob@" + DOMAIN;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern UNTIL = Pattern.compile("\"until\":\"([^\"]+)\"");

  /** Long enough for the command to come before it is over. */
  private static final String SHORTLY = "+5 seconds";

  @TempDir Path directory;
  final PrivateInternet internet = new PrivateInternet();
  JamesProcess james;
  Walk walk;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    assumeTrue(isThere("curl"), "curl, with which the page asks webadmin, is not installed");
    internet.policy(DOMAIN, "enforce", MX);
    internet.mx(DOMAIN, 10, MX, internet.ca().issueExpired(MX));
    james = Installation.ofBuild(Path.of("")).assemble(directory, internet).start();
    walk =
        new Walk(
            PAGE,
            Map.of(
                "webadmin", james.webadmin().toString(),
                "log", directory.resolve("logs/james.log").toString()));
  }

  private static boolean isThere(String program) throws IOException, InterruptedException {
    Process found = new ProcessBuilder("bash", "-c", "command -v " + program).start();
    return found.waitFor(10, TimeUnit.SECONDS) && found.exitValue() == 0;
  }

  @AfterEach
  void stop() {
    if (james != null) {
      james.close();
    }
    internet.close();
  }

  @Test
  void pageShouldLeadFromAMailThatWaitsToAnExceptionThatEnds() throws Exception {
    submit();
    await("deferred", 1);
    awaitWaiting();

    walk.follow("Why does it wait?");
    assertThat(internet.receivedFor(RECIPIENT)).isEmpty();

    walk.follow("Let it go for two days");
    assertThat(Duration.between(Instant.now(), until()))
        .isBetween(Duration.ofHours(47), Duration.ofHours(48));
    walk.follow("Have it tried now");
    ReceivedMail mail = internet.server(MX).awaitMails(1, PATIENCE).get(0);
    assertThat(mail.recipients()).containsExactly(RECIPIENT);
    assertThat(mail.inTls()).isTrue();
    await("delivered", 1);
    walk.follow("Has it gone?");

    walk.follow("Let it go for two days", commands -> commands.replace("+48 hours", SHORTLY));
    Instant end = until();
    assertThat(end).isBefore(Instant.now().plus(Duration.ofMinutes(1)));
    while (!Instant.now().isAfter(end)) {
      Thread.sleep(50); // the real clock is what ends it
    }
    submit();
    await("deferred", 2);
    awaitWaiting();
    walk.follow("After two days");
    assertThat(internet.receivedFor(RECIPIENT)).hasSize(1);
  }

  private Instant until() throws IOException {
    Matcher until = UNTIL.matcher(james.get("/sts/overrides/" + DOMAIN));
    assertThat(until.find()).isTrue();
    return Instant.parse(until.group(1));
  }

  private void submit() throws IOException {
    SmtpInjector.submit(
        james.smtp(),
        "alice@localhost",
        List.of(RECIPIENT),
        "From: alice@localhost\nTo: " + RECIPIENT + "\nSubject: offer\n\nHello.\n");
  }

  /** Waits for the line about the last of so many mails. */
  private void await(String outcome, int count) throws InterruptedException {
    Pattern line = Pattern.compile("outcome=" + outcome + " recipients=\\[" + RECIPIENT + "]");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (james.log().lines().stream().filter(text -> line.matcher(text).find()).count() < count) {
      assertThat(System.nanoTime()).as("%s %s times", line, count).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** The verdict is in the log a moment before the mail is in the store. */
  private void awaitWaiting() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!james.get("/sts/deferred").contains(DOMAIN)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50); // webadmin has no way to wait for it
    }
  }
}
