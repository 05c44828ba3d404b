package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.jamessts.smtp.TestClients.IMPATIENT;
import static org.jamessts.smtp.TestClients.MX;
import static org.jamessts.smtp.TestClients.PATIENT;
import static org.jamessts.smtp.TestClients.envelope;

import java.time.Instant;
import java.util.Optional;
import org.jamessts.smtp.SmtpException.Kind;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Handshake;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.InjectAfterStartTls;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.jamessts.tls.TlsFacts;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.x509.CertificateFacts.Untrusted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3207, with servers of good and of bad will. */
class StartTlsTest {

  private static final PrivateCa CA = PrivateCa.create("test root");
  private static final PrivateCa.Credential GOOD = CA.issue(MX.value());
  private static final SmtpClient CLIENT = TestClients.patient(CA);

  private static void assertKind(Throwable thrown, Kind kind) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            SmtpException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .message()
        .matches("[ -~]+");
  }

  private static SmtpException startTlsFailure(SmtpSink sink, SmtpClient client)
      throws SmtpException {
    try (SmtpConnection connection = client.open(sink.address())) {
      try {
        connection.startTls(MX);
      } catch (SmtpException e) {
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.tlsFacts()).isEmpty();
        return e;
      }
      throw new AssertionError("the upgrade succeeded");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, TLSv1.3",
    "127.0.0.1, TLSv1.2",
    "::1, TLSv1.3",
  })
  @Rule(value = "RFC 8461 S22", in = TlsHandshaker.class)
  void startTlsShouldRecordWhatTheHandshakeShowed(String address, String protocol)
      throws SmtpException {
    assumeThat(address.equals("::1") && !TestClients.hasIpv6()).isFalse();
    try (SmtpSink sink = SmtpSink.on(address).tls(GOOD).protocols(protocol).start()) {
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        assertThat(connection.offersStartTls()).isTrue();
        connection.startTls(MX);
        TlsFacts facts = connection.tlsFacts().orElseThrow();
        assertThat(facts.protocol()).isEqualTo(protocol);
        assertThat(facts.serverName()).isEqualTo(MX);
        assertThat(facts.certificate().chain()).isEqualTo(GOOD.chain());
        assertThat(facts.certificate().faultFor(MX, Instant.now())).isEmpty();
        connection.send(envelope("", "b@example.com"), TestContent.HUGE);
      }
      ReceivedMail mail = sink.awaitMails(1, PATIENT).get(0);
      assertThat(mail.tls())
          .contains(new ReceivedMail.Tls(protocol, Optional.of("mx.example.com")));
      assertThat(mail.content()).isEqualTo(TestContent.HUGE.text());
      assertThat(sink.connections().get(0).violations()).isEmpty();
    }
  }

  @Test
  void startTlsShouldCompleteWithAnyCertificateAndSayWhatIsWrongWithIt() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(PrivateCa.selfSigned(MX.value())).start();
        SmtpConnection connection = CLIENT.open(sink.address())) {
      connection.startTls(MX);
      assertThat(connection.tlsFacts().orElseThrow().certificate().path())
          .isInstanceOf(Untrusted.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void factsOfAResumedSessionShouldHoldTheCertificates(String protocol) throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).protocols(protocol).start()) {
      for (int i = 0; i < 3; i++) {
        try (SmtpConnection connection = CLIENT.open(sink.address())) {
          connection.startTls(MX);
          connection.send(envelope("", "b@example.com"), TestContent.SHORT);
          assertThat(connection.tlsFacts().orElseThrow().certificate().chain())
              .isEqualTo(GOOD.chain());
        }
      }
    }
  }

  @Test
  void startTlsShouldForgetWhatWasOfferedInClear() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).keywords("PIPELINING").start()) {
      sink.effects(SmtpEffect.reply(Stage.TLS_EHLO, "250-new name\r\n250-SIZE 7\r\n250 STARTTLS"));
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        assertThat(connection.capabilities().pipelining()).isTrue();
        connection.startTls(MX);
        assertThat(connection.capabilities().pipelining()).isFalse();
        assertThat(connection.capabilities().sizeLimit()).hasValue(7);
        assertThat(connection.serverName()).isEqualTo("new");
        // Offered again, against RFC 3207 §4.2, and not listened to.
        assertThat(connection.offersStartTls()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> connection.startTls(MX));
      }
    }
  }

  @Test
  void startTlsShouldNotBeSentWhereItIsNotOffered() throws SmtpException {
    try (SmtpSink sink =
            SmtpSink.on("127.0.0.1").tls(GOOD).effects(SmtpEffect.hideStartTls()).start();
        SmtpConnection connection = CLIENT.open(sink.address())) {
      assertThat(connection.offersStartTls()).isFalse();
      assertThatIllegalStateException().isThrownBy(() -> connection.startTls(MX));
      assertThat(sink.connections().get(0).commands()).doesNotContain("STARTTLS");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"454 4.7.0 not now", "502 5.5.1 not here", "421 4.3.2 closing", "550 no"})
  void startTlsShouldGiveTheReplyOfAServerThatRefuses(String reply) throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).start()) {
      sink.effects(SmtpEffect.reply(Stage.STARTTLS, reply));
      SmtpException failure = startTlsFailure(sink, CLIENT);
      assertKind(failure, Kind.STARTTLS_REFUSED);
      assertThat(failure.reply().orElseThrow().asText()).isEqualTo(reply);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"250 fine", "354 fine"})
  void startTlsShouldGoOnAfter220Only(String reply) throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).start()) {
      sink.effects(SmtpEffect.reply(Stage.STARTTLS, reply));
      assertKind(startTlsFailure(sink, CLIENT), Kind.PROTOCOL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"250 injected\r\n", "250-mx\r\n250 AUTH PLAIN\r\n", "x\r\n"})
  void startTlsShouldFailWhenOctetsInClearFollowItsReply(String injected) throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).start()) {
      sink.effects(new InjectAfterStartTls(injected));
      assertKind(startTlsFailure(sink, CLIENT), Kind.STARTTLS_INJECTION);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = HandshakeFault.class,
      names = {"GARBAGE", "ALERT", "CLOSE", "ALERT_AFTER", "CLOSE_AFTER"})
  void startTlsShouldFailWhenTheServerBreaksTheHandshake(HandshakeFault fault)
      throws SmtpException {
    for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
      try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).protocols(protocol).start()) {
        sink.effects(new Handshake(fault));
        assertKind(startTlsFailure(sink, CLIENT), Kind.TLS_HANDSHAKE);
        sink.awaitNoConnection(PATIENT);
      }
    }
  }

  @Test
  void startTlsShouldFailWhenNoProtocolIsCommon() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).protocols("TLSv1").start()) {
      assertKind(startTlsFailure(sink, CLIENT), Kind.TLS_HANDSHAKE);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = HandshakeFault.class,
      names = {"SILENCE", "DRIP"})
  void startTlsShouldEndAHandshakeThatTakesTooLong(HandshakeFault fault) throws SmtpException {
    SmtpClient impatient = TestClients.client(CA, SmtpTimeouts.standard(PATIENT, IMPATIENT));
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).start()) {
      sink.effects(new Handshake(fault));
      SmtpException failure = startTlsFailure(sink, impatient);
      assertKind(failure, Kind.TLS_HANDSHAKE);
      assertThat(failure).hasMessageContaining("0.8 s");
    }
  }

  @Test
  void ehloRefusedInTlsShouldNotFallBackToHelo() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).start()) {
      sink.effects(SmtpEffect.reply(Stage.TLS_EHLO, "554 5.7.1 not you"));
      assertKind(startTlsFailure(sink, CLIENT), Kind.EHLO_REFUSED);
      SinkConnection connection = sink.connections().get(0);
      sink.awaitNoConnection(PATIENT);
      assertThat(connection.commands())
          .containsExactly("EHLO client.test", "STARTTLS", "EHLO client.test", "QUIT");
    }
  }

  @Test
  void aFailureOfTlsShouldNotLeaveAConnectionThatSends() throws SmtpException {
    try (SmtpSink sink = SmtpSink.on("127.0.0.1").tls(GOOD).start()) {
      sink.effects(SmtpEffect.reply(Stage.STARTTLS, "454 4.7.0 not now"));
      try (SmtpConnection connection = CLIENT.open(sink.address())) {
        assertThatThrownBy(() -> connection.startTls(MX)).isInstanceOf(SmtpException.class);
        assertThatThrownBy(() -> connection.send(envelope("", "b@example.com"), TestContent.SHORT))
            .isInstanceOf(SmtpException.class);
      }
      assertThat(sink.transactions()).isEmpty();
    }
  }
}
