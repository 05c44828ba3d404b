package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.jamessts.retry.StsAttributes;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.StatusReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a mail waits: when its sender is told that it does, and when it is given up. */
class WaitingTimeTest {

  private static final String CAROL = "carol@" + DOMAIN;

  /** Keeps DNS answers by their TTL, as in production. */
  private final MailetWorld world = new MailetWorld(new DeliveryWorld(1000));

  @BeforeEach
  void busyHost() {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.server(MX).effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private FakeMail.Builder old(long hours, String... recipients) {
    return mail(recipients).attribute(world.arrived(Duration.ofHours(hours)));
  }

  /** Has a started mailet try a mail that has waited before. */
  private void tryNow(FakeMail.Builder mail) throws Exception {
    int before = world.trials();
    world.queue.enQueue(mail.build());
    world.awaitTrials(before + 1);
  }

  private static Attribute retried(int times) {
    return new Attribute(AttributeName.of("delivery_retry_count"), AttributeValue.of(times));
  }

  /** Whichever comes first; {@code -} is not set. */
  @ParameterizedTest(name = "maxRetries={0} expireAfter={1} after {2} retries and {3} h: {4}")
  @CsvSource({
    "-, -, 4, 1000, waits",
    "-, -, 5, 0, ends",
    "-, 5 days, 1000, 119, waits",
    "-, 5 days, 0, 120, ends",
    "3, 5 days, 3, 1, ends",
    "3, 5 days, 2, 1, waits",
    "3, 5 days, 0, 120, ends",
    "3, never, 2, 1000, waits",
  })
  void mailShouldEndWithItsTimeOrItsRetries(
      String maxRetries, String expireAfter, int retries, int hours, String end) throws Exception {
    List<String> parameters = new ArrayList<>(List.of("delayWarningAfter=never"));
    if (!maxRetries.equals("-")) {
      parameters.add("maxRetries=" + maxRetries);
    }
    if (!expireAfter.equals("-")) {
      parameters.add("expireAfter=" + expireAfter);
    }

    world.start(parameters.toArray(String[]::new));
    tryNow(old(hours, BOB).attribute(retried(retries)));

    boolean waits = end.equals("waits");
    assertThat(world.queue.getSize()).isEqualTo(waits ? 1 : 0);
    assertThat(world.notifications()).hasSize(waits ? 0 : 1);
  }

  @Test
  void senderShouldReadWhyTheMailExpired() throws Exception {
    world.deliver(world.start("expireAfter=5 days"), old(121, BOB));

    StatusReport told = world.onlyNotification();
    assertThat(told.field(0, "Action")).contains("failed");
    assertThat(told.field(0, "Status")).contains("5.3.0");
    assertThat(told.field(0, "Diagnostic-Code")).contains("smtp; 451 4.3.0 later");
  }

  @Test
  void missingDomainShouldNotBeWaitedForBeyondTheMailsTime() throws Exception {
    String nobody = "bob@missing.test";
    StsRemoteDelivery mailet = world.start("maxDnsProblemRetries=10", "expireAfter=5 days");

    world.deliver(mailet, old(1, nobody));
    assertThat(world.queue.getSize()).isEqualTo(1);
    world.queue.remove(ManageableMailQueue.Type.Recipient, nobody);
    world.deliver(mailet, old(121, nobody));

    assertThat(world.queue.getSize()).isZero();
    assertThat(world.onlyNotification().field(0, "Status")).contains("5.1.2");
  }

  @Test
  @Rule(value = "RFC 8461 S26", in = Patience.class)
  void policyShouldBeAskedForAnewBeforeAMailExpires() throws Exception {
    world.net.server(MX).effects();
    world.net.policy(DOMAIN, "enforce", "mx.old.test");
    world.net.dns().remove("_mta-sts." + DOMAIN, "TXT");
    world.net.dns().add("_mta-sts." + DOMAIN + ". 3600 IN TXT \"v=STSv1; id=1;\"");
    StsRemoteDelivery mailet = world.start("expireAfter=5 days", "delayWarningAfter=never");
    world.deliver(mailet, old(119, CAROL));
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.dns().remove("_mta-sts." + DOMAIN, "TXT");
    world.net.dns().add("_mta-sts." + DOMAIN + ". 3600 IN TXT \"v=STSv1; id=2;\"");

    world.deliver(mailet, old(121, BOB));

    assertThat(world.received(CAROL)).isEmpty();
    assertThat(world.received(BOB)).singleElement().matches(mail -> mail.inTls());
    assertThat(world.notifications()).isEmpty();
  }

  @Test
  void arrivalShouldBeNotedOnceAndKept() throws Exception {
    StsRemoteDelivery mailet = world.start();
    world.deliver(mailet, mail(BOB));
    Attribute first = arrival();

    world.retry();

    assertThat(arrival()).isEqualTo(first);
  }

  @Test
  void mailThatIsHandedInAgainShouldHaveItsWholeTime() throws Exception {
    StsRemoteDelivery mailet = world.start("expireAfter=5 days");
    tryNow(old(119, BOB));
    Mail failed = world.onlyWaiting().duplicate();
    failed.setAttribute(world.arrived(Duration.ofHours(121)));
    world.queue.remove(ManageableMailQueue.Type.Recipient, BOB);

    world.deliver(mailet, failed);

    assertThat(world.queue.getSize()).isEqualTo(1);
    assertThat(DeliveryAttributes.isDelayTold(world.onlyWaiting())).isFalse();
  }

  @Test
  void arrivalShouldBeTheFirstAttemptWhenSomebodyQueuedTheMailByHand() throws Exception {
    world.start();

    world.queue.enQueue(mail(BOB).build());
    world.awaitTrials(1);

    assertThat(DeliveryAttributes.arrival(world.onlyWaiting())).isPresent();
  }

  private Attribute arrival() {
    return world.onlyWaiting().getAttribute(StsAttributes.ARRIVAL).orElseThrow();
  }

  /** When a sender is told of a delay. */
  @ParameterizedTest(name = "{0} after {1} h: {2}")
  @CsvSource({
    "delayWarningAfter=4 hours, 3, 0",
    "delayWarningAfter=4 hours, 4, 1",
    "outgoing=outgoing, 3, 0",
    "outgoing=outgoing, 4, 1",
    "delayWarningAfter=never, 1000, 0",
    "delayWarningAfter=1 day, 23, 0",
    "delayWarningAfter=1 day, 24, 1",
  })
  void delayShouldBeToldWhenItIsTime(String parameter, int hours, int notifications)
      throws Exception {
    world.deliver(world.start(parameter), old(hours, BOB));

    assertThat(world.notifications()).hasSize(notifications);
    assertThat(world.queue.getSize()).isEqualTo(1);
  }

  @Test
  void delayShouldSayWhyAndUntilWhen() throws Exception {
    world.deliver(world.start("expireAfter=5 days"), old(5, BOB, CAROL));

    StatusReport told = world.onlyNotification();
    assertThat(told.recipients()).containsExactlyInAnyOrder(BOB, CAROL);
    assertThat(told.header("Subject")).contains("Delivery Status Notification (Delay)");
    assertThat(told.field(0, "Action")).contains("delayed");
    assertThat(told.field(0, "Status")).contains("4.3.0");
    assertThat(told.field(0, "Remote-MTA")).contains("dns; mx.example.test");
    assertThat(told.field(0, "Diagnostic-Code")).contains("smtp; 451 4.3.0 later");
    assertThat(told.field(0, "Will-Retry-Until")).isPresent();
    assertThat(told.returned().getContentType()).isEqualTo("text/rfc822-headers");
    assertThat(told.words()).contains("451 4.3.0 mx.example.test said: 451 4.3.0 later");
  }

  @Test
  void delayShouldBeToldOnceAlsoAcrossARestart() throws Exception {
    world.start("delayTime=1 hour");
    world.queue.enQueue(old(5, BOB).build());
    world.awaitTrials(1);
    Mail stored = MailetWorld.stored(world.onlyWaiting());
    world.queue.remove(ManageableMailQueue.Type.Recipient, BOB);
    assertThat(world.queue.getSize()).isZero();

    world.queue.enQueue(stored);
    world.awaitTrials(2);

    assertThat(world.queue.getSize()).isEqualTo(1);
    assertThat(world.notifications()).hasSize(1);
  }

  /** Who is told of a delay (RFC 3461 §4.1). */
  @ParameterizedTest(name = "NOTIFY={0}")
  @CsvSource({"NEVER, 0", "FAILURE, 0", "SUCCESS, 0", "DELAY, 1"})
  void notifyShouldDecideWhetherADelayIsTold(Notify notify, int notifications) throws Exception {
    FakeMail mail = old(5, BOB).build();
    mail.setDsnParameters(
        DsnParameters.builder()
            .addRcptParameter(new MailAddress(BOB), RecipientDsnParameters.of(EnumSet.of(notify)))
            .build()
            .orElseThrow());

    world.deliver(world.start(), mail);

    assertThat(world.notifications()).hasSize(notifications);
  }

  @Test
  void delayOfAMailWithoutSenderShouldBeToldToNobody() throws Exception {
    world.deliver(world.start(), old(5, BOB).sender(MaybeSender.nullSender()));

    assertThat(world.james.getSentMails()).isEmpty();
    assertThat(world.queue.getSize()).isEqualTo(1);
  }

  @Test
  void successAfterADelayShouldNotQuoteIt() throws Exception {
    world.deliver(world.start("onSuccess=sent"), old(5, BOB));
    world.net.server(MX).effects();

    world.retry();

    assertThat(world.james.getSentMails())
        .filteredOn(mail -> mail.getState().equals("sent"))
        .singleElement()
        .satisfies(
            mail ->
                assertThat(mail.getAttributes()).doesNotContainKey(DeliveryAttributes.DELAY_TOLD));
  }
}
