package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;

import java.time.Duration;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Mail;
import org.apache.mailet.ProcessingState;
import org.jamessts.settings.InvalidSettingException;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateCa;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the mailet does while James calls it: queues, starts, and stops. */
class StsRemoteDeliveryTest {

  private final MailetWorld world = new MailetWorld();

  @AfterEach
  void close() {
    world.close();
  }

  /** A mailet whose queue keeps its items, so that they can be looked at. */
  private StsRemoteDelivery blocked(String... parameters) throws MessagingException {
    world.queues.blocked = true;
    return world.start(parameters);
  }

  private List<Mail> queued() {
    return world.waiting().stream().map(item -> item.getMail()).toList();
  }

  @Test
  void oneItemShouldBeQueuedForEachRecipientDomain() throws Exception {
    Mail mail = mail("bob@One.test", "carol@two.test", "dave@one.test").build();

    blocked().service(mail);

    assertThat(mail.getState()).isEqualTo(Mail.GHOST);
    assertThat(queued())
        .extracting(Mail::getName)
        .containsExactlyInAnyOrder("mail-1-to-One.test", "mail-1-to-two.test");
    assertThat(queued())
        .extracting(item -> StsRemoteDelivery.texts(item.getRecipients()))
        .containsExactlyInAnyOrder(
            List.of("bob@one.test", "dave@one.test"), List.of("carol@two.test"));
  }

  @Test
  void oneItemShouldBeQueuedForAllWhenThereIsAGateway() throws Exception {
    Mail mail = mail("bob@one.test", "carol@two.test").build();

    blocked("gateway=relay.test").service(mail);

    assertThat(mail.getState()).isEqualTo(Mail.GHOST);
    assertThat(queued())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.getName()).isEqualTo("mail-1");
              assertThat(item.getRecipients()).hasSize(2);
            });
  }

  @Test
  void nothingShouldBeQueuedWhenThereAreNoRecipients() throws Exception {
    for (String parameter : List.of("maxRetries=5", "gateway=relay.test")) {
      Mail mail = mail().build();

      blocked(parameter).service(mail);

      assertThat(mail.getState()).isEqualTo(Mail.GHOST);
      assertThat(queued()).isEmpty();
    }
  }

  @Test
  void newMailShouldGoFirstWhenPriorityIsUsed() throws Exception {
    blocked("usePriority=true").service(mail(BOB).build());

    assertThat(queued().get(0).getAttribute(MailPrioritySupport.MAIL_PRIORITY))
        .contains(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE);
  }

  @Test
  void mailShouldKeepThoseWhoAreNotQueuedWhenTheQueueFails() throws Exception {
    world.queues.refused = item -> item.getName().endsWith("-to-two.test");
    StsRemoteDelivery mailet = blocked();
    Mail mail = mail("bob@one.test", "carol@two.test", "dave@three.test").build();

    assertThatThrownBy(() -> mailet.service(mail)).isInstanceOf(MessagingException.class);

    // James gives what is left to its error processor.
    assertThat(mail.getState()).isNotEqualTo(Mail.GHOST);
    assertThat(mail.getName()).isEqualTo("mail-1");
    assertThat(StsRemoteDelivery.texts(mail.getRecipients()))
        .containsExactlyInAnyOrder("carol@two.test", "dave@three.test");
    assertThat(queued()).extracting(Mail::getName).containsExactly("mail-1-to-one.test");
  }

  @Test
  void processorsShouldBeNamedSoThatJamesCanMissThemAtStart() throws Exception {
    assertThat(blocked("bounceProcessor=bounces", "onSuccess=sent").requiredProcessingState())
        .containsExactlyInAnyOrder(new ProcessingState("bounces"), new ProcessingState("sent"));
    assertThat(blocked().requiredProcessingState()).isEmpty();
  }

  @Test
  void startShouldFailWhenAParameterIsUnknown() {
    assertThatThrownBy(() -> world.start("maxRetry=3"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("maxRetry");
  }

  @Test
  void runningDeliveryShouldEndAndNewMailShouldStayWhenTheMailetStops() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    // The conversation is under way, and takes its time.
    world.net.dns().fault(DOMAIN, "MX", DnsFault.delay(Duration.ofSeconds(1)));
    StsRemoteDelivery mailet = world.start();
    mailet.service(mail(BOB).build());
    await().until(() -> world.net.dns().queries(DOMAIN, "MX") > 0);

    mailet.destroy();

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(world.queue.getSize()).isZero();
    mailet.service(mail("carol@" + DOMAIN).build());
    await()
        .during(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(world.waiting()).hasSize(1));
    assertThat(world.received("carol@" + DOMAIN)).isEmpty();
  }

  @Test
  void policyShouldHoldForADeliveryThatTheStopOfTheMailetOvertakes() throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    // The policy is being fetched: whoever loses patience now must not send without it.
    world.net.dns().fault("mta-sts." + DOMAIN, "A", DnsFault.delay(Duration.ofSeconds(1)));
    StsRemoteDelivery mailet = world.start();
    mailet.service(mail(BOB).build());
    await().until(() -> world.net.dns().queries("mta-sts." + DOMAIN, "A") > 0);

    mailet.destroy();

    assertThat(world.received(BOB)).isEmpty();
    assertThat(MailetWorld.attribute(world.onlyWaiting(), "delivery-error").orElseThrow())
        .startsWith("450 4.7.5 MTA-STS (enforce)");
  }

  @Test
  void noThreadShouldBeLeftWhenTheMailetHasStopped() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    StsRemoteDelivery mailet = world.start();
    world.deliver(mailet, mail(BOB));
    assertThat(ownThreads()).isNotEmpty();

    mailet.destroy();

    await().untilAsserted(() -> assertThat(ownThreads()).isEmpty());
  }

  private static List<String> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("sts-") && !name.startsWith("sts-store"))
        .toList();
  }
}
