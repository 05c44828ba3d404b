package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.smtp.TestClients.IMPATIENT;
import static org.jamessts.smtp.TestClients.MX;
import static org.jamessts.smtp.TestClients.PATIENT;
import static org.jamessts.smtp.TestClients.envelope;

import java.time.Duration;
import java.util.List;
import org.jamessts.smtp.SmtpException.Kind;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Drip;
import org.jamessts.testing.SmtpEffect.Drop;
import org.jamessts.testing.SmtpEffect.EndlessReply;
import org.jamessts.testing.SmtpEffect.Silence;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every stage against servers that go, wait, talk for ever or talk nonsense; in clear and in TLS.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileServerTest {

  private static final PrivateCa CA = PrivateCa.create("test root");
  private static final PrivateCa.Credential CREDENTIAL = CA.issue(MX.value());
  private static final SmtpClient CLIENT = TestClients.patient(CA);
  private static final SmtpClient IMPATIENT_CLIENT =
      TestClients.client(CA, SmtpTimeouts.standard(PATIENT, IMPATIENT));

  private static final MailContent SEVERAL_CHUNKS =
      new TestContent("x".repeat(998).concat("\r\n").repeat(300));

  private static final List<String> NONSENSE =
      List.of(
          "hello",
          "",
          "25",
          "999 what",
          "199 what",
          "250-one\r\n550 two",
          "250 " + "x".repeat(5000),
          "\u0000\u0001\u0002");

  /** A whole conversation; returns how it ended, or fails if it ended well. */
  private static SmtpException converse(SmtpClient client, MailContent content, SmtpEffect effect) {
    boolean inTls = needsTls(effect);
    boolean withLogin = effect.toString().contains("stage=AUTH");
    boolean inChunks = effect.toString().contains("stage=CHUNK");
    SmtpSink.Builder builder = SmtpSink.on("127.0.0.1").effects(effect);
    if (withLogin) {
      builder.keywords("AUTH PLAIN").user("user", "secret");
    } else if (inChunks) {
      builder.keywords("CHUNKING");
    }
    try (SmtpSink sink = (inTls ? builder.tls(CREDENTIAL) : builder).start()) {
      try (SmtpConnection connection = client.open(sink.address())) {
        if (inTls) {
          connection.startTls(MX);
        }
        if (withLogin) {
          connection.authenticate(new Credentials.Password("user", Secret.of("secret")));
        }
        DeliveryResult result =
            connection.send(envelope("", "b@example.com"), inChunks ? SEVERAL_CHUNKS : content);
        throw new AssertionError("a result in spite of " + effect + ": " + result);
      } catch (SmtpException e) {
        assertThat(e.getMessage()).matches("[ -~]+").hasSizeLessThan(1500);
        return e;
      }
    }
  }

  private static boolean needsTls(SmtpEffect effect) {
    String text = effect.toString();
    return text.contains("STARTTLS") || text.contains("TLS_EHLO");
  }

  private static Kind closedAt(Stage stage) {
    return stage == Stage.TLS_EHLO ? Kind.TLS_HANDSHAKE : Kind.CLOSED;
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HELO", "RSET", "QUIT"})
  void aServerThatHangsUpShouldBeToldApart(Stage stage) {
    SmtpException end = converse(CLIENT, TestContent.SHORT, new Drop(stage));
    assertThat(end.kind()).as(end.getMessage()).isEqualTo(closedAt(stage));
    if (stage != Stage.CONTENT) {
      // There the dot may or may not have left before the end was noticed.
      assertThat(end.afterData()).isEqualTo(stage == Stage.FINAL_DOT);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HELO", "RSET", "QUIT"})
  void aServerThatFallsSilentShouldBeCutOff(Stage stage) {
    MailContent content = stage == Stage.CONTENT ? TestContent.HUGE : TestContent.SHORT;
    SmtpException end = converse(IMPATIENT_CLIENT, content, new Silence(stage));
    assertThat(end.kind()).as(end.getMessage()).isEqualTo(Kind.TIMEOUT);
    assertThat(end.afterData()).isEqualTo(stage == Stage.FINAL_DOT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HELO", "RSET", "QUIT", "CONTENT"})
  void aServerThatSendsAnOctetNowAndThenShouldBeCutOff(Stage stage) {
    SmtpException end =
        converse(IMPATIENT_CLIENT, TestContent.SHORT, new Drip(stage, Duration.ofMillis(50)));
    assertThat(end.kind()).as(end.getMessage()).isEqualTo(Kind.TIMEOUT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HELO", "RSET", "QUIT", "CONTENT"})
  void aServerThatNeverEndsItsReplyShouldBeCutOff(Stage stage) {
    SmtpException end =
        converse(CLIENT, TestContent.SHORT, new EndlessReply(stage, "250-and so on"));
    assertThat(end.kind()).as(end.getMessage()).isEqualTo(Kind.PROTOCOL);
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HELO", "RSET", "QUIT", "CONTENT"})
  void aServerThatTalksNonsenseShouldBeCutOff(Stage stage) {
    for (String reply : NONSENSE) {
      SmtpException end = converse(CLIENT, TestContent.SHORT, SmtpEffect.reply(stage, reply));
      assertThat(end.kind()).as(reply).isEqualTo(Kind.PROTOCOL);
      assertThat(end.afterData()).isEqualTo(stage == Stage.FINAL_DOT);
    }
  }

  @Test
  void repliesThatBelongElsewhereShouldBeCutOff() {
    for (Stage stage : List.of(Stage.MAIL, Stage.RCPT, Stage.FINAL_DOT)) {
      SmtpException end =
          converse(CLIENT, TestContent.SHORT, SmtpEffect.reply(stage, "354 go ahead"));
      assertThat(end.kind()).as(end.getMessage()).isEqualTo(Kind.PROTOCOL);
    }
    SmtpException end =
        converse(CLIENT, TestContent.SHORT, SmtpEffect.reply(Stage.DATA, "250 fine"));
    assertThat(end.kind()).isEqualTo(Kind.PROTOCOL);
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"CONTENT", "FINAL_DOT"})
  void aServerThatStopsReadingInTlsShouldBeCutOff(Stage stage) throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(CREDENTIAL).start();
        SmtpConnection connection = IMPATIENT_CLIENT.open(sink.address())) {
      connection.startTls(MX);
      sink.effects(new Silence(stage));
      try {
        connection.send(envelope("", "b@example.com"), TestContent.HUGE);
        throw new AssertionError("sent");
      } catch (SmtpException e) {
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.TIMEOUT);
        assertThat(e.afterData()).isEqualTo(stage == Stage.FINAL_DOT);
      }
    }
  }

  @Test
  void closeShouldNotWaitLongForAServerThatDoesNotAnswerQuit() throws SmtpException {
    for (SmtpEffect effect :
        List.of(
            new Silence(Stage.QUIT),
            new Drip(Stage.QUIT, Duration.ofMillis(50)),
            new EndlessReply(Stage.QUIT, "221-and so on"),
            new Drop(Stage.QUIT))) {
      try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(CREDENTIAL).effects(effect).start()) {
        SmtpConnection connection = CLIENT.open(sink.address());
        connection.startTls(MX);
        connection.close();
        assertThat(connection.isOpen()).isFalse();
      }
    }
  }

  @Test
  void abortShouldFreeAThreadThatWaits() throws Exception {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").start();
        SmtpConnection connection = CLIENT.open(sink.address())) {
      sink.effects(new Silence(Stage.FINAL_DOT));
      Thread watcher =
          new Thread(
              () -> {
                while (sink.transactions().isEmpty()) {
                  Thread.onSpinWait();
                }
                connection.abort();
              });
      watcher.setDaemon(true);
      watcher.start();
      try {
        connection.send(envelope("", "b@example.com"), TestContent.SHORT);
        throw new AssertionError("sent");
      } catch (SmtpException e) {
        assertThat(e.kind()).isEqualTo(Kind.CLOSED);
        assertThat(e.afterData()).isTrue();
      }
      watcher.join();
    }
  }
}
