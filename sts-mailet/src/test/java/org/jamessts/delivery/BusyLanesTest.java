package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.attribute;
import static org.jamessts.delivery.MailetWorld.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueItemView;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Mail;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.dns.DomainName;
import org.jamessts.engine.Lanes;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Destinations that take more time than others can spare. */
class BusyLanesTest {

  private static final int TARPITS = 5;
  private static final int MAILS_EACH = 60;
  private static final int MAILS = 40;
  private static final int MANY = 1_500;

  private final MailetWorld world = new MailetWorld();
  private final PrivateInternet net = world.net;
  private final List<String> tarpits = new ArrayList<>();

  @AfterEach
  void close() {
    // Else the stop would wait for them.
    for (String tarpit : tarpits) {
      net.server(tarpit).close();
    }
    world.deferred.stop();
    world.close();
  }

  private static String tarpit(int number) {
    return "tarpit" + number + ".test";
  }

  /** Hosts that greet and then say nothing more. */
  private void setUpTarpits() {
    world.world.lanes = new Lanes.Limits(3, 30, 30);
    net.goodMx(DOMAIN, 10, MX);
    for (int i = 0; i < TARPITS; i++) {
      String host = "mx." + tarpit(i);
      tarpits.add(host);
      net.mx(tarpit(i), 10, host, net.ca().issue(host), new SmtpEffect.Silence(Stage.TLS_EHLO));
    }
  }

  private void send(StsRemoteDelivery mailet, String domain, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      mailet.service(mail("bob" + i + "@" + domain).build());
    }
  }

  private int arrived() {
    return net.server(MX).mails().size();
  }

  @Test
  void aDestinationShouldGetItsMailThoughMuchMailForTarpitsIsAhead() throws Exception {
    setUpTarpits();
    StsRemoteDelivery mailet = world.startDeferring("timeout=600000");
    for (int i = 0; i < TARPITS; i++) {
      send(mailet, tarpit(i), MAILS_EACH);
    }
    send(mailet, DOMAIN, MAILS);
    // Some may be postponed before anybody knows how quick the good destination is.
    world.deferred.start();

    await().atMost(Duration.ofSeconds(60)).until(() -> arrived() == MAILS);

    // Nobody's time was waited for: no tarpit has answered, and none has lost a mail.
    for (int i = 0; i < TARPITS; i++) {
      assertThat(net.server("mx." + tarpit(i)).mails()).isEmpty();
      List<DeferredMail> stored =
          world.deferred.waitingFor(new DomainName(tarpit(i)), 0, 2 * MAILS_EACH);
      assertThat(stored).hasSizeBetween(MAILS_EACH / 4, MAILS_EACH);
    }
    assertThat(world.deferring)
        .as("it is no attempt")
        .allSatisfy(mail -> assertThat(DeliveryRetriesHelper.retrieveRetries(mail)).isZero())
        .allSatisfy(
            mail ->
                assertThat(attribute(mail, "sts.explanation").orElseThrow())
                    .startsWith("451 4.4.5 as many mails as may be are under way to "));
  }

  /** The spooler, which brings mail to processors, would be busy with it for long. */
  @Test
  void whatATarpitHasNoPlaceForShouldGoPastTheProcessorIntoTheStore() throws Exception {
    setUpTarpits();
    StsRemoteDelivery mailet = world.startDeferring("timeout=600000");
    world.deferred.start();
    send(mailet, tarpit(0), MAILS_EACH);
    send(mailet, DOMAIN, MAILS);

    await().atMost(Duration.ofSeconds(60)).until(() -> arrived() == MAILS);

    List<DeferredMail> stored =
        world.deferred.waitingFor(new DomainName(tarpit(0)), 0, 2 * MAILS_EACH);
    assertThat(stored)
        .hasSizeBetween(MAILS_EACH / 4, MAILS_EACH)
        .allSatisfy(mail -> assertThat(mail.cause().explanation()).contains("under way"));
    assertThat(world.deferring).isEmpty();
  }

  @Test
  void whatATarpitHasNoPlaceForShouldWaitInTheQueueWhereThereIsNoProcessor() throws Exception {
    setUpTarpits();
    StsRemoteDelivery mailet = world.start("timeout=600000");
    send(mailet, tarpit(0), MAILS_EACH);
    send(mailet, DOMAIN, MAILS);

    await().atMost(Duration.ofSeconds(60)).until(() -> arrived() == MAILS);

    Instant now = world.world.clock.instant();
    List<MailQueueItemView> waiting = new ArrayList<>(world.waiting());
    waiting.removeIf(
        item -> item.getNextDelivery().map(next -> next.toInstant().isBefore(now)).orElse(true));
    assertThat(waiting).hasSizeGreaterThan(MAILS_EACH / 3);
  }

  @Test
  void whatWasPostponedShouldArriveWhenTheTarpitIsDry() throws Exception {
    setUpTarpits();
    StsRemoteDelivery mailet = world.startDeferring("timeout=1000");
    send(mailet, tarpit(0), MAILS_EACH);
    await().until(() -> !world.deferring.isEmpty());
    net.server("mx." + tarpit(0)).effects();
    world.deferred.start();

    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              world.deferred.flush(new DomainName(tarpit(0)));
              return net.server("mx." + tarpit(0)).mails().size() >= MAILS_EACH;
            });
    assertThat(net.server("mx." + tarpit(0)).mails())
        .extracting(mail -> mail.recipients().get(0))
        .doesNotHaveDuplicates()
        .hasSize(MAILS_EACH);
  }

  @Test
  void whatWasPostponedShouldComeAsSoonAsTheDestinationIsQuick() throws Exception {
    world.world.lanes = new Lanes.Limits(3, 30, 30);
    net.goodMx(DOMAIN, 10, MX);
    net.server(MX).effects(new SmtpEffect.Late(Stage.TLS_EHLO, Duration.ofSeconds(5)));
    StsRemoteDelivery mailet = world.startDeferring();
    world.deferred.start();
    send(mailet, DOMAIN, MANY);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !world.deferred.waitingFor(new DomainName(DOMAIN), 0, 1).isEmpty());
    net.server(MX).effects();

    await().atMost(Duration.ofSeconds(30)).until(() -> arrived() == MANY);
  }

  @Test
  void aMailWhoseTimeIsOverShouldNotBePostponedForEver() throws Exception {
    setUpTarpits();
    StsRemoteDelivery mailet =
        world.startDeferring("timeout=600000", "expireAfter=1 hour", "bounceProcessor=bounces");
    send(mailet, tarpit(0), MAILS_EACH);
    await().until(() -> !world.deferring.isEmpty());

    Mail old = mail("old@" + tarpit(0)).attribute(world.arrived(Duration.ofHours(2))).build();
    world.queue.enQueue(old);

    await().until(() -> !world.james.getSentMails().isEmpty());
    assertThat(world.james.getSentMails())
        .anySatisfy(sent -> assertThat(sent.getRecipients().toString()).contains("old@"));
  }
}
