package org.jamessts.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.attribute;
import static org.jamessts.delivery.MailetWorld.lastRetry;
import static org.jamessts.delivery.MailetWorld.mail;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.OverrideChange;
import org.jamessts.override.OverrideParse;
import org.jamessts.settings.StsSettings;
import org.jamessts.smtp.Envelope;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail to and from {@code user@[127.77.0.1]}. */
class AddressLiteralTest {

  private static final String LITERAL = "bob@[127.77.0.1]";
  private static final String REVERSE_NAME = "1.0.77.127.in-addr.arpa";

  private final MailetWorld world = new MailetWorld();
  private SmtpSink host;

  @BeforeEach
  void host() {
    world.net.implicitMx("host.test");
    host = world.net.server("host.test");
    assertThat(host.address().getHostString()).isEqualTo("127.77.0.1");
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** What becomes of a mail to an address where the DNS could not lead. */
  private DeliveryReport deliver(int[] address, OwnHosts ownHosts) throws Exception {
    InetAddress there = DeliveryWorld.address(address[0], address[1], address[2], address[3]);
    OutboundMail any = world.world.mailTo("unused.test");
    return world
        .world
        .delivery(new StsSettings.Mx(false, 10, 20), ownHosts)
        .deliver(
            new OutboundMail(
                any.name(),
                List.of(new NextHop.LiteralAddress(there, world.net.smtpPort())),
                Envelope.parse("alice@ours.test", List.of(LITERAL)),
                any.content()));
  }

  @ParameterizedTest
  @ValueSource(strings = {LITERAL, "bob@127.77.0.1"})
  @Rule(value = "RFC 8461 S17", in = NextHop.class)
  void mailShouldGoToTheAddressInTlsWithoutAnyQuestionToTheDns(String recipient) throws Exception {
    world.deliver(world.start(), mail(recipient));

    ReceivedMail mail = host.mails().get(0);
    assertThat(mail.recipients()).containsExactly(LITERAL);
    assertThat(mail.tls()).contains(new ReceivedMail.Tls("TLSv1.3", Optional.empty()));
    assertThat(host.connections()).flatExtracting(SinkConnection::violations).isEmpty();
    assertThat(world.net.dns().queries()).as("not even for a policy").isEmpty();
  }

  @Test
  void mailShouldGoByTheGatewayWhereThereIsOne() throws Exception {
    world.deliver(
        world.start("gateway=host.test:" + world.net.smtpPort()), mail(BOB, "dave@[192.0.2.1]"));

    assertThat(host.mails())
        .singleElement()
        .extracting(ReceivedMail::recipients)
        .isEqualTo(List.of(BOB, "dave@[192.0.2.1]"));
  }

  @Test
  void senderShouldHaveBracketsToo() throws Exception {
    world.deliver(world.start(), mail(LITERAL).sender("alice@[192.0.2.1]"));

    assertThat(host.mails().get(0).reversePath()).isEqualTo("alice@[192.0.2.1]");
  }

  @Test
  void notificationShouldSpellTheAddressesAsTheWireDoes() throws Exception {
    host.effects(SmtpEffect.reply(Stage.RCPT, "550 5.1.1 no such user"));

    world.deliver(world.start(), mail(LITERAL).sender("alice@[192.0.2.1]"));

    assertThat(world.onlyNotification().header("To")).contains("<alice@[192.0.2.1]>");
    assertThat(world.onlyNotification().field(0, "Final-Recipient")).contains("rfc822; " + LITERAL);
  }

  @Test
  void minimumOfTheOperatorShouldHoldForTheNameInTheReverseDns() throws Exception {
    String json = "{\"domain\": \"%s\", \"minimum\": \"verified\"}".formatted(REVERSE_NAME);
    DomainOverride minimum =
        ((OverrideParse.Parsed) DomainOverride.parse(json.getBytes(UTF_8))).override();
    assertThat(world.world.overrides.put(minimum, "test")).isInstanceOf(OverrideChange.Done.class);

    world.deliver(world.start(), mail(LITERAL));

    // No certificate is for an address that nobody has proved.
    assertThat(host.mails()).isEmpty();
    assertThat(attribute(world.onlyWaiting(), "delivery-error").orElseThrow())
        .startsWith("450 4.7.5 operator's minimum (verified) " + REVERSE_NAME);
  }

  @Test
  void mailShouldBeTriedAgainAsToADomain() throws Exception {
    host.effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    world.deliver(world.start(), mail(LITERAL));
    assertThat(world.onlyWaiting().getRecipients()).hasSize(1);

    host.effects();
    world.retry();

    assertThat(host.mails()).hasSize(1);
  }

  @Test
  void mailShouldWaitInTheStoreUnderTheNameInTheReverseDns() throws Exception {
    host.effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));

    world.start("deferProcessor=waiting");
    world.queue.enQueue(mail(LITERAL).build());
    world.awaitTrials(1);

    assertThat(world.james.getSentMails())
        .singleElement()
        .satisfies(sent -> assertThat(attribute(sent, "sts.domain")).contains(REVERSE_NAME));
  }

  @Test
  void senderShouldBeToldInTheEnd() throws Exception {
    host.effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    world.start();

    world.queue.enQueue(mail(LITERAL).attribute(lastRetry()).build());
    world.awaitTrials(1);

    assertThat(world.bounceText()).contains(LITERAL, "550 5.3.0");
  }

  /** As for the hosts of a domain; but no later lookup can lead anywhere else. */
  @ParameterizedTest
  @CsvSource({
    "127, 77, LOOPBACK",
    "169, 254, LINK_LOCAL",
    "0, 0, UNSPECIFIED",
    "224, 0, MULTICAST"
  })
  void mailShouldBounceWhereNoHostOfAnotherCanBe(int first, int second, String kind)
      throws Exception {
    DeliveryReport report =
        deliver(new int[] {first, second, 0, 1}, new OwnHosts(Set.of(), Set.of()));

    assertThat(report.bounced())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.reason().ultimate()).isEqualTo("550 5.1.2");
              assertThat(outcome.reason().explanation())
                  .contains(kind, "mx.allowLoopbackAddresses=false");
            });
    assertThat(host.connections()).isEmpty();
  }

  @Test
  void mailShouldNotLoopBackToOurOwnAddress() throws Exception {
    DeliveryReport report =
        deliver(
            new int[] {192, 0, 2, 7},
            new OwnHosts(Set.of(), Set.of(DeliveryWorld.address(192, 0, 2, 7))));

    assertThat(report.bounced())
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.reason().ultimate()).isEqualTo("550 5.4.6"));
  }
}
