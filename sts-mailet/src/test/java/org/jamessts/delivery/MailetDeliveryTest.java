package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MESSAGE;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.attribute;
import static org.jamessts.delivery.MailetWorld.mail;
import static org.jamessts.delivery.MailetWorld.message;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MaybeSender;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamessts.retry.StsAttributes;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One attempt, from James's queue to the receiving server, and what becomes of each recipient. */
class MailetDeliveryTest {

  private static final String FULL = "full@" + DOMAIN;
  private static final String GONE = "gone@" + DOMAIN;

  private final MailetWorld world = new MailetWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private List<String> bounced() {
    return world.notifications().stream().flatMap(told -> told.recipients().stream()).toList();
  }

  @Test
  void mailShouldArriveUnderItsPolicyAndBeCounted() throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start(), mail(BOB));

    assertThat(world.received(BOB))
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.content()).isEqualTo(MESSAGE);
              assertThat(mail.reversePath()).isEqualTo("alice@ours.test");
              assertThat(mail.ehloName()).isEqualTo("ours.test");
              assertThat(mail.inTls()).isTrue();
            });
    assertThat(world.queue.getSize()).isZero();
    assertThat(world.metrics.countFor("outgoingMails")).isEqualTo(1);
    assertThat(world.metrics.executionTimesFor("RemoteDeliveryTrial")).hasSize(1);
    assertThat(world.james.getSentMails()).isEmpty();
    assertThat(world.notifications()).isEmpty();
  }

  @Test
  void eachRecipientShouldEndWhereItBelongsExactlyOnce() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world
        .net
        .server(MX)
        .effects(
            SmtpEffect.replyTo(GONE, "550 5.1.1 no such user"),
            SmtpEffect.replyTo(FULL, "452 4.2.2 mailbox full"));

    world.deliver(world.start("onSuccess=sent"), mail(BOB, GONE, FULL));

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(bounced()).containsExactly(GONE);
    assertThat(world.bounceText())
        .contains(GONE, "550 5.1.1", "no such user")
        .doesNotContain(BOB, FULL);
    assertThat(world.james.getSentMails())
        .filteredOn(copy -> copy.getState().equals("sent"))
        .singleElement()
        .satisfies(
            copy -> {
              assertThat(copy.getRecipients()).extracting(Object::toString).containsExactly(BOB);
            });
    Mail waiting = world.onlyWaiting();
    assertThat(StsRemoteDelivery.texts(waiting.getRecipients())).containsExactly(FULL);
    assertThat(attribute(waiting, "delivery-error").orElseThrow())
        .startsWith("452 4.2.2 mx.example.test said: 452 4.2.2 mailbox full");

    world.net.server(MX).effects();
    world.retry();

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(world.received(GONE)).isEmpty();
    assertThat(world.received(FULL)).hasSize(1);
    assertThat(bounced()).hasSize(1);
    assertThat(world.queue.getSize()).isZero();
    assertThat(world.james.getSentMails())
        .filteredOn(copy -> copy.getState().equals("sent"))
        .hasSize(2);
  }

  @Test
  void successShouldNotCarryTheTroubleThatWentBefore() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.server(MX).effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    world.deliver(world.start("onSuccess=sent"), mail(BOB));
    world.net.server(MX).effects();

    world.retry();

    // James's DSNBounce would put them into the report of success.
    assertThat(world.james.getSentMails())
        .singleElement()
        .satisfies(
            copy ->
                assertThat(copy.getAttributes().keySet())
                    .doesNotContain(
                        DeliveryAttributes.ERROR,
                        DeliveryAttributes.ERROR_CODE,
                        DeliveryAttributes.PERMANENT,
                        StsAttributes.EXPLANATION));
  }

  @Test
  void eachDomainOfAnItemShouldBeServedWhenSomebodyQueuedItByHand() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.goodMx("two.test", 10, "mx.two.test");
    world.start();

    world.queue.enQueue(mail(BOB, "carol@two.test").build());
    world.awaitTrials(1);

    assertThat(world.net.server(MX).mails())
        .singleElement()
        .extracting(ReceivedMail::recipients)
        .isEqualTo(List.of(BOB));
    assertThat(world.net.server("mx.two.test").mails())
        .singleElement()
        .extracting(ReceivedMail::recipients)
        .isEqualTo(List.of("carol@two.test"));
  }

  @Test
  void gatewayShouldGetTheMailForAllDomains() throws Exception {
    world.net.implicitMx("relay.test");

    world.deliver(
        world.start("gateway=relay.test:" + world.net.smtpPort()), mail(BOB, "carol@two.test"));

    assertThat(world.net.server("relay.test").mails())
        .singleElement()
        .extracting(ReceivedMail::recipients)
        .isEqualTo(List.of(BOB, "carol@two.test"));
  }

  @Test
  @Rule(value = "RFC 8461 S17", in = NextHop.class)
  void gatewayGivenByItsAddressShouldGetTheMailInTlsWithoutAnyQuestionToTheDns() throws Exception {
    world.net.implicitMx("relay.test");
    InetSocketAddress relay = world.net.server("relay.test").address();

    world.deliver(
        world.start("gateway=" + relay.getHostString() + ":" + relay.getPort()), mail(BOB));

    assertThat(world.net.server("relay.test").mails())
        .singleElement()
        .extracting(ReceivedMail::tls)
        .isEqualTo(Optional.of(new ReceivedMail.Tls("TLSv1.3", Optional.empty())));
    assertThat(world.net.dns().queries()).isEmpty();
  }

  @Test
  void eightBitContentShouldBeAnnouncedAndArriveAsItIs() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    String octets = "Subject: e\r\n\r\nGr\u00fc\u00dfe\r\n";

    world.deliver(world.start(), mail(BOB).mimeMessage(message(octets)));

    ReceivedMail mail = world.received(BOB).get(0);
    assertThat(mail.mailParameters())
        .containsExactlyInAnyOrder("BODY=8BITMIME", "SIZE=" + octets.length());
    assertThat(mail.content()).isEqualTo(octets);
  }

  @Test
  void messageShouldBounceWithoutBeingSentWhenTheServerSaysThatItIsTooBig() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world
        .net
        .server(MX)
        .effects(SmtpEffect.reply(Stage.TLS_EHLO, "250-mx.example.test\r\n250 SIZE 10"));

    world.deliver(world.start(), mail(BOB));

    assertThat(world.bounceText()).contains("552 5.3.4", "the server takes 10");
    assertThat(world.net.server(MX).connections().get(0).commands())
        .noneMatch(command -> command.startsWith("MAIL"));
  }

  /** What a server says, and what becomes of the mail. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "MAIL, 550 5.7.1 go away, bounced, 550 5.7.1",
    "MAIL, 451 4.3.0 later, deferred, 451 4.3.0",
    "DATA, 554 5.6.0 no, bounced, 554 5.6.0",
    "FINAL_DOT, 550 5.7.1 spam, bounced, 550 5.7.1",
    "FINAL_DOT, 452 4.3.1 disk full, deferred, 452 4.3.1",
    "BANNER, 421 4.3.2 busy, deferred, 421 4.3.2",
    "BANNER, 554 5.3.2 not here, deferred, 450 4.3.2",
    "BANNER, 554 not here, deferred, 450",
  })
  void replyShouldDecide(Stage stage, String reply, String outcome, String code) throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.server(MX).effects(SmtpEffect.reply(stage, reply));

    world.deliver(world.start(), mail(BOB));

    assertThat(world.net.server(MX).mails()).isEmpty();
    if (outcome.equals("bounced")) {
      assertThat(world.bounceText()).contains(code + " mx.example.test said: ", reply);
      assertThat(world.queue.getSize()).isZero();
    } else {
      assertThat(bounced()).isEmpty();
      assertThat(attribute(world.onlyWaiting(), "delivery-error").orElseThrow())
          .startsWith(code + " mx.example.test said: ")
          .contains(reply);
      assertThat(attribute(world.onlyWaiting(), "delivery-error-code"))
          .contains(code.substring(0, 3));
    }
  }

  @Test
  void nextHostShouldBeTriedWhenTheFirstDoesNotWantToTalk() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.goodMx(DOMAIN, 20, "mx2.example.test");
    world.net.server(MX).effects(SmtpEffect.reply(Stage.BANNER, "554 5.3.2 not here"));

    world.deliver(world.start(), mail(BOB));

    assertThat(world.net.server("mx2.example.test").mails()).hasSize(1);
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  void mailThatDemandsRequireTlsShouldBounceWithoutAConnection() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start(), mail(BOB).attribute(requireTls(true)));

    assertThat(world.bounceText()).contains("550 5.7.30", "REQUIRETLS");
    assertThat(world.net.server(MX).connections()).isEmpty();
  }

  /** As James sets it from 3.9.0 on. */
  private static Attribute requireTls(boolean value) {
    return new Attribute(AttributeName.of("REQUIRETLS"), AttributeValue.of(value));
  }

  @Test
  void mailThatDoesNotDemandRequireTlsShouldGo() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start(), mail(BOB).attribute(requireTls(false)));

    assertThat(world.received(BOB)).hasSize(1);
  }

  @Test
  void nullMxShouldBounce() throws Exception {
    world.net.dns().mx(DOMAIN, 0, ".");

    world.deliver(world.start("maxDnsProblemRetries=3"), mail(BOB));

    assertThat(world.bounceText()).contains("556 5.1.10", DOMAIN + " accepts no mail");
  }

  @Test
  void missingDomainShouldBounceAtOnceUnlessToldToWait() throws Exception {
    world.deliver(world.start(), mail(BOB));

    assertThat(world.bounceText()).contains("550 5.1.2", DOMAIN + " does not exist");
  }

  @Test
  void missingDomainShouldBeWaitedForAsOftenAsTold() throws Exception {
    world.deliver(world.start("maxDnsProblemRetries=1"), mail(BOB));
    assertThat(bounced()).isEmpty();
    assertThat(attribute(world.onlyWaiting(), "delivery-error").orElseThrow())
        .startsWith("450 4.1.2 ");

    world.retry();

    assertThat(world.bounceText()).contains("550 5.1.2");
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  void brokenDnsShouldNeverBounceBeforeTheLastRetry() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.dns().fault(DOMAIN, "MX", DnsFault.SERVFAIL);

    world.deliver(world.start("maxRetries=2"), mail(BOB));
    world.retry();
    assertThat(bounced()).isEmpty();
    assertThat(attribute(world.onlyWaiting(), "delivery-error").orElseThrow())
        .startsWith("450 4.4.3 MX lookup of example.test failed");
    world.retry();

    assertThat(world.bounceText()).contains("550 5.4.4");
  }

  @Test
  void failureOfAMailWithoutSenderShouldGoToTheBounceProcessor() throws Exception {
    world.net.dns().mx(DOMAIN, 0, ".");

    world.deliver(
        world.start("bounceProcessor=bounces"), mail(BOB).sender(MaybeSender.nullSender()));

    assertThat(world.james.getSentMails())
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.getState()).isEqualTo("bounces");
              assertThat(attribute(mail, "delivery-error").orElseThrow()).startsWith("556 5.1.10 ");
              assertThat(attribute(mail, "delivery-error-code").orElseThrow()).isEqualTo("556");
              assertThat(attribute(mail, "is-delivery-permanent-error").orElseThrow())
                  .isEqualTo("true");
            });
    assertThat(world.notifications()).isEmpty();
  }

  @Test
  void failureOfAMailWithoutSenderShouldGoToTheErrorProcessorWhenThereIsNoOther() throws Exception {
    world.net.dns().mx(DOMAIN, 0, ".");

    world.deliver(world.start(), mail(BOB).sender(MaybeSender.nullSender()));

    assertThat(world.james.getSentMails())
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.getState()).isEqualTo("error");
              assertThat(mail.getRecipients()).extracting(Object::toString).containsExactly(BOB);
              assertThat(attribute(mail, "delivery-error").orElseThrow()).startsWith("556 5.1.10 ");
            });
    assertThat(world.queue.getSize()).isZero();
  }
}
