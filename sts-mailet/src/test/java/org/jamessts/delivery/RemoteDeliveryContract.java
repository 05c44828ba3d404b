package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.attribute;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.core.MaybeSender;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext.SentMail;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What operators have from {@code RemoteDelivery}: what James's own tests of it assert, told by
 * what arrives, what waits and who is told. It holds for James's mailet and for ours.
 */
abstract class RemoteDeliveryContract {

  private static final String MX_2 = "mx2.example.test";
  private static final String CAROL = "carol@example.test";
  private static final String DAVE = "dave@two.test";
  private static final String ALICE = "alice@ours.test";

  final MailetWorld world = new MailetWorld();

  /** Starts the mailet with parameters such as {@code maxRetries=1}. */
  abstract Mailet start(String... parameters) throws MessagingException;

  @AfterEach
  void close() {
    world.close();
  }

  /** As the spooler hands it over: in the state of the processor that holds the mailet. */
  private static FakeMail.Builder mail(String... recipients) {
    return MailetWorld.mail(recipients).state("relay");
  }

  private void deliver(Mailet mailet, String... recipients) throws MessagingException {
    world.deliver(mailet, mail(recipients));
  }

  private void effects(SmtpEffect... effects) {
    world.net.server(MX).effects(effects);
  }

  /** Whom the sender was told of, however that is done. */
  private List<String> toldOf() {
    Stream<String> byJames =
        world.james.getBouncedMails().stream()
            .flatMap(bounce -> bounce.getSentMail().getRecipients().stream())
            .map(recipient -> recipient.asString());
    Stream<String> byUs =
        world.notifications().stream().flatMap(told -> told.recipients().stream());
    return Stream.concat(byJames, byUs).toList();
  }

  private static List<String> recipients(Mail mail) {
    return mail.getRecipients().stream().map(recipient -> recipient.asString()).toList();
  }

  private List<String> namesWaiting() {
    return world.waiting().stream().map(item -> item.getMail().getName()).toList();
  }

  private void noneShouldWait() {
    assertThat(world.queue.getSize()).isZero();
  }

  // What is queued.

  @Test
  void mailShouldBeQueuedForEachDomainUnderANameThatTellsIt() throws Exception {
    world.queues.blocked = true;
    Mail mail = mail(BOB, DAVE, CAROL).build();

    start().service(mail);

    assertThat(namesWaiting())
        .containsExactlyInAnyOrder("mail-1-to-example.test", "mail-1-to-two.test");
    assertThat(world.waiting())
        .extracting(item -> recipients(item.getMail()))
        .containsExactlyInAnyOrder(List.of(BOB, CAROL), List.of(DAVE));
    assertThat(mail.getState()).isEqualTo(Mail.GHOST);
  }

  @Test
  void mailShouldBeQueuedOnceWhenItGoesToAGateway() throws Exception {
    world.queues.blocked = true;

    start("gateway=relay.test").service(mail(BOB, DAVE).build());

    assertThat(namesWaiting()).containsExactly("mail-1");
    assertThat(recipients(world.onlyWaiting())).containsExactly(BOB, DAVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"maxRetries=5", "gateway=relay.test"})
  void mailWithoutRecipientsShouldNotBeQueued(String parameter) throws Exception {
    world.queues.blocked = true;
    Mail mail = mail().build();

    start(parameter).service(mail);

    noneShouldWait();
    assertThat(mail.getState()).isEqualTo(Mail.GHOST);
  }

  @Test
  void newMailShouldGoFirstWhenPrioritiesAreUsed() throws Exception {
    world.queues.blocked = true;

    start("usePriority=true").service(mail(BOB).build());

    assertThat(world.onlyWaiting().getAttribute(MailPrioritySupport.MAIL_PRIORITY))
        .contains(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE);
  }

  // Success.

  @Test
  void mailShouldArriveAndBeCounted() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    deliver(start(), BOB, CAROL);

    ReceivedMail received = world.net.server(MX).mails().get(0);
    assertThat(received.recipients()).containsExactly(BOB, CAROL);
    assertThat(received.reversePath()).isEqualTo(ALICE);
    assertThat(received.content()).isEqualTo(MailetWorld.MESSAGE);
    assertThat(world.metrics.countFor("outgoingMails")).isEqualTo(1);
    assertThat(world.metrics.executionTimesFor("RemoteDeliveryTrial")).hasSize(1);
    assertThat(toldOf()).isEmpty();
    noneShouldWait();
  }

  @ParameterizedTest
  @CsvSource({"maxRetries=5, ours.test", "heloName=name.test, name.test"})
  void serverShouldBeGreetedWithTheNameOrElseTheDefaultDomain(String parameter, String name)
      throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    deliver(start(parameter), BOB);

    assertThat(world.net.server(MX).mails()).extracting(ReceivedMail::ehloName).contains(name);
  }

  @Test
  void deliveredMailShouldGoToTheProcessorForSuccess() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    deliver(start("onSuccess=sent"), BOB);

    assertThat(world.james.getSentMails())
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.getState()).isEqualTo("sent");
              assertThat(mail.getRecipients()).extracting(Object::toString).containsExactly(BOB);
            });
  }

  @Test
  void recipientThatWaitsOrIsGivenUpShouldNotGoToTheProcessorForSuccess() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(Stage.RCPT, "451 4.3.0 later"));

    deliver(start("onSuccess=sent", "maxRetries=1"), BOB);
    world.retry();

    assertThat(world.james.getSentMails())
        .filteredOn(mail -> mail.getState().equals("sent"))
        .flatExtracting(SentMail::getRecipients)
        .isEmpty();
    assertThat(world.metrics.countFor("outgoingMails")).isZero();
  }

  // Failure for now.

  @ParameterizedTest
  @EnumSource(names = {"MAIL", "RCPT", "DATA"})
  void mailShouldBeTriedAgainWhenTheServerSays421(Stage stage) throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(stage, "421 4.3.2 not now"));

    deliver(start(), BOB);
    assertThat(world.received(BOB)).isEmpty();
    assertThat(world.metrics.countFor("outgoingMails")).isZero();
    effects();
    world.retry();

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(toldOf()).isEmpty();
    noneShouldWait();
  }

  @ParameterizedTest
  @EnumSource(names = {"MAIL", "RCPT", "DATA"})
  void senderShouldBeToldWhenTheServerAlwaysSays421(Stage stage) throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(stage, "421 4.3.2 not now"));

    deliver(start("maxRetries=3", "delayTime=3 * 1 hour"), BOB);
    for (int retry = 1; retry <= 3; retry++) {
      assertThat(toldOf()).isEmpty();
      world.retry();
    }

    assertThat(toldOf()).containsExactly(BOB);
    noneShouldWait();
  }

  @Test
  void waitingMailShouldSayWhatWentWrong() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    deliver(start(), BOB);

    Mail waiting = world.onlyWaiting();
    assertThat(waiting.getState()).isEqualTo(Mail.ERROR);
    assertThat(attribute(waiting, "delivery_retry_count")).contains("1");
    assertThat(attribute(waiting, "is-delivery-permanent-error")).contains("false");
    assertThat(waiting.getLastUpdated().toInstant()).isAfterOrEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "3, 4", "4, 5"})
  void eachRetryShouldHaveItsDelay(int retries, int hours) throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    start("delayTime=1 hour, 2 hours, 3 hours, 4 hours, 5 hours");

    world.queue.enQueue(
        mail(BOB)
            .state(Mail.ERROR)
            .attribute(DeliveryRetriesHelper.makeAttribute(retries))
            .build());
    world.awaitTrials(1);

    assertThat(attribute(world.onlyWaiting(), "delivery_retry_count"))
        .contains(Integer.toString(retries + 1));
    assertThat(world.untilNextTry())
        .isBetween(Duration.ofHours(hours).minusMinutes(1), Duration.ofHours(hours));
  }

  @Test
  void retriesShouldBeCountedAnewWhenAMailIsHandedInAgain() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));

    world.deliver(start(), mail(BOB).attribute(DeliveryRetriesHelper.makeAttribute(5)));

    assertThat(toldOf()).isEmpty();
    assertThat(attribute(world.onlyWaiting(), "delivery_retry_count")).contains("1");
  }

  @Test
  void retriesShouldYieldToNewMailWhenPrioritiesAreUsed() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));

    deliver(start("usePriority=true"), BOB);

    assertThat(world.onlyWaiting().getAttribute(MailPrioritySupport.MAIL_PRIORITY))
        .contains(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE);
  }

  // Failure for good.

  @ParameterizedTest
  @EnumSource(names = {"MAIL", "RCPT", "DATA", "FINAL_DOT"})
  void senderShouldBeToldAtOnceWhenTheServerSays5xx(Stage stage) throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(stage, "550 5.7.1 never"));

    deliver(start(), BOB);

    assertThat(toldOf()).containsExactly(BOB);
    assertThat(world.net.server(MX).mails()).isEmpty();
    assertThat(world.metrics.countFor("outgoingMails")).isZero();
    noneShouldWait();
  }

  @Test
  void failedMailShouldGoToTheBounceProcessorWithItsError() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(Stage.MAIL, "521 5.7.1 never"));

    deliver(start("bounceProcessor=bounces"), BOB);

    assertThat(world.james.getBouncedMails()).isEmpty();
    assertThat(world.james.getSentMails())
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.getState()).isEqualTo("bounces");
              assertThat(mail.getRecipients()).extracting(Object::toString).containsExactly(BOB);
              assertThat(mail.getSender().asString()).isEqualTo(ALICE);
              assertThat(attribute(mail, "delivery-error").orElseThrow()).contains("never");
              assertThat(attribute(mail, "delivery-error-code")).contains("521");
              assertThat(attribute(mail, "is-delivery-permanent-error")).contains("true");
            });
  }

  @Test
  void mailWithoutSenderShouldNotBeAnswered() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.reply(Stage.MAIL, "550 5.7.1 never"));

    world.deliver(start(), mail(BOB).sender(MaybeSender.nullSender()));

    assertThat(toldOf()).isEmpty();
    noneShouldWait();
  }

  // Some recipients, not others.

  @Test
  void recipientRefusedForNowShouldGetTheMailLaterAndTheOthersOnce() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.replyTo(CAROL, "451 4.2.1 later"));

    deliver(start("sendpartial=true"), BOB, CAROL);
    assertThat(world.received(BOB)).hasSize(1);
    effects();
    world.retry();

    assertThat(world.net.server(MX).mails())
        .extracting(ReceivedMail::recipients)
        .containsExactly(List.of(BOB), List.of(CAROL));
    assertThat(toldOf()).isEmpty();
    noneShouldWait();
  }

  @Test
  void senderShouldBeToldOfTheRecipientThatIsRefusedForGood() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    effects(SmtpEffect.replyTo(CAROL, "550 5.1.1 no such user"));

    deliver(start("sendpartial=true"), BOB, CAROL);

    assertThat(world.net.server(MX).mails())
        .extracting(ReceivedMail::recipients)
        .containsExactly(List.of(BOB));
    assertThat(toldOf()).containsExactly(CAROL);
    noneShouldWait();
  }

  @Test
  void recipientRefusedForNowShouldBeOfferedToTheNextHost() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.goodMx(DOMAIN, 20, MX_2);
    effects(SmtpEffect.replyTo(CAROL, "451 4.2.1 later"));

    deliver(start("sendpartial=true"), BOB, CAROL);

    assertThat(world.net.server(MX).mails())
        .extracting(ReceivedMail::recipients)
        .containsExactly(List.of(BOB));
    assertThat(world.net.server(MX_2).mails())
        .extracting(ReceivedMail::recipients)
        .containsExactly(List.of(CAROL));
    noneShouldWait();
  }

  // Which host.

  @Test
  void bestHostShouldGetTheMail() throws Exception {
    world.net.goodMx(DOMAIN, 20, MX_2);
    world.net.goodMx(DOMAIN, 10, MX);

    deliver(start(), BOB);

    assertThat(world.net.server(MX).mails()).hasSize(1);
    assertThat(world.net.server(MX_2).connections()).isEmpty();
  }

  @Test
  void nextHostShouldGetTheMailWhenTheFirstIsDead() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.goodMx(DOMAIN, 20, MX_2);
    world.net.server(MX).close();

    deliver(start(), BOB);

    assertThat(world.net.server(MX_2).mails()).hasSize(1);
  }

  @Test
  void nextHostShouldNotBeAskedWhenTheFirstRefusesForGood() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.goodMx(DOMAIN, 20, MX_2);
    effects(SmtpEffect.reply(Stage.MAIL, "550 5.7.1 never"));

    deliver(start(), BOB);

    assertThat(world.net.server(MX_2).connections()).isEmpty();
    assertThat(toldOf()).containsExactly(BOB);
  }

  @Test
  void domainWithoutMxRecordShouldBeItsOwnHost() throws Exception {
    world.net.implicitMx(DOMAIN);

    deliver(start(), BOB);

    assertThat(world.net.server(DOMAIN).mails()).hasSize(1);
  }

  @Test
  void senderShouldBeToldWhenTheDomainDoesNotExist() throws Exception {
    deliver(start(), BOB);

    assertThat(toldOf()).containsExactly(BOB);
    noneShouldWait();
  }

  @Test
  void missingDomainShouldBeWaitedForAsOftenAsTold() throws Exception {
    deliver(start("maxDnsProblemRetries=2"), BOB);
    world.retry();
    assertThat(toldOf()).isEmpty();
    world.retry();

    assertThat(toldOf()).containsExactly(BOB);
    noneShouldWait();
  }

  @Test
  void mailShouldWaitWhenTheDnsFails() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.dns().fault(DOMAIN, "MX", DnsFault.SERVFAIL);

    deliver(start(), BOB);

    assertThat(attribute(world.onlyWaiting(), "delivery_retry_count")).contains("1");
    assertThat(toldOf()).isEmpty();
  }

  // Through a gateway.

  @Test
  void gatewayShouldGetTheMailInPlaceOfTheHosts() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.implicitMx("relay.test");

    deliver(start(gateway("relay.test")), BOB, DAVE);

    assertThat(world.net.server("relay.test").mails())
        .singleElement()
        .extracting(ReceivedMail::recipients)
        .isEqualTo(List.of(BOB, DAVE));
    assertThat(world.net.server(MX).connections()).isEmpty();
  }

  @Test
  void gatewayShouldGetTheMailWhenItIsGivenByItsAddress() throws Exception {
    world.net.implicitMx("relay.test");

    deliver(start(gateway(world.net.server("relay.test").address().getHostString())), BOB);

    assertThat(world.net.server("relay.test").mails()).hasSize(1);
  }

  @Test
  void gatewayShouldHaveTheCommonPortWhenItHasNone() throws Exception {
    world.net.implicitMx("relay.test");

    deliver(start("gateway=relay.test", "gatewayPort=" + world.net.smtpPort()), BOB);

    assertThat(world.net.server("relay.test").mails()).hasSize(1);
  }

  @Test
  void secondGatewayShouldGetTheMailWhenTheFirstDoesNotExist() throws Exception {
    world.net.implicitMx("relay.test");

    deliver(start("gateway=missing.test,relay.test:" + world.net.smtpPort()), BOB);

    assertThat(world.net.server("relay.test").mails()).hasSize(1);
  }

  @Test
  void hostsShouldNotGetTheMailWhenTheGatewayFails() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    deliver(start("gateway=missing.test", "maxRetries=1"), BOB);
    if (world.queue.getSize() > 0) {
      world.retry();
    }

    assertThat(toldOf()).containsExactly(BOB);
    assertThat(world.net.server(MX).connections()).isEmpty();
    noneShouldWait();
  }

  @Test
  void hostShouldGetTheMailWhenTheRecipientsAddressNamesItsAddress() throws Exception {
    world.net.implicitMx("host.test");
    String address = world.net.server("host.test").address().getHostString();

    deliver(start(), "bob@[" + address + "]");

    assertThat(world.net.server("host.test").mails()).hasSize(1);
  }

  private String gateway(String host) {
    return "gateway=" + host + ":" + world.net.smtpPort();
  }

  // The end.

  @Test
  void noMailShouldLeaveAfterTheEnd() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    Mailet mailet = start();
    deliver(mailet, BOB);
    mailet.destroy();

    world.queue.enQueue(mail(CAROL).build());

    // It may have left the queue, of either mailet: James's queue in memory gives one more mail to
    // a
    // thread that waited for it before the end, and nothing calls that off.
    await().during(Duration.ofMillis(300)).until(() -> world.net.server(MX).mails().size() == 1);
    assertThat(world.queues.completions).containsExactly(CompletionStatus.SUCCESS);
  }
}
