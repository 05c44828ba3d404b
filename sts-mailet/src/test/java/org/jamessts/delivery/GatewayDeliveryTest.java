package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.attribute;
import static org.jamessts.delivery.MailetWorld.lastRetry;
import static org.jamessts.delivery.MailetWorld.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Smart hosts that ask who we are, and ports where TLS comes first. */
class GatewayDeliveryTest {

  private static final String RELAY = "relay.test";
  private static final String USER = "ours";
  private static final String PASSWORD = "opensesame";

  private final MailetWorld world = new MailetWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private SmtpSink.Builder withLogin(SmtpSink.Builder host) {
    return host.keywords("AUTH PLAIN LOGIN XOAUTH2", "PIPELINING", "8BITMIME").user(USER, PASSWORD);
  }

  private SmtpSink relay(String name, PrivateCa.Credential credential) {
    return world.net.host(name, host -> withLogin(host).tls(credential));
  }

  private SmtpSink relay() {
    return relay(RELAY, world.net.ca().issue(RELAY));
  }

  private StsRemoteDelivery start(String gateway, String... more) throws Exception {
    return world.start(
        Stream.concat(
                Stream.of(
                    "gateway=" + gateway + ":" + world.net.smtpPort(), "gatewayUsername=" + USER),
                Arrays.stream(more))
            .toArray(String[]::new));
  }

  private StsRemoteDelivery startWithPassword(String... more) throws Exception {
    return start(
        RELAY,
        Stream.concat(Stream.of("gatewayPassword=" + PASSWORD), Arrays.stream(more))
            .toArray(String[]::new));
  }

  private static boolean sawAuth(SmtpSink sink) {
    return sink.connections().stream()
        .flatMap(connection -> connection.commands().stream())
        .anyMatch(command -> command.startsWith("AUTH"));
  }

  private void assertWaits(SmtpSink relay, String... words) {
    assertThat(relay.transactions()).isEmpty();
    assertThat(world.notifications()).isEmpty();
    assertThat(attribute(world.onlyWaiting(), "delivery-error").orElseThrow())
        .startsWith("4")
        .contains(words)
        .doesNotContain(PASSWORD);
  }

  @Test
  void mailShouldGoAfterALoginInVerifiedTls() throws Exception {
    SmtpSink relay = relay();

    world.deliver(startWithPassword(), mail(BOB));

    assertThat(relay.mails()).singleElement().satisfies(m -> assertThat(m.inTls()).isTrue());
    assertThat(relay.connections()).hasSize(1);
    assertThat(relay.connections().get(0).login()).contains("PLAIN " + USER);
    assertThat(relay.connections().get(0).violations()).isEmpty();
    assertThat(world.queue.getSize()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"self-signed", "for another", "expired", "without TLS", "broken TLS"})
  void credentialsShouldNotGoWhereTheGatewayHasNotProvedItsName(String fault) throws Exception {
    PrivateCa ca = world.net.ca();
    SmtpSink relay =
        relay(
            RELAY,
            switch (fault) {
              case "self-signed" -> PrivateCa.selfSigned(RELAY);
              case "for another" -> ca.issue("other.test");
              case "expired" -> ca.issueExpired(RELAY);
              default -> ca.issue(RELAY);
            });
    if (fault.equals("without TLS")) {
      relay.effects(SmtpEffect.hideStartTls());
    } else if (fault.equals("broken TLS")) {
      relay.effects(new SmtpEffect.Handshake(HandshakeFault.ALERT));
    }

    world.deliver(startWithPassword(), mail(BOB));

    assertWaits(relay, "does not log in where that is not safe");
    assertThat(sawAuth(relay)).isFalse();
    assertThat(relay.connections()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void credentialsShouldGoAnywayWhenTheOperatorSaysSo(boolean tls) throws Exception {
    SmtpSink relay = relay(RELAY, PrivateCa.selfSigned(RELAY));
    if (!tls) {
      relay.effects(new SmtpEffect.Handshake(HandshakeFault.ALERT));
    }

    world.deliver(startWithPassword("gatewayAllowCleartextAuth=true"), mail(BOB));

    assertThat(relay.mails()).singleElement().satisfies(m -> assertThat(m.inTls()).isEqualTo(tls));
  }

  @Test
  void daneShouldProveTheNameAsWellAsAnAuthority() throws Exception {
    String name = "relay.example";
    PrivateCa.Credential credential = PrivateCa.selfSigned(name);
    SmtpSink relay = relay(name, credential);
    world
        .net
        .dns()
        .add(
            "_%d._tcp.%s. 60 IN TLSA %s"
                .formatted(world.net.smtpPort(), name, DaneWorld.key(credential.leaf())));

    world.deliver(start(name, "gatewayPassword=" + PASSWORD), mail(BOB));

    assertThat(relay.mails()).hasSize(1);
    assertThat(relay.connections().get(0).login()).contains("PLAIN " + USER);
  }

  @ParameterizedTest
  @CsvSource({
    "535 5.7.8 credentials invalid, 450 4.7.8",
    "454 4.7.0 later, 454 4.7.0",
    "500 unknown: AUTH PLAIN AG91cnMAb3BlbnNlc2FtZQ==, 450 "
  })
  void mailShouldWaitWhenTheGatewayRefusesUs(String reply, String code) throws Exception {
    SmtpSink relay = relay();
    relay.effects(SmtpEffect.reply(Stage.AUTH, reply));

    world.deliver(startWithPassword(), mail(BOB));

    assertWaits(relay, code);
    assertThat(attribute(world.onlyWaiting(), "delivery-error").orElseThrow())
        .doesNotContain("AG91cnM");
    relay.effects();
    world.retry();
    assertThat(relay.mails()).hasSize(1);
  }

  @Test
  void mailShouldWaitWhenTheGatewayDoesNotOfferAuth() throws Exception {
    SmtpSink relay = relay();
    relay.effects(SmtpEffect.reply(Stage.TLS_EHLO, "250-relay.test\r\n250 PIPELINING"));

    world.deliver(startWithPassword(), mail(BOB));

    assertWaits(relay, "450 4.7.0 relay.test: the server does not offer AUTH");
  }

  /** RFC 4954 §6: to any command, and what it means is that the operator has set no credentials. */
  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"MAIL", "RCPT", "DATA", "FINAL_DOT"})
  void mailShouldWaitWhenTheGatewayWantsALoginAndThereIsNone(Stage stage) throws Exception {
    world.net.implicitMx(RELAY);
    SmtpSink relay = world.net.server(RELAY);
    relay.effects(SmtpEffect.reply(stage, "530 5.7.0 Authentication required"));

    world.deliver(world.start("gateway=" + RELAY + ":" + world.net.smtpPort()), mail(BOB));

    assertThat(world.notifications()).isEmpty();
    assertThat(attribute(world.onlyWaiting(), "delivery-error"))
        .contains("450 4.7.0 relay.test said: 530 5.7.0 Authentication required");
    relay.effects();
    world.retry();
    assertThat(relay.mails()).hasSize(1);
  }

  @Test
  void nextGatewayShouldBeTriedWhenOneWantsALoginAndThereIsNone() throws Exception {
    SmtpSink first = relay();
    world.net.implicitMx("relay2.test");
    String port = ":" + world.net.smtpPort();

    world.deliver(
        world.start("gateway=" + RELAY + port + ",relay2.test" + port, "loadBalancing=false"),
        mail(BOB));

    assertThat(first.connections()).hasSize(1);
    assertThat(world.net.server("relay2.test").mails()).hasSize(1);
  }

  /** Nobody here could log in there. */
  @Test
  void mailShouldBounceWhenAHostOfTheDomainWantsALogin() throws Exception {
    world.net.implicitMx("example.test");
    world
        .net
        .server("example.test")
        .effects(SmtpEffect.reply(Stage.MAIL, "530 5.7.0 Authentication required"));

    world.deliver(world.start(), mail(BOB));

    assertThat(world.bounceText()).contains("530 5.7.0 Authentication required");
  }

  @Test
  void senderShouldReadNoSecretInTheEnd() throws Exception {
    relay().effects(SmtpEffect.reply(Stage.AUTH, "535 5.7.8 " + PASSWORD + " is wrong"));

    startWithPassword();
    world.queue.enQueue(mail(BOB).attribute(lastRetry()).build());
    world.awaitTrials(1);

    assertThat(world.bounceText()).contains("535 5.7.8").doesNotContain(PASSWORD);
  }

  @Test
  void nextGatewayShouldBeTriedWhenOneRefusesUs() throws Exception {
    SmtpSink first = relay();
    first.effects(SmtpEffect.reply(Stage.AUTH, "535 5.7.8 credentials invalid"));
    SmtpSink second = relay("relay2.test", world.net.ca().issue("relay2.test"));
    String port = ":" + world.net.smtpPort();

    world.deliver(
        start(RELAY + port + ",relay2.test", "gatewayPassword=" + PASSWORD, "loadBalancing=false"),
        mail(BOB));

    assertThat(first.mails()).isEmpty();
    assertThat(second.mails()).hasSize(1);
  }

  @Test
  void tokenShouldBeReadAnewForEachUse(@TempDir Path directory) throws Exception {
    SmtpSink relay = relay();
    Path file = directory.resolve("token");
    Files.writeString(file, "yesterdays");
    StsRemoteDelivery mailet = start(RELAY, "gatewayTokenFile=" + file);
    world.deliver(mailet, mail(BOB));
    assertWaits(relay, "450 4.7.8");

    Files.writeString(file, PASSWORD + "\n");
    world.retry();

    assertThat(relay.mails()).hasSize(1);
    assertThat(relay.connections().get(1).login()).contains("XOAUTH2 " + USER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "empty", "two tokens", "too long", "a directory"})
  void mailShouldWaitWhenTheTokenFileIsNoGood(String fault, @TempDir Path directory)
      throws Exception {
    SmtpSink relay = relay();
    Path file = fault.equals("a directory") ? directory : directory.resolve("token");
    writeBadToken(fault, file);

    world.deliver(start(RELAY, "gatewayTokenFile=" + file), mail(BOB));

    assertWaits(relay, "451 4.3.5");
    assertThat(sawAuth(relay)).isFalse();
  }

  private static void writeBadToken(String fault, Path file) throws IOException {
    switch (fault) {
      case "empty" -> Files.writeString(file, " \n");
      case "two tokens" -> Files.writeString(file, "one\r\ntwo");
      case "too long" -> Files.writeString(file, "x".repeat(8 * 1024 + 1));
      default -> {
        // There is none.
      }
    }
  }

  @Test
  void tlsShouldComeFirstWhenTheOperatorSaysSo() throws Exception {
    SmtpSink relay =
        world.net.host(
            RELAY, host -> withLogin(host).tls(world.net.ca().issue(RELAY)).implicitTls());

    world.deliver(startWithPassword("sslEnable=true"), mail(BOB));

    assertThat(relay.mails()).hasSize(1);
    assertThat(relay.connections().get(0).commands()).doesNotContain("STARTTLS");
    assertThat(relay.connections().get(0).login()).isPresent();
    assertThat(world.world.recorded(RELAY))
        .singleElement()
        .satisfies(summary -> assertThat(summary.successfulSessions()).isEqualTo(1));
  }

  @Test
  void tlsThatComesFirstShouldBeJudgedByThePolicy() throws Exception {
    world.net.policy(RELAY, "enforce", RELAY);
    SmtpSink relay =
        world.net.host(RELAY, host -> host.tls(PrivateCa.selfSigned(RELAY)).implicitTls());

    world.deliver(
        world.start("gateway=" + RELAY + ":" + world.net.smtpPort(), "sslEnable=true"), mail(BOB));

    assertWaits(relay, "450 4.7.5 MTA-STS (enforce) relay.test");
    assertThat(world.world.recorded(RELAY).get(0).failedSessions()).isEqualTo(1);
  }

  /** There is no clear text at such a port, whatever is or is not required. */
  @ParameterizedTest
  @EnumSource(
      value = HandshakeFault.class,
      names = {"GARBAGE", "ALERT", "CLOSE"})
  void mailShouldWaitWhenTlsThatComesFirstFails(HandshakeFault fault) throws Exception {
    SmtpSink relay =
        world.net.host(
            RELAY,
            host ->
                host.tls(world.net.ca().issue(RELAY))
                    .implicitTls()
                    .effects(new SmtpEffect.Handshake(fault)));

    world.deliver(
        world.start("gateway=" + RELAY + ":" + world.net.smtpPort(), "sslEnable=true"), mail(BOB));

    assertWaits(relay, "450 4.7.5 relay.test: TLS handshake");
    assertThat(relay.connections()).hasSize(1);
    assertThat(relay.connections().get(0).commands()).isEmpty();
  }

  @Test
  void mailShouldBeginWithAnyGatewayOrWithTheFirst() throws Exception {
    world.net.implicitMx("one.test");
    world.net.implicitMx("two.test");
    String port = ":" + world.net.smtpPort();
    String gateways = "gateway=one.test" + port + ",two.test" + port;

    StsRemoteDelivery inOrder = world.start(gateways, "loadBalancing=false", "outgoing=outgoing");
    for (int i = 0; i < 12; i++) {
      world.deliver(inOrder, mail(BOB));
    }
    assertThat(world.net.server("one.test").mails()).hasSize(12);
    inOrder.destroy();

    StsRemoteDelivery inAnyOrder = world.start(gateways);
    // Of 24 mails, all go to one of two hosts once in 8 million times.
    for (int i = 0; i < 24; i++) {
      world.deliver(inAnyOrder, mail(BOB));
    }
    assertThat(world.net.server("one.test").mails()).hasSizeBetween(13, 35);
    assertThat(world.net.server("two.test").mails()).hasSizeBetween(1, 23);
  }

  @Test
  void othersShouldWaitForARefusedOneWhenMailIsNotToBeSentInParts() throws Exception {
    SmtpSink relay = world.net.host(RELAY, host -> host.tls(world.net.ca().issue(RELAY)));
    relay.effects(SmtpEffect.replyTo("gone@example.test", "550 5.1.1 no such user"));
    StsRemoteDelivery mailet =
        world.start("gateway=" + RELAY + ":" + world.net.smtpPort(), "sendpartial=false");

    world.deliver(mailet, mail(BOB, "gone@example.test"));

    assertThat(relay.transactions()).isEmpty();
    assertThat(world.bounceText()).contains("gone@", "550 5.1.1");
    assertThat(StsRemoteDelivery.texts(world.onlyWaiting().getRecipients())).containsExactly(BOB);
    assertThat(attribute(world.onlyWaiting(), "delivery-error").orElseThrow())
        .contains("450 4.5.0 sendpartial=false", "refused another recipient: 550 5.1.1");

    world.retry();
    assertThat(relay.mails()).hasSize(1);
    assertThat(relay.connections()).flatExtracting(SinkConnection::violations).isEmpty();
  }
}
