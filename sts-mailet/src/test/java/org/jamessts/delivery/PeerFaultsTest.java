package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Drip;
import org.jamessts.testing.SmtpEffect.Drop;
import org.jamessts.testing.SmtpEffect.EndlessReply;
import org.jamessts.testing.SmtpEffect.Handshake;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.InjectAfterStartTls;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that the only host of a domain with a policy can do wrong, and what becomes of a mail
 * to two recipients, bob and carol. At the end nothing is left open, on either side.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerFaultsTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String DOMAIN = "peer.test";
  private static final String BOB = "bob@" + DOMAIN;
  private static final String CAROL = "carol@" + DOMAIN;
  private static final String BOTH_WAIT = "bob waits, carol waits";
  private static final String BOTH_BOUNCE = "bob bounced, carol bounced";
  private static final String ONE_BOUNCES = "bob bounced, carol waits";
  private static final String BOTH_DELIVERED = "bob delivered, carol delivered";

  static DeliveryWorld world;
  static SmtpSink peer;
  static long filesBefore;

  record Row(String name, String outcome, List<SmtpEffect> effects) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, String outcome, SmtpEffect... effects) {
    return new Row(name, outcome, List.of(effects));
  }

  static Stream<Row> faults() {
    List<Row> rows = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      switch (stage) {
        case HELO, RSET, AUTH, CHUNK -> {
          // Not said to a server that knows EHLO, takes the mail, wants no login and no chunks.
        }
        case QUIT -> {
          rows.add(row("gone at QUIT", BOTH_DELIVERED, new Drop(stage)));
          rows.add(row("421 at QUIT", BOTH_DELIVERED, SmtpEffect.reply(stage, "421 4.3.2 bye")));
        }
        case CONTENT -> rows.add(row("gone at CONTENT", BOTH_WAIT, new Drop(stage)));
        default -> {
          rows.add(row("gone at " + stage, BOTH_WAIT, new Drop(stage)));
          rows.add(row("421 at " + stage, BOTH_WAIT, SmtpEffect.reply(stage, "421 4.3.2 bye")));
          rows.add(row("nonsense at " + stage, BOTH_WAIT, SmtpEffect.reply(stage, "hello")));
          rows.add(row("no end at " + stage, BOTH_WAIT, new EndlessReply(stage, "450-and so on")));
        }
      }
    }
    for (HandshakeFault fault : HandshakeFault.values()) {
      if (fault != HandshakeFault.SILENCE && fault != HandshakeFault.DRIP) {
        rows.add(row("handshake: " + fault, BOTH_WAIT, new Handshake(fault)));
      }
    }
    rows.add(row("no STARTTLS", BOTH_WAIT, SmtpEffect.hideStartTls()));
    rows.add(row("plaintext before TLS", BOTH_WAIT, new InjectAfterStartTls("250 fine\r\n")));
    rows.add(row("slow at RCPT", BOTH_WAIT, new Drip(Stage.RCPT, Duration.ofMillis(50))));
    for (Stage stage : List.of(Stage.MAIL, Stage.DATA, Stage.FINAL_DOT)) {
      rows.add(row("5xx at " + stage, BOTH_BOUNCE, SmtpEffect.reply(stage, "554 5.7.1 no")));
      rows.add(row("4xx at " + stage, BOTH_WAIT, SmtpEffect.reply(stage, "451 4.3.0 later")));
    }
    rows.add(
        row(
            "5xx to one, 4xx to the other",
            "bob bounced, carol waits",
            SmtpEffect.replyTo(BOB, "550 5.1.1 no such user"),
            SmtpEffect.replyTo(CAROL, "452 4.2.2 full")));
    rows.add(
        row(
            "4xx to one",
            "bob waits, carol delivered",
            SmtpEffect.replyTo(BOB, "450 4.2.1 later")));
    // What was said to bob holds, whatever becomes of the mail for carol.
    SmtpEffect noBob = SmtpEffect.replyTo(BOB, "550 5.1.1 no such user");
    for (Stage stage : List.of(Stage.DATA, Stage.CONTENT, Stage.FINAL_DOT)) {
      rows.add(row("5xx to one, gone at " + stage, ONE_BOUNCES, noBob, new Drop(stage)));
    }
    rows.add(
        row(
            "5xx to one, nonsense after the final dot",
            ONE_BOUNCES,
            noBob,
            SmtpEffect.reply(Stage.FINAL_DOT, "hello")));
    rows.add(
        row(
            "4xx to one, gone after the final dot",
            BOTH_WAIT,
            SmtpEffect.replyTo(BOB, "450 4.2.1 later"),
            new Drop(Stage.FINAL_DOT)));
    return rows.stream();
  }

  @BeforeAll
  static void start() {
    world = new DeliveryWorld();
    String mx = "mx." + DOMAIN;
    world.internet.policy(DOMAIN, "enforce", mx);
    world.internet.goodMx(DOMAIN, 10, mx);
    peer = world.internet.server(mx);
    assertThat(outcomes()).isEqualTo(BOTH_DELIVERED);
    peer.awaitNoConnection(LIMIT);
    filesBefore = openFiles();
  }

  @AfterAll
  static void nothingShouldBeLeft() {
    try {
      await().atMost(LIMIT).until(() -> openFiles() <= filesBefore);
      await().atMost(LIMIT).untilAsserted(() -> assertThat(threadsInConversation()).isEmpty());
    } finally {
      world.close();
    }
  }

  @AfterEach
  void peerShouldSeeTheEndOfEveryConnection() {
    peer.effects();
    peer.awaitNoConnection(LIMIT);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyRecipientShouldHaveTheRightOutcome(Row row) {
    int before = peer.mails().size();
    peer.effects(row.effects().toArray(SmtpEffect[]::new));

    assertThat(outcomes()).isEqualTo(row.outcome());

    assertThat(peer.mails().size() - before).isEqualTo(row.outcome().contains("delivered") ? 1 : 0);
  }

  private static String outcomes() {
    DeliveryReport report = world.delivery().deliver(world.mailTo(DOMAIN, "carol"));
    return Stream.of(BOB, CAROL)
        .map(recipient -> recipient.replaceFirst("@.*", " ") + outcome(report, recipient))
        .collect(Collectors.joining(", "));
  }

  private static String outcome(DeliveryReport report, String recipient) {
    return report.outcomes().stream()
        .filter(outcome -> outcome.recipient().equals(recipient))
        .map(
            outcome ->
                outcome instanceof RecipientOutcome.Delivered
                    ? "delivered"
                    : outcome instanceof RecipientOutcome.Deferred ? "waits" : "bounced")
        .collect(Collectors.joining(" and "));
  }

  /** Sockets among them. */
  private static long openFiles() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  /** Threads of other tests come and go; none of them talks to a server. */
  private static List<Thread> threadsInConversation() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(
            thread ->
                Arrays.stream(thread.getValue())
                    .anyMatch(frame -> frame.getClassName().startsWith("org.jamessts.smtp.")))
        .map(Map.Entry::getKey)
        .toList();
  }
}
