package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.jamessts.smtp.TestClients.PATIENT;
import static org.jamessts.smtp.TestClients.envelope;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jamessts.smtp.RecipientResult.Accepted;
import org.jamessts.smtp.RecipientResult.Refused;
import org.jamessts.smtp.RecipientResult.Unable;
import org.jamessts.smtp.RecipientResult.Unsettled;
import org.jamessts.smtp.SmtpException.Kind;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations in clear, with servers that behave, and servers that refuse. */
class SmtpConnectionTest {

  private static final PrivateCa CA = PrivateCa.create("test root");
  private static final SmtpClient CLIENT = TestClients.patient(CA);
  private static final String NO_USER = "550 5.1.1 no such user";

  private static DeliveryResult sendTo(SmtpSink sink, Envelope envelope, MailContent content)
      throws SmtpException {
    try (SmtpConnection connection = CLIENT.open(sink.address())) {
      return connection.send(envelope, content);
    }
  }

  private static List<String> codes(DeliveryResult result) {
    return result.recipients().stream()
        .map(
            recipient ->
                recipient instanceof Accepted accepted
                    ? "accepted " + accepted.reply().code()
                    : "refused " + ((Refused) recipient).reply().code())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "client test", "client\r\nMAIL", "-client", "cl\u00efent", "[::1"})
  void clientShouldRefuseANameThatIsNoneForHelo(String name) {
    SmtpTimeouts timeouts = SmtpTimeouts.rfc5321(Duration.ofSeconds(30));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SmtpClient(SocketDialer.unbound(), timeouts, TestClients.handshaker(CA), name));
  }

  private static String bannerOf(String greeting) throws SmtpException {
    try (SmtpSink sink =
            SmtpSink.on("127.0.0.1").effects(SmtpEffect.reply(Stage.BANNER, greeting)).start();
        SmtpConnection connection = CLIENT.open(sink.address())) {
      return connection.banner();
    }
  }

  @Test
  void bannerShouldBeKeptInOneShortPrintableLine() throws SmtpException {
    assertThat(bannerOf("220 mx.example.com ESMTP")).isEqualTo("mx.example.com ESMTP");
    assertThat(bannerOf("220")).isEmpty();
    assertThat(bannerOf("220-mx.example.com\r\n220 two lines"))
        .isEqualTo("mx.example.com two lines");
    assertThat(bannerOf("220 \u001b[2J<record>&\t\u0000\u00e9")).isEqualTo("?[2J<record>& ??");
    assertThat(bannerOf(("220-" + "x".repeat(1000) + "\r\n").repeat(8) + "220 end"))
        .isEqualTo("x".repeat(512));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void sendShouldDeliverOverIpv4AndIpv6(String address) throws SmtpException {
    assumeThat(address.equals("::1") && !TestClients.hasIpv6()).isFalse();
    try (SmtpSink sink = SmtpSink.on(address).hostName("mx.example.com").start()) {
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        assertThat(connection.serverName()).isEqualTo("mx.example.com");
        assertThat(connection.peer()).isEqualTo(sink.address());
        assertThat(connection.tlsFacts()).isEmpty();
        assertThat(connection.offersStartTls()).isFalse();
        DeliveryResult result =
            connection.send(envelope("a@client.test", "b@example.com"), TestContent.SHORT);
        assertThat(result.allAccepted()).isTrue();
      }
      ReceivedMail mail = sink.awaitMails(1, PATIENT).get(0);
      assertThat(mail.reversePath()).isEqualTo("a@client.test");
      assertThat(mail.recipients()).containsExactly("b@example.com");
      assertThat(mail.content()).isEqualTo(TestContent.SHORT.text());
      assertThat(mail.ehloName()).isEqualTo(TestClients.HELO_NAME);
      assertThat(mail.inTls()).isFalse();
      sink.awaitNoConnection(PATIENT);
      assertThat(sink.connections().get(0).commands()).endsWith("DATA", "QUIT");
    }
  }

  @Test
  void dialShouldComeFromTheAddressThatAnOperatorChose() throws Exception {
    InetAddress local = InetAddress.getByName("127.0.0.9");
    SocketDialer dialer = new SocketDialer(Optional.of((Inet4Address) local), Optional.empty());
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      dialer.dial(sink.address(), PATIENT).close();
      sink.awaitNoConnection(PATIENT);
      assertThat(sink.connections()).allMatch(connection -> connection.client().equals(local));
    }
  }

  @Test
  void openShouldSayWhyThereIsNoConnection() {
    InetSocketAddress nobody;
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      nobody = sink.address();
    }
    assertThatThrownBy(() -> CLIENT.open(nobody))
        .isInstanceOfSatisfying(
            SmtpException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONNECT))
        .hasMessageContaining("refused");
  }

  @Test
  void openShouldFallBackToHeloWhenEhloIsUnknown() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").effects(SmtpEffect.heloOnly()).start()) {
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        assertThat(connection.capabilities().extensions()).isEmpty();
        connection.send(envelope("a@client.test", "b@example.com"), TestContent.SHORT);
      }
      assertThat(sink.awaitMails(1, PATIENT).get(0).mailParameters()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BANNER, 554 5.7.1 go away, REFUSED_BANNER",
    "BANNER, 421 4.3.2 later, REFUSED_BANNER",
    "EHLO, 421 4.3.2 later, EHLO_REFUSED",
    "EHLO, 451 4.3.0 later, EHLO_REFUSED",
    "HELO, 550 5.7.1 never, EHLO_REFUSED",
    "BANNER, 250 what, PROTOCOL",
    "EHLO, 354 what, PROTOCOL",
  })
  void openShouldGiveTheReplyOfAServerThatRefuses(Stage stage, String reply, Kind kind) {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      if (stage == Stage.HELO) {
        sink.effects(SmtpEffect.heloOnly(), SmtpEffect.reply(stage, reply));
      } else {
        sink.effects(SmtpEffect.reply(stage, reply));
      }
      assertThatThrownBy(() -> CLIENT.open(sink.address()))
          .isInstanceOfSatisfying(
              SmtpException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(kind);
                assertThat(e.reply().map(SmtpReply::asText))
                    .isEqualTo(kind == Kind.PROTOCOL ? Optional.empty() : Optional.of(reply));
              })
          .hasMessageContaining(reply);
      sink.awaitNoConnection(PATIENT);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sendShouldTellRecipientsApart(boolean pipelining) throws SmtpException {
    try (SmtpSink sink =
        SmtpSink.on("127.0.0.1").keywords(pipelining ? "PIPELINING" : "HELP").start()) {
      sink.effects(
          SmtpEffect.replyTo("no@example.com", NO_USER),
          SmtpEffect.replyTo("later@example.com", "452 4.2.2 full"));
      DeliveryResult result =
          sendTo(
              sink,
              envelope("", "a@example.com", "no@example.com", "later@example.com", "b@example.com"),
              TestContent.SHORT);
      assertThat(codes(result))
          .containsExactly("accepted 250", "refused 550", "refused 452", "accepted 250");
      assertThat(sink.awaitMails(1, PATIENT).get(0).recipients())
          .containsExactly("a@example.com", "b@example.com");
      assertThat(sink.connections().get(0).violations()).isEmpty();
      assertThat(sink.connections().get(0).pipelined()).isEqualTo(pipelining);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"MAIL", "RCPT", "DATA", "FINAL_DOT"})
  void sendShouldRefuseEveryRecipientWithWhateverEndedTheTransaction(Stage stage)
      throws SmtpException {
    for (String keyword : List.of("PIPELINING", "HELP")) {
      for (String reply : List.of("550 5.7.1 no", "451 4.3.0 later", "421 4.3.2 closing")) {
        try (SmtpSink sink = SmtpSink.on("127.0.0.1").keywords(keyword).start()) {
          sink.effects(SmtpEffect.reply(stage, reply));
          try (SmtpConnection connection = CLIENT.open(sink.address())) {
            Envelope envelope = envelope("", "a@example.com", "b@example.com");
            DeliveryResult result = connection.send(envelope, TestContent.SHORT);
            assertThat(result.recipients())
                .hasSize(2)
                .allSatisfy(
                    recipient ->
                        assertThat(((Refused) recipient).reply().asText()).isEqualTo(reply));
            assertThat(connection.isOpen()).isEqualTo(!reply.startsWith("421"));
            if (connection.isOpen()) {
              sink.effects();
              assertThat(connection.send(envelope, TestContent.SHORT).allAccepted()).isTrue();
            }
          }
          assertThat(sink.connections().get(0).violations()).isEmpty();
        }
      }
    }
  }

  @Test
  void sendShouldKeepARefusalThatCameBeforeTheServerClosed() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      sink.effects(
          SmtpEffect.replyTo("no@example.com", NO_USER),
          SmtpEffect.replyTo("b@example.com", "421 4.3.2 closing"));
      DeliveryResult result =
          sendTo(
              sink,
              envelope("", "a@example.com", "no@example.com", "b@example.com", "c@example.com"),
              TestContent.SHORT);
      assertThat(codes(result))
          .containsExactly("refused 421", "refused 550", "refused 421", "refused 421");
      assertThat(sink.transactions()).isEmpty();
    }
  }

  @Test
  void sendShouldEndTheContentThatAServerAsksForThoughNoRecipientIsLeft() throws SmtpException {
    // RFC 2920 §3.1: a pipelined DATA that gets 354 must be answered, with nothing but the dot.
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      sink.effects(
          SmtpEffect.replyTo("no@example.com", NO_USER),
          SmtpEffect.reply(Stage.DATA, "354 go ahead"));
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        DeliveryResult result = connection.send(envelope("", "no@example.com"), TestContent.SHORT);
        assertThat(codes(result)).containsExactly("refused 550");
        assertThat(sink.connections().get(0).contentOctets()).isEqualTo(3);
        sink.effects();
        Envelope next = envelope("", "b@example.com");
        assertThat(connection.send(next, TestContent.SHORT).allAccepted()).isTrue();
      }
      assertThat(sink.connections().get(0).violations()).isEmpty();
      assertThat(sink.transactions()).hasSize(1);
    }
  }

  @Test
  void sendShouldRatherHangUpThanDeliverAnEmptyMail() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      sink.effects(
          SmtpEffect.reply(Stage.MAIL, "550 5.7.1 not you"),
          SmtpEffect.reply(Stage.RCPT, "250 2.1.5 fine"));
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        DeliveryResult result = connection.send(envelope("", "b@example.com"), TestContent.SHORT);
        assertThat(codes(result)).containsExactly("refused 550");
        assertThat(connection.isOpen()).isFalse();
      }
      sink.awaitNoConnection(PATIENT);
      assertThat(sink.connections().get(0).contentOctets()).isZero();
    }
  }

  @Test
  void sendShouldHaveTheServerForgetWhatWentBeforeEveryFurtherMail() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").keywords().start()) {
      sink.effects(SmtpEffect.replyTo("no@example.com", NO_USER));
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        connection.send(envelope("", "no@example.com"), TestContent.SHORT);
        connection.send(envelope("", "b@example.com"), TestContent.SHORT);
        connection.send(envelope("", "c@example.com"), TestContent.SHORT);
      }
      assertThat(sink.connections().get(0).commands().stream().filter("RSET"::equals)).hasSize(2);
      assertThat(sink.mails()).hasSize(2);
    }
  }

  @Test
  void sendShouldDeclareSizeAndBodyWhereTheyAreOffered() throws SmtpException {
    TestContent eightBit = new TestContent("Subject: b\u00fccher\n\nhello\n.\n");
    Envelope envelope = envelope("a@client.test", "b@example.com");
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").keywords("SIZE", "8BITMIME").start();
        SmtpSink modest = SmtpSink.on("127.0.0.1").keywords().start()) {
      sendTo(sink, envelope, eightBit);
      sendTo(sink, envelope, TestContent.SHORT);
      assertThat(sendTo(modest, envelope, eightBit).recipients())
          .singleElement()
          .isInstanceOfSatisfying(
              Unable.class, unable -> assertThat(unable.reply().asText()).startsWith("554 5.6.3 "));
      modest.awaitNoConnection(PATIENT);
      assertThat(sink.mails().get(0).mailParameters()).containsExactly("SIZE=29", "BODY=8BITMIME");
      assertThat(sink.mails().get(0).content()).hasSize(29);
      assertThat(sink.mails().get(1).mailParameters()).containsExactly("SIZE=25");
      // It does not say how its content could be converted.
      assertThat(modest.connections().get(0).commands())
          .containsExactly("EHLO client.test", "QUIT");
    }
  }

  @Test
  void sendShouldNotOfferWhatIsTooBigForTheServer() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").keywords("SIZE 25").start()) {
      Envelope envelope = envelope("", "b@example.com");
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        assertThat(TestContent.SHORT.size()).isEqualTo(25);
        assertThat(connection.send(envelope, TestContent.SHORT).allAccepted()).isTrue();
        DeliveryResult result =
            connection.send(envelope, new TestContent(TestContent.SHORT.text() + "x"));
        SmtpReply reply = ((Refused) result.recipients().get(0)).reply();
        assertThat(reply.code()).isEqualTo(552);
        assertThat(reply.enhanced()).contains(new EnhancedStatus(5, 3, 4));
        assertThat(reply.asText()).contains("28 octets", "takes 25");
      }
      assertThat(sink.connections().get(0).commands().stream().filter("DATA"::equals)).hasSize(1);
    }
  }

  private static Envelope crowd(int size) {
    // Long enough for several pipelined groups.
    String local = "r".repeat(190);
    return envelope(
        "a@client.test",
        IntStream.range(0, size).mapToObj(i -> local + i + "@example.com").toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sendShouldTakeSeveralTransactionsForManyRecipients(boolean pipelining) throws SmtpException {
    try (SmtpSink sink =
        SmtpSink.on("127.0.0.1").keywords(pipelining ? "PIPELINING" : "HELP").start()) {
      Envelope crowd = crowd(250);
      assertThat(sendTo(sink, crowd, TestContent.SHORT).allAccepted()).isTrue();
      assertThat(sink.mails())
          .extracting(mail -> mail.recipients().size())
          .containsExactly(100, 100, 50);
      List<String> all = new ArrayList<>();
      sink.mails().forEach(mail -> all.addAll(mail.recipients()));
      assertThat(all).isEqualTo(crowd.recipients().stream().map(MailboxPath::toString).toList());
      assertThat(sink.connections()).hasSize(1);
      assertThat(sink.connections().get(0).violations()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"MAIL", "RCPT", "DATA", "FINAL_DOT"})
  void sendShouldRefuseManyRecipientsWithTheLastWordsOfAServerThatCloses(Stage stage)
      throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      sink.effects(SmtpEffect.reply(stage, "421 4.3.2 closing"));
      assertThat(codes(sendTo(sink, crowd(250), TestContent.SHORT)))
          .hasSize(250)
          .containsOnly("refused 421");
      assertThat(sink.connections()).hasSize(1);
    }
  }

  @Test
  void sendShouldTakeA421ToRsetForARefusal() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start();
        SmtpConnection connection = CLIENT.open(sink.address())) {
      sink.effects(
          SmtpEffect.replyTo("no@example.com", NO_USER),
          SmtpEffect.reply(Stage.RSET, "421 4.3.2 closing"));
      connection.send(envelope("", "no@example.com"), TestContent.SHORT);
      assertThat(codes(connection.send(envelope("", "b@example.com"), TestContent.SHORT)))
          .containsExactly("refused 421");
      assertThat(connection.isOpen()).isFalse();
    }
  }

  /** Fails while it is written for the second time. */
  private static MailContent unreadableTheSecondTime() {
    return new MailContent() {
      private int times;

      @Override
      public void writeTo(OutputStream out) throws IOException {
        TestContent.SHORT.writeTo(out);
        if (++times == 2) {
          throw new IOException("disk on fire");
        }
      }

      @Override
      public long size() {
        return 25;
      }

      @Override
      public boolean eightBit() {
        return false;
      }
    };
  }

  @Test
  void sendShouldNeverForgetWhoWasAcceptedBeforeItFailed() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      DeliveryResult result = sendTo(sink, crowd(150), unreadableTheSecondTime());
      assertThat(result.recipients().subList(0, 100)).allMatch(Accepted.class::isInstance);
      assertThat(result.recipients().subList(100, 150))
          .hasSize(50)
          .allSatisfy(
              recipient ->
                  assertThat(((Unsettled) recipient).failure().kind())
                      .isEqualTo(Kind.CONTENT_UNREADABLE));
    }
  }

  @Test
  void sendShouldNotEndAMailThatCannotBeReadToItsEnd() throws SmtpException {
    MailContent unreadable = unreadableTheSecondTime();
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start();
        SmtpConnection connection = CLIENT.open(sink.address())) {
      connection.send(envelope("", "a@example.com"), unreadable);
      assertThatThrownBy(() -> connection.send(envelope("", "b@example.com"), unreadable))
          .isInstanceOfSatisfying(
              SmtpException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.CONTENT_UNREADABLE);
                assertThat(e.afterData()).isFalse();
              })
          .hasMessageContaining("disk on fire");
      sink.awaitNoConnection(PATIENT);
      assertThat(sink.transactions()).hasSize(1);
      assertThatThrownBy(() -> connection.send(envelope("", "b@example.com"), TestContent.SHORT))
          .isInstanceOfSatisfying(
              SmtpException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
    }
  }

  @Test
  void sendShouldCarryMoreThanAllBuffersHold() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start()) {
      sendTo(sink, envelope("", "b@example.com"), TestContent.HUGE);
      assertThat(sink.mails().get(0).content()).isEqualTo(TestContent.HUGE.text());
    }
  }
}
