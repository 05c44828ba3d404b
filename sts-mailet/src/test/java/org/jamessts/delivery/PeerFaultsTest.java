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
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.smtp.MailContent;
import org.jamessts.smtp.Secret;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Drip;
import org.jamessts.testing.SmtpEffect.Drop;
import org.jamessts.testing.SmtpEffect.EndInput;
import org.jamessts.testing.SmtpEffect.EndOutput;
import org.jamessts.testing.SmtpEffect.EndlessReply;
import org.jamessts.testing.SmtpEffect.Handshake;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.InjectAfterStartTls;
import org.jamessts.testing.SmtpEffect.Late;
import org.jamessts.testing.SmtpEffect.Slow;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that the only host of a domain with a policy can do wrong, and what becomes of a mail
 * to two recipients, bob and carol. After each fault nothing is left open, on either side. What
 * breaks on our own side is told in {@link OwnTroubleTest} and {@link FullDiskTest}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerFaultsTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** How long a reply is waited for where the fault is that it does not come. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** Longer than even the last reply is waited for then. */
  private static final Duration TOO_LATE = SHORT.multipliedBy(2).plusSeconds(1);

  private static final String DOMAIN = "peer.test";
  private static final String BOB = "bob@" + DOMAIN;
  private static final String CAROL = "carol@" + DOMAIN;
  private static final String BOTH_WAIT = "bob waits, carol waits";
  private static final String BOTH_BOUNCE = "bob bounced, carol bounced";
  private static final String ONE_BOUNCES = "bob bounced, carol waits";
  private static final String BOTH_DELIVERED = "bob delivered, carol delivered";
  private static final SmtpEffect NO_BOB = SmtpEffect.replyTo(BOB, "550 5.1.1 no such user");

  static DeliveryWorld world;
  static long filesBefore;

  /** Who is faulty. */
  private enum Peer {
    /** The host of the domain, with PIPELINING. */
    USUAL(DOMAIN),
    /** A host that answers command by command. */
    LOCKSTEP("lockstep.test"),
    /** A host that takes content in chunks; the mail has three. */
    CHUNKING("chunking.test"),
    /** A gateway that wants a login. */
    GATEWAY("gateway.test");

    private final String host;

    Peer(String host) {
      this.host = host;
    }

    private String[] keywords() {
      return switch (this) {
        case USUAL -> new String[] {"PIPELINING", "SIZE 52428800", "8BITMIME"};
        case LOCKSTEP -> new String[] {"8BITMIME"};
        case CHUNKING -> new String[] {"PIPELINING", "8BITMIME", "CHUNKING"};
        case GATEWAY -> new String[] {"PIPELINING", "8BITMIME", "AUTH PLAIN"};
      };
    }

    SmtpSink sink() {
      return world.internet.server(host);
    }

    void start() {
      world.internet.policy(host, "enforce", host);
      world.internet.host(
          host,
          sink -> {
            SmtpSink.Builder common =
                sink.tls(world.internet.ca().issue(host)).keywords(keywords());
            return this == GATEWAY ? common.user("james", "opensesame") : common;
          });
    }

    private NextHop hop() {
      DomainName name = new DomainName(host);
      return this == GATEWAY
          ? new NextHop.Gateway(name, world.internet.smtpPort())
          : new NextHop.MailDomain(name, world.internet.smtpPort());
    }

    /** What becomes of a mail that goes there, in words. */
    String outcomes(Duration patience) {
      OutboundMail mail = world.mailTo(DOMAIN, "carol");
      HostAccess access =
          this == GATEWAY
              ? new HostAccess(
                  false,
                  Optional.of(
                      new GatewayLogin(
                          new CredentialSource.FixedPassword("james", Secret.of("opensesame")),
                          false)))
              : HostAccess.USUAL;
      // Else a session that went well would be kept for the next mail.
      try (MailDelivery delivery = world.delivery(access, patience)) {
        DeliveryReport report =
            delivery.deliver(
                new OutboundMail(
                    mail.name(),
                    List.of(hop()),
                    mail.envelope(),
                    this == CHUNKING ? THREE_CHUNKS : mail.content()));
        return Stream.of(BOB, CAROL)
            .map(recipient -> recipient.replaceFirst("@.*", " ") + outcome(report, recipient))
            .collect(Collectors.joining(", "));
      }
    }
  }

  private static final MailContent THREE_CHUNKS =
      new DeliveryWorld.TextContent(("x".repeat(998) + "\r\n").repeat(300));

  /**
   * A fault.
   *
   * @param arrived how often the peer has the mail then
   */
  record Row(
      String name,
      Peer peer,
      Duration patience,
      String outcome,
      int arrived,
      List<SmtpEffect> effects) {

    Row at(Peer other) {
      return new Row(name + ", " + other, other, patience, outcome, arrived, effects);
    }

    Row impatient() {
      return new Row(name, peer, SHORT, outcome, arrived, effects);
    }

    Row thoughItArrived() {
      return new Row(name, peer, patience, outcome, 1, effects);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, String outcome, SmtpEffect... effects) {
    int arrived = outcome.contains("delivered") ? 1 : 0;
    return new Row(name, Peer.USUAL, DeliveryWorld.PATIENCE, outcome, arrived, List.of(effects));
  }

  static Stream<Row> faults() {
    List<Row> rows = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      switch (stage) {
        case HELO, RSET -> {
          // Not said to a server that knows EHLO and takes the mail.
        }
        case QUIT -> {
          rows.add(row("gone at QUIT", BOTH_DELIVERED, new Drop(stage)));
          rows.add(row("421 at QUIT", BOTH_DELIVERED, SmtpEffect.reply(stage, "421 4.3.2 bye")));
        }
        case CONTENT -> {
          rows.add(row("gone at CONTENT", BOTH_WAIT, new Drop(stage)));
          rows.add(row("output ends at CONTENT", BOTH_WAIT, new EndOutput(stage)));
        }
        case AUTH -> rows.addAll(faultsAt(stage, Peer.GATEWAY));
        case CHUNK -> rows.addAll(faultsAt(stage, Peer.CHUNKING));
        case FINAL_DOT -> {
          rows.addAll(faultsAt(stage, Peer.USUAL));
          rows.addAll(faultsAt(stage, Peer.CHUNKING));
          rows.addAll(faultsAt(stage, Peer.GATEWAY));
        }
        case RCPT, DATA -> {
          rows.addAll(faultsAt(stage, Peer.USUAL));
          rows.addAll(faultsAt(stage, Peer.LOCKSTEP));
        }
        default -> rows.addAll(faultsAt(stage, Peer.USUAL));
      }
    }
    for (HandshakeFault fault : HandshakeFault.values()) {
      if (fault != HandshakeFault.SILENCE && fault != HandshakeFault.DRIP) {
        rows.add(row("handshake: " + fault, BOTH_WAIT, new Handshake(fault)));
      }
    }
    rows.add(row("no STARTTLS", BOTH_WAIT, SmtpEffect.hideStartTls()));
    rows.add(row("plaintext before TLS", BOTH_WAIT, new InjectAfterStartTls("250 fine\r\n")));
    refusals(rows);
    time(rows);
    return rows.stream();
  }

  private static List<Row> faultsAt(Stage stage, Peer peer) {
    return Stream.of(
            row("gone at " + stage, BOTH_WAIT, new Drop(stage)),
            row("output ends at " + stage, BOTH_WAIT, new EndOutput(stage)),
            row("421 at " + stage, BOTH_WAIT, SmtpEffect.reply(stage, "421 4.3.2 bye")),
            row("nonsense at " + stage, BOTH_WAIT, SmtpEffect.reply(stage, "hello")),
            row("no end at " + stage, BOTH_WAIT, new EndlessReply(stage, "450-and so on")))
        .map(row -> peer == Peer.USUAL ? row : row.at(peer))
        .toList();
  }

  private static void refusals(List<Row> rows) {
    for (Stage stage : List.of(Stage.MAIL, Stage.DATA, Stage.FINAL_DOT)) {
      rows.add(row("5xx at " + stage, BOTH_BOUNCE, SmtpEffect.reply(stage, "554 5.7.1 no")));
      rows.add(row("4xx at " + stage, BOTH_WAIT, SmtpEffect.reply(stage, "451 4.3.0 later")));
    }
    for (Stage stage : List.of(Stage.CHUNK, Stage.FINAL_DOT)) {
      rows.add(
          row("5xx at " + stage, BOTH_BOUNCE, SmtpEffect.reply(stage, "554 5.7.1 no"))
              .at(Peer.CHUNKING));
      rows.add(
          row("4xx at " + stage, BOTH_WAIT, SmtpEffect.reply(stage, "451 4.3.0 later"))
              .at(Peer.CHUNKING));
    }
    for (String reply : List.of("535 5.7.8 no", "454 4.7.0 later", "334 ", "334 !", "504 what")) {
      rows.add(
          row(reply + " at AUTH", BOTH_WAIT, SmtpEffect.reply(Stage.AUTH, reply)).at(Peer.GATEWAY));
    }
    rows.add(
        row(
            "5xx to one, 4xx to the other",
            ONE_BOUNCES,
            NO_BOB,
            SmtpEffect.replyTo(CAROL, "452 4.2.2 full")));
    rows.add(
        row(
            "5xx to both",
            BOTH_BOUNCE,
            NO_BOB,
            SmtpEffect.replyTo(CAROL, "550 5.1.1 no such user")));
    rows.add(row("5xx to one", "bob bounced, carol delivered", NO_BOB));
    rows.add(
        row(
            "4xx to one",
            "bob waits, carol delivered",
            SmtpEffect.replyTo(BOB, "450 4.2.1 later")));
    // What was said to bob holds, whatever becomes of the mail for carol.
    for (Stage stage : List.of(Stage.DATA, Stage.CONTENT, Stage.FINAL_DOT)) {
      rows.add(row("5xx to one, gone at " + stage, ONE_BOUNCES, NO_BOB, new Drop(stage)));
    }
    rows.add(
        row("5xx to one, gone at CHUNK", ONE_BOUNCES, NO_BOB, new Drop(Stage.CHUNK))
            .at(Peer.CHUNKING));
    rows.add(
        row(
            "5xx to one, nonsense after the final dot",
            ONE_BOUNCES,
            NO_BOB,
            SmtpEffect.reply(Stage.FINAL_DOT, "hello")));
    rows.add(
        row(
            "4xx to one, gone after the final dot",
            BOTH_WAIT,
            SmtpEffect.replyTo(BOB, "450 4.2.1 later"),
            new Drop(Stage.FINAL_DOT)));
  }

  private static void time(List<Row> rows) {
    rows.add(row("no end, slowly", BOTH_WAIT, new Drip(Stage.RCPT, SHORT.dividedBy(40))));
    for (Stage stage : List.of(Stage.BANNER, Stage.TLS_EHLO, Stage.MAIL, Stage.FINAL_DOT)) {
      rows.add(row("slow at " + stage, BOTH_DELIVERED, new Slow(stage, Duration.ofMillis(10))));
    }
    rows.add(row("too slow", BOTH_WAIT, new Slow(Stage.MAIL, SHORT.dividedBy(10))).impatient());
    for (Stage stage : List.of(Stage.BANNER, Stage.MAIL, Stage.DATA)) {
      rows.add(row("late at " + stage, BOTH_WAIT, new Late(stage, TOO_LATE)).impatient());
    }
    rows.add(
        row("late at AUTH", BOTH_WAIT, new Late(Stage.AUTH, TOO_LATE))
            .at(Peer.GATEWAY)
            .impatient());
    rows.add(
        row("late at CHUNK", BOTH_WAIT, new Late(Stage.CHUNK, TOO_LATE))
            .at(Peer.CHUNKING)
            .impatient());
    // Nobody here can know that it arrived: it is sent again (RFC 5321 §4.5.3.2.6).
    Row lateAtTheEnd =
        row("late at FINAL_DOT", BOTH_WAIT, new Late(Stage.FINAL_DOT, TOO_LATE))
            .impatient()
            .thoughItArrived();
    rows.add(lateAtTheEnd);
    rows.add(lateAtTheEnd.at(Peer.CHUNKING));
    for (Stage stage : List.of(Stage.EHLO, Stage.DATA)) {
      rows.add(row("input ends after " + stage, BOTH_WAIT, new EndInput(stage)).impatient());
    }
  }

  @BeforeAll
  static void start() {
    world = new DeliveryWorld();
    for (Peer peer : Peer.values()) {
      peer.start();
      assertThat(peer.outcomes(DeliveryWorld.PATIENCE)).isEqualTo(BOTH_DELIVERED);
      peer.sink().awaitNoConnection(LIMIT);
    }
    filesBefore = openFiles();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyRecipientShouldHaveTheRightOutcomeAndNothingBeLeft(Row row) {
    SmtpSink peer = row.peer().sink();
    int before = peer.mails().size();
    peer.effects(row.effects().toArray(SmtpEffect[]::new));
    try {
      assertThat(row.peer().outcomes(row.patience())).isEqualTo(row.outcome());
    } finally {
      peer.effects();
      peer.awaitNoConnection(LIMIT);
    }

    assertThat(peer.mails().size() - before).isEqualTo(row.arrived());
    // The last word may have been said by a thread that is still about to leave.
    await().atMost(LIMIT).until(() -> threadsInConversation().isEmpty());
    await().atMost(LIMIT).until(() -> openFiles() <= filesBefore);
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
