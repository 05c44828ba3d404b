package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deferral on the queue of James's distributed server, which ignores delays, at a real RabbitMQ: no
 * mail is tried over and over, none is in the way of others, and none is lost.
 */
@Tag("rabbitmq")
class RabbitQueueIT {

  private static final String BROKEN = "broken.test";
  private static final String BROKEN_MX = "mx." + BROKEN;
  private static final String BOB = "bob@" + BROKEN;
  private static final String GOOD = "good.test";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A queue that goes round does so hundreds of times in it. */
  private static final Duration A_WHILE = Duration.ofSeconds(30);

  /** The first retry comes in this while, the second one not. */
  private static final String DELAYS = "5 seconds, 4 hours";

  @TempDir static Path rabbitDirectory;
  static RabbitMq rabbit;

  @TempDir Path directory;
  final PrivateInternet internet = new PrivateInternet();

  @BeforeAll
  static void startRabbit() throws Exception {
    rabbit = RabbitMq.start(rabbitDirectory);
  }

  @AfterAll
  static void stopRabbit() {
    if (rabbit != null) {
      rabbit.close();
    }
  }

  @AfterEach
  void close() throws Exception {
    internet.close();
    rabbit.clear();
  }

  private JamesLauncher launcher(UnaryOperator<String> mailetContainer) throws IOException {
    Path home = Path.of("").toAbsolutePath();
    Path rabbitJames = home.resolve("rabbitmq/target");
    Installation built = Installation.ofBuild(home);
    String classPath =
        rabbitJames + "/james-rabbitmq.jar:" + rabbitJames + "/lib/*:" + built.server().classPath();
    return new Installation(
            built.configuration(),
            built.extensions(),
            new Installation.Server(classPath, "org.jamessts.rabbitmq.RabbitJames", "file"))
        .assemble(directory, internet)
        .file("rabbitmq.properties", rabbit.settings())
        .edit("mailetcontainer.xml", mailetContainer);
  }

  private static String delays(String sample) {
    return sample.replaceFirst(
        "<delayTime>.*</delayTime>", "<delayTime>" + DELAYS + "</delayTime>");
  }

  private static String withoutProcessor(String sample) {
    return delays(sample).replaceFirst("<deferProcessor>.*</deferProcessor>", "");
  }

  private void breakPolicy() {
    internet.policy(BROKEN, "enforce", BROKEN_MX);
    internet.mx(BROKEN, 10, BROKEN_MX, PrivateCa.selfSigned(BROKEN_MX));
  }

  private int attempts() {
    return internet.server(BROKEN_MX).connections().size();
  }

  @Test
  void deferredMailShouldWaitInTheStoreAndArriveOnceWhenItsDomainIsRepaired() throws Exception {
    breakPolicy();
    try (JamesProcess james = launcher(RabbitQueueIT::delays).start()) {
      TestMail.submit(james, BOB);
      await().atMost(PATIENCE).until(() -> attempts() == 2);
      awaitIn(james, "/sts/deferred", "\"mails\":1");
      Duration before = cpu(james);

      Thread.sleep(A_WHILE.toMillis()); // nothing shall happen meanwhile

      assertThat(attempts()).isEqualTo(2);
      assertThat(rabbit.published("outgoing")).as("a new mail and a retry").isEqualTo(2);
      assertThat(rabbit.messages("outgoing")).isZero();
      assertThat(cpu(james).minus(before)).isLessThan(A_WHILE.dividedBy(4));
      assertThat(james.get("/sts/deferred")).contains(BROKEN, "certificate-not-trusted");
      internet.replaceMx(BROKEN_MX, internet.ca().issue(BROKEN_MX));
      assertThat(james.send("POST", "/sts/deferred?action=flush&domain=" + BROKEN, ""))
          .isEqualTo(200);
      internet.server(BROKEN_MX).awaitMails(1, PATIENCE);
      awaitIn(james, "/sts/deferred", "[]");
      await().atMost(PATIENCE).until(() -> rabbit.messages("outgoing") == 0);
    }
    assertThat(internet.receivedFor(BOB)).hasSize(1);
  }

  /** What is in the queue stays there, but keeps to its time, and lets new mail pass. */
  @Test
  void mailShouldKeepToItsTimeWithoutTheProcessorToo() throws Exception {
    int mails = 100;
    breakPolicy();
    internet.goodMx(GOOD, 10, "mx." + GOOD);
    try (JamesProcess james = launcher(RabbitQueueIT::withoutProcessor).start()) {
      james.log().awaitLine(Pattern.compile("outgoing ignores delays.*<deferProcessor>"), PATIENCE);
      for (int i = 0; i < mails; i++) {
        TestMail.submit(james, "m" + i + "@" + BROKEN);
      }
      await().atMost(PATIENCE).until(() -> attempts() == 2 * mails);

      Thread.sleep(A_WHILE.toMillis()); // nothing shall happen meanwhile

      assertThat(attempts()).isEqualTo(2 * mails);
      assertThat(rabbit.messages("outgoing")).isEqualTo(mails);
      TestMail.submit(james, "carol@" + GOOD);
      internet.server("mx." + GOOD).awaitMails(1, PATIENCE);
    }
  }

  /** Else the tests above would prove nothing. */
  @Test
  void stockMailetShouldBeSeenNotToWait() throws Exception {
    internet.goodMx(BROKEN, 10, BROKEN_MX);
    internet.server(BROKEN_MX).effects(SmtpEffect.reply(Stage.RCPT, "451 4.2.0 come again"));
    String port = Integer.toString(internet.server(BROKEN_MX).port());
    String host = internet.server(BROKEN_MX).address().getAddress().getHostAddress();
    UnaryOperator<String> stock =
        sample ->
            sample
                .replace("org.jamessts.delivery.StsRemoteDelivery", "RemoteDelivery")
                .replaceFirst("<deferProcessor>.*</deferProcessor>", "")
                .replaceFirst("<delayTime>.*</delayTime>", "<delayTime>4 hours</delayTime>")
                .replaceFirst(
                    "<port>.*</port>",
                    "<gateway>%s</gateway><gatewayPort>%s</gatewayPort>".formatted(host, port));
    try (JamesProcess james = launcher(stock).start()) {
      TestMail.submit(james, BOB);

      await().atMost(A_WHILE).until(() -> attempts() > 3);
    }
  }

  @Test
  void noAcceptedMailShouldBeLostWhenJamesIsKilled() throws Exception {
    String silent = "silent.test";
    String later = "later.test";
    List<String> domains = List.of(GOOD, silent, later);
    domains.forEach(domain -> internet.goodMx(domain, 10, "mx." + domain));
    Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
    internet
        .server("mx." + later)
        .effects(new SmtpEffect.ReplyToRecipient(refusedOnce::add, "451 4.2.0 come again"));
    internet.server("mx." + silent).effects(new SmtpEffect.Silence(Stage.FINAL_DOT));
    JamesLauncher launcher =
        launcher(
            sample ->
                sample.replaceFirst(
                    "<delayTime>.*</delayTime>", "<delayTime>1 second</delayTime>"));
    Set<String> accepted = new HashSet<>();
    for (int kill = 1; kill <= 3; kill++) {
      int enough = 4 * kill;
      try (JamesProcess james = launcher.start()) {
        Injection injection = new Injection(james, domains, "k" + kill);
        injection.start();
        await().atMost(PATIENCE).until(() -> injection.accepted().size() >= enough);
        james.kill();
        injection.await();
        accepted.addAll(injection.accepted());
      }
    }
    internet.server("mx." + silent).effects();

    try (JamesProcess james = launcher.start()) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(arrived(domains)).containsAll(accepted));
      awaitIn(james, "/sts/deferred", "[]");
      await()
          .atMost(PATIENCE)
          .until(() -> rabbit.messages("spool") + rabbit.messages("outgoing") == 0);
    }
    assertThat(accepted).hasSizeGreaterThanOrEqualTo(24);
  }

  /** Those for whom a server said 250. */
  private Set<String> arrived(List<String> domains) {
    Set<String> arrived = new HashSet<>();
    domains.stream()
        .flatMap(domain -> internet.server("mx." + domain).mails().stream())
        .map(mail -> mail.recipients())
        .forEach(arrived::addAll);
    return arrived;
  }

  private static Duration cpu(JamesProcess james) {
    return ProcessHandle.of(james.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow();
  }

  private static void awaitIn(JamesProcess james, String path, String part) {
    await().atMost(PATIENCE).until(() -> james.get(path).contains(part));
  }
}
