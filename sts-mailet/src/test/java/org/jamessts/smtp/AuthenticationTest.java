package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jamessts.smtp.TestClients.MX;
import static org.jamessts.smtp.TestClients.PATIENT;
import static org.jamessts.smtp.TestClients.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jamessts.smtp.SmtpException.Kind;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTH (RFC 4954) with servers that behave, refuse, and talk too much. */
class AuthenticationTest {

  private static final PrivateCa CA = PrivateCa.create("test root");
  private static final SmtpClient CLIENT = TestClients.patient(CA);
  private static final String USER = "j\u00f6rg@client.test";
  private static final String SECRET = "s3cret-\u00fcber-all";
  private static final Credentials PASSWORD = new Credentials.Password(USER, Secret.of(SECRET));

  private static Credentials token(String token) {
    return new Credentials.BearerToken(USER, Secret.of(token));
  }

  private static SmtpSink sink(String keyword, String secret) {
    return SmtpSink.on("127.0.0.1")
        .tls(CA.issue(MX.value()))
        .keywords(keyword, "PIPELINING")
        .user(USER, secret)
        .start();
  }

  private static void logIn(SmtpSink sink, Credentials credentials) throws SmtpException {
    try (SmtpConnection connection = CLIENT.open(sink.address())) {
      connection.startTls(MX);
      connection.authenticate(credentials);
      assertThat(connection.send(envelope("", "b@example.com"), TestContent.SHORT).allAccepted())
          .isTrue();
    }
  }

  private static SmtpException failure(SmtpSink sink, Credentials credentials)
      throws SmtpException {
    try (SmtpConnection connection = CLIENT.open(sink.address())) {
      connection.startTls(MX);
      SmtpException failure =
          catchThrowableOfType(SmtpException.class, () -> connection.authenticate(credentials));
      assertThat(connection.isOpen()).isFalse();
      assertNoSecretIn(failure, sink);
      return failure;
    }
  }

  private static void assertNoSecretIn(SmtpException failure, SmtpSink sink) {
    String said = failure + " " + failure.reply() + " " + failure.getCause();
    assertThat(said).doesNotContain("s3cret");
    SinkConnection connection = sink.connections().get(0);
    for (String line : connection.responses()) {
      assertThat(said).doesNotContain(line.substring(0, Math.min(12, line.length())) + "=");
    }
    connection.commands().stream()
        .filter(command -> command.startsWith("AUTH ") && command.split(" ", 3).length > 2)
        .forEach(
            command -> assertThat(said).doesNotContain(command.split(" ", 3)[2].substring(0, 8)));
  }

  @ParameterizedTest
  @CsvSource({
    "AUTH LOGIN PLAIN, PLAIN, 0",
    "auth plain, PLAIN, 0",
    "AUTH CRAM-MD5 LOGIN XOAUTH2, LOGIN, 2",
  })
  void theStrongestCommonMechanismShouldBeUsed(String keyword, String mechanism, int responses)
      throws SmtpException {
    try (SmtpSink sink = sink(keyword.toUpperCase(Locale.ROOT), SECRET)) {
      logIn(sink, PASSWORD);

      SinkConnection connection = sink.connections().get(0);
      assertThat(connection.login()).contains(mechanism + " " + USER);
      assertThat(connection.responses()).hasSize(responses);
      assertThat(connection.violations()).isEmpty();
      assertThat(sink.mails()).hasSize(1);
    }
  }

  /** RFC 4954 §4: an initial response that makes the command too long waits for the challenge. */
  @ParameterizedTest
  @CsvSource({"100, 0", "300, 0", "350, 1", "8000, 1"})
  void aTokenShouldGoByXoauth2InOneLineOrTwo(int length, int responses) throws SmtpException {
    String token = "t".repeat(length);
    try (SmtpSink sink = sink("AUTH PLAIN LOGIN XOAUTH2", token)) {
      logIn(sink, token(token));

      SinkConnection connection = sink.connections().get(0);
      assertThat(connection.login()).contains("XOAUTH2 " + USER);
      assertThat(connection.responses()).hasSize(responses);
      assertThat(connection.violations()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"535 5.7.8 invalid", "454 4.7.0 later", "534 5.7.9 too weak", "421 4.3.2 closing"})
  void aRefusalShouldBeGivenAsItIs(String reply) throws SmtpException {
    for (String keyword : new String[] {"AUTH PLAIN", "AUTH LOGIN"}) {
      try (SmtpSink sink = sink(keyword, SECRET)) {
        sink.effects(SmtpEffect.reply(Stage.AUTH, reply));

        SmtpException failure = failure(sink, PASSWORD);

        assertThat(failure.kind()).isEqualTo(Kind.AUTH_REFUSED);
        assertThat(failure.reply().orElseThrow().asText()).isEqualTo(reply);
        assertThat(failure.afterData()).isFalse();
      }
    }
  }

  @Test
  void aRefusedTokenShouldBeExplained() throws SmtpException {
    try (SmtpSink sink = sink("AUTH XOAUTH2", "another")) {
      SmtpException failure = failure(sink, token("s3cret"));

      assertThat(failure.kind()).isEqualTo(Kind.AUTH_REFUSED);
      assertThat(failure).hasMessageContaining("\"status\":\"400\"").hasMessageContaining("535");
      assertThat(sink.connections().get(0).responses()).containsExactly("");
      assertThat(sink.connections().get(0).violations()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HELP, the server does not offer AUTH",
    "AUTH CRAM-MD5 XOAUTH2, 'offers AUTH CRAM-MD5 XOAUTH2, not PLAIN or LOGIN'",
    "XAUTH PLAIN, the server does not offer AUTH",
  })
  void nothingShouldBeSentWithoutACommonMechanism(String keyword, String words)
      throws SmtpException {
    try (SmtpSink sink = sink(keyword, SECRET)) {
      SmtpException failure = failure(sink, PASSWORD);

      assertThat(failure.kind()).isEqualTo(Kind.AUTH_NOT_OFFERED);
      assertThat(failure).hasMessageContaining(words);
      assertThat(sink.connections().get(0).commands()).noneMatch(line -> line.startsWith("AUTH"));
    }
  }

  /** RFC 3207 §4.2: what was offered in clear may have been put there by anybody. */
  @Test
  void mechanismsOfferedBeforeTlsShouldBeForgotten() throws SmtpException {
    try (SmtpSink sink = sink("AUTH PLAIN", SECRET)) {
      sink.effects(SmtpEffect.reply(Stage.TLS_EHLO, "250-sink.test\r\n250 PIPELINING"));

      assertThat(failure(sink, PASSWORD).kind()).isEqualTo(Kind.AUTH_NOT_OFFERED);
    }
  }

  /** What a server repeats ends in logs and bounces. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 24})
  void wordsThatRepeatWhatWasSentShouldBeLeftOut(int cut) throws SmtpException {
    String sent =
        "AUTH PLAIN "
            + Base64.getEncoder()
                .encodeToString(("\0" + USER + "\0" + SECRET).getBytes(StandardCharsets.UTF_8));
    String quoted = cut < 0 ? sent : sent.substring(0, cut);
    for (String reply :
        new String[] {
          "500 5.5.1 unknown: " + quoted,
          "250 fine: " + quoted,
          "535-no\r\n535 " + SECRET + " is wrong",
          "535 ber-all"
        }) {
      try (SmtpSink sink = sink("AUTH PLAIN", SECRET)) {
        sink.effects(SmtpEffect.reply(Stage.AUTH, reply));

        assertThat(failure(sink, PASSWORD))
            .hasMessageContaining(reply.substring(0, 3))
            .hasMessageContaining("left out");
      }
    }
  }

  @Test
  void aChallengeTooManyShouldBeCancelled() throws SmtpException {
    try (SmtpSink sink = sink("AUTH PLAIN", SECRET)) {
      sink.effects(SmtpEffect.reply(Stage.AUTH, "334 bW9yZQ=="));

      assertThat(failure(sink, PASSWORD).kind()).isEqualTo(Kind.PROTOCOL);
      sink.awaitNoConnection(PATIENT);
      assertThat(sink.connections().get(0).commands()).contains("*");
    }
  }

  @Test
  void secretsShouldNotShowThemselves() {
    assertThat(PASSWORD.toString()).doesNotContain(SECRET).contains("***");
  }
}
