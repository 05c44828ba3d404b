package org.jamessts.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.smtp.TestClients.MX;
import static org.jamessts.smtp.TestClients.PATIENT;
import static org.jamessts.smtp.TestClients.envelope;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jamessts.smtp.DsnWishes.ForRecipient;
import org.jamessts.smtp.DsnWishes.Notify;
import org.jamessts.smtp.DsnWishes.Ret;
import org.jamessts.smtp.RecipientResult.Accepted;
import org.jamessts.smtp.RecipientResult.HeldBack;
import org.jamessts.smtp.RecipientResult.Refused;
import org.jamessts.smtp.RecipientResult.Unable;
import org.jamessts.smtp.SmtpException.Kind;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Extensions of SMTP: used where they are offered, and only there. */
class ExtensionsTest {

  private static final PrivateCa CA = PrivateCa.create("test root");
  private static final SmtpClient CLIENT = TestClients.patient(CA);
  private static final MailboxPath BOB = new MailboxPath("bob@example.com");
  private static final MailboxPath CAROL = new MailboxPath("carol@example.com");
  private static final MailboxPath BOEB = new MailboxPath("b\u00f6b@example.com");

  private static SmtpSink sink(String... keywords) {
    return SmtpSink.on("127.0.0.1").keywords(keywords).start();
  }

  private static DeliveryResult send(SmtpSink sink, Envelope envelope, MailContent content)
      throws SmtpException {
    try (SmtpConnection connection = CLIENT.open(sink.address())) {
      return connection.send(envelope, content);
    }
  }

  private static ReceivedMail only(SmtpSink sink) {
    assertThat(sink.connections()).allSatisfy(c -> assertThat(c.violations()).isEmpty());
    assertThat(sink.mails()).hasSize(1);
    return sink.mails().get(0);
  }

  private static TestContent lines(int octets) {
    return new TestContent((".".repeat(98) + "\r\n").repeat(octets / 100));
  }

  @ParameterizedTest
  @CsvSource({"100, 1", "131000, 1", "131100, 2", "1000000, 8"})
  void contentShouldGoInChunksWithoutDoubledDots(int octets, int chunks) throws SmtpException {
    try (SmtpSink sink = sink("CHUNKING", "PIPELINING", "SIZE")) {
      TestContent content = lines(octets);

      assertThat(send(sink, envelope("", "b@example.com"), content).allAccepted()).isTrue();

      assertThat(only(sink).content()).isEqualTo(content.text());
      assertThat(only(sink).chunks()).isEqualTo(chunks);
      assertThat(sink.connections().get(0).contentOctets()).isEqualTo(content.size());
      assertThat(sink.connections().get(0).commands()).doesNotContain("DATA");
    }
  }

  @Test
  void aChunkThatIsJustFullShouldBeTheLast() throws SmtpException {
    try (SmtpSink sink = sink("CHUNKING")) {
      String text = "x".repeat(ChunkSender.CHUNK - 2) + "\r\n";

      send(sink, envelope("", "b@example.com"), new TestContent(text));
      assertThat(only(sink).chunks()).isEqualTo(1);
      assertThat(only(sink).content()).isEqualTo(text);
    }
  }

  /** RFC 3030 §2: then the server waits for RSET. */
  @ParameterizedTest
  @CsvSource({"CHUNK, 452 4.3.1 full", "CHUNK, 554 5.6.0 no", "FINAL_DOT, 550 5.7.1 spam"})
  void aRefusedChunkShouldEndTheMailAndNotTheConnection(Stage stage, String reply)
      throws SmtpException {
    try (SmtpSink sink = sink("CHUNKING");
        SmtpConnection connection = CLIENT.open(sink.address())) {
      sink.effects(SmtpEffect.reply(stage, reply));

      DeliveryResult result = connection.send(envelope("", "b@example.com"), lines(500_000));
      assertThat(((Refused) result.recipients().get(0)).reply().asText()).isEqualTo(reply);

      sink.effects();
      assertThat(connection.send(envelope("", "c@example.com"), lines(100)).allAccepted()).isTrue();
      assertThat(sink.connections().get(0).commands()).contains("RSET");
      assertThat(sink.mails())
          .extracting(ReceivedMail::recipients)
          .containsExactly(List.of("c@example.com"));
    }
  }

  @Test
  void aServerThatDoesNotKnowWhatItOffersShouldGetNothingMore() throws SmtpException {
    try (SmtpSink sink = sink("CHUNKING")) {
      sink.effects(SmtpEffect.reply(Stage.FINAL_DOT, "500 5.5.1 unknown command"));

      assertThatThrownBy(() -> send(sink, envelope("", "b@example.com"), lines(100)))
          .isInstanceOfSatisfying(
              SmtpException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PROTOCOL));
      sink.awaitNoConnection(PATIENT);
      assertThat(sink.connections().get(0).commands()).doesNotContain("QUIT", "RSET");
    }
  }

  @ParameterizedTest
  @CsvSource({"CHUNK, false", "FINAL_DOT, true"})
  void onlyTheLastChunkShouldLeaveAMailInDoubt(Stage stage, boolean inDoubt) {
    try (SmtpSink sink = sink("CHUNKING")) {
      sink.effects(new SmtpEffect.Drop(stage));

      assertThatThrownBy(() -> send(sink, envelope("", "b@example.com"), lines(500_000)))
          .isInstanceOfSatisfying(
              SmtpException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.CLOSED);
                assertThat(e.afterData()).isEqualTo(inDoubt);
              });
    }
  }

  private static final DsnWishes WISHES =
      new DsnWishes(
          Optional.of(Ret.HDRS),
          Xtext.encode("QQ 314=1"),
          Map.of(
              BOB,
              new ForRecipient(
                  Set.of(Notify.DELAY, Notify.SUCCESS), Xtext.encode("b+b@example.com")),
              CAROL,
              new ForRecipient(Set.of(Notify.NEVER), Optional.empty())));

  private static Envelope wishing(OptionalInt priority) {
    return new Envelope(
        Optional.of(new MailboxPath("a@client.test")),
        List.of(BOB, CAROL, new MailboxPath("dave@example.com")),
        new MailOptions(WISHES, priority, false));
  }

  @Test
  void wishesOfTheSenderShouldBeHandedOn() throws SmtpException {
    try (SmtpSink sink = sink("DSN", "MT-PRIORITY MIXER", "PIPELINING")) {
      send(sink, wishing(OptionalInt.of(4)), TestContent.SHORT);

      assertThat(only(sink).mailParameters())
          .containsExactly("RET=HDRS", "ENVID=QQ+20314+3D1", "MT-PRIORITY=4");
      assertThat(only(sink).recipientParameters())
          .containsExactly(
              List.of("NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;b+2Bb@example.com"),
              List.of("NOTIFY=NEVER"),
              List.of());
    }
  }

  @Test
  void wishesOfTheSenderShouldNotBeSentToAServerThatOffersNeither() throws SmtpException {
    try (SmtpSink sink = sink("PIPELINING")) {
      send(sink, wishing(OptionalInt.of(4)), TestContent.SHORT);

      assertThat(only(sink).mailParameters()).isEmpty();
      assertThat(only(sink).recipientParameters()).containsOnly(List.of());
    }
  }

  private static String onTheWire(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  @Test
  void addressBeyondAsciiShouldGoToAServerWithSmtpUtf8() throws SmtpException {
    try (SmtpSink sink = sink("SMTPUTF8", "8BITMIME")) {
      Envelope envelope = new Envelope(Optional.of(BOEB), List.of(BOB, BOEB));

      assertThat(send(sink, envelope, TestContent.SHORT).allAccepted()).isTrue();

      assertThat(only(sink).mailParameters()).containsExactly("SMTPUTF8");
      assertThat(only(sink).reversePath()).isEqualTo(onTheWire(BOEB.value()));
      assertThat(only(sink).recipients()).containsExactly(BOB.value(), onTheWire(BOEB.value()));
    }
  }

  /** SMTPUTF8 without 8BITMIME is an offer that RFC 6531 §3.1 does not know. */
  @ParameterizedTest
  @ValueSource(strings = {"8BITMIME", "SMTPUTF8"})
  void recipientBeyondAsciiShouldGetNothingFromAServerWithoutSmtpUtf8(String keyword)
      throws SmtpException {
    try (SmtpSink sink = sink(keyword)) {
      Envelope envelope = new Envelope(Optional.empty(), List.of(BOEB, BOB));

      DeliveryResult result = send(sink, envelope, TestContent.SHORT);

      assertThat(((Unable) result.recipients().get(0)).reply().asText()).startsWith("553 5.6.7 ");
      assertThat(result.recipients().get(1)).isInstanceOf(Accepted.class);
      assertThat(only(sink).recipients()).containsExactly(BOB.value());
      assertThat(only(sink).mailParameters()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 550 5.6.9", "false, 553 5.6.7"})
  void headerOrSenderBeyondAsciiShouldKeepAMailFromAServerWithoutSmtpUtf8(
      boolean header, String code) throws SmtpException {
    TestContent utf8 = new TestContent(onTheWire("Subject: b\u00fccher\r\n\r\nhello\r\n"));
    try (SmtpSink sink = sink("8BITMIME")) {
      Envelope envelope =
          new Envelope(header ? Optional.empty() : Optional.of(BOEB), List.of(BOB, CAROL));

      DeliveryResult result = send(sink, envelope, header ? utf8 : TestContent.SHORT);

      assertThat(result.recipients())
          .hasSize(2)
          .allSatisfy(one -> assertThat(((Unable) one).reply().asText()).startsWith(code + " "));
      assertThat(sink.connections().get(0).commands()).noneMatch(c -> c.startsWith("MAIL"));
    }
    try (SmtpSink sink = sink("8BITMIME", "SMTPUTF8")) {
      send(sink, new Envelope(Optional.empty(), List.of(BOB)), utf8);
      assertThat(only(sink).mailParameters()).containsExactly("BODY=8BITMIME", "SMTPUTF8");
      assertThat(only(sink).content()).isEqualTo(utf8.text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\n", "\r"})
  void onlyTheHeaderShouldCallForSmtpUtf8(String lineEnd) {
    String inHeader = "Subject: b\u00fccher\n\nhello\n".replace("\n", lineEnd);
    String inBody = "Subject: plain\n\nb\u00fccher\n".replace("\n", lineEnd);
    assertThat(new TestContent(onTheWire(inHeader)).utf8Header()).isTrue();
    assertThat(new TestContent(onTheWire(inBody)).utf8Header()).isFalse();
    // Not UTF-8, so no internationalized header either.
    assertThat(new TestContent(inHeader).utf8Header()).isFalse();
  }

  private static Envelope allOrNone(MailboxPath... recipients) {
    return new Envelope(
        Optional.empty(),
        List.of(recipients),
        new MailOptions(DsnWishes.NONE, OptionalInt.empty(), true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PIPELINING", "HELP", "CHUNKING"})
  void nobodyShouldGetTheMailWhenOneIsRefusedAndAllOrNoneIsAsked(String keyword)
      throws SmtpException {
    try (SmtpSink sink = sink(keyword);
        SmtpConnection connection = CLIENT.open(sink.address())) {
      sink.effects(SmtpEffect.replyTo(CAROL.value(), "550 5.1.1 no such user"));

      List<RecipientResult> results =
          connection.send(allOrNone(BOB, CAROL), TestContent.SHORT).recipients();

      assertThat(results.get(0)).isInstanceOf(HeldBack.class);
      assertThat(results.get(1)).isInstanceOf(Refused.class);
      assertThat(sink.transactions()).isEmpty();
      assertThat(sink.connections().get(0).commands()).doesNotContain("DATA");
      assertThat(connection.send(allOrNone(BOB), TestContent.SHORT).allAccepted()).isTrue();
      sink.effects();
      assertThat(connection.send(allOrNone(BOB, CAROL), TestContent.SHORT).allAccepted()).isTrue();
      assertThat(sink.connections().get(0).violations()).isEmpty();
      assertThat(sink.mails()).hasSize(2);
    }
  }

  @Test
  void noFurtherTransactionShouldFollowARefusalWhenAllOrNoneIsAsked() throws SmtpException {
    List<MailboxPath> crowd = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      crowd.add(new MailboxPath("r" + i + "@example.com"));
    }
    try (SmtpSink sink = sink("PIPELINING")) {
      sink.effects(SmtpEffect.replyTo("r7@example.com", "550 5.1.1 no such user"));

      List<RecipientResult> results =
          send(sink, allOrNone(crowd.toArray(MailboxPath[]::new)), TestContent.SHORT).recipients();

      assertThat(results).hasSize(150);
      assertThat(results.get(7)).isInstanceOf(Refused.class);
      assertThat(results.stream().filter(HeldBack.class::isInstance)).hasSize(149);
      assertThat(sink.transactions()).isEmpty();
    }
  }

  @Test
  void tlsShouldComeFirstAtAPortForIt() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(CA.issue(MX.value())).implicitTls().start();
        SmtpConnection connection = CLIENT.openInTls(sink.address(), MX)) {
      assertThat(connection.tlsFacts().orElseThrow().serverName()).isEqualTo(MX);
      assertThat(connection.offersStartTls()).isFalse();
      assertThat(connection.send(envelope("", "b@example.com"), TestContent.SHORT).allAccepted())
          .isTrue();
      assertThat(only(sink).inTls()).isTrue();
      assertThat(sink.connections().get(0).commands()).doesNotContain("STARTTLS");
    }
  }

  @Test
  void aPortWithoutTlsShouldFailTheHandshake() {
    SmtpClient impatient =
        TestClients.client(CA, SmtpTimeouts.standard(PATIENT, TestClients.IMPATIENT));
    try (SmtpSink sink = sink("PIPELINING")) {
      assertThatThrownBy(() -> impatient.openInTls(sink.address(), MX))
          .isInstanceOfSatisfying(
              SmtpException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TLS_HANDSHAKE));
      sink.awaitNoConnection(PATIENT);
    }
  }
}
