package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.attribute;
import static org.jamessts.delivery.MailetWorld.lastRetry;
import static org.jamessts.delivery.MailetWorld.mail;

import java.time.Duration;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Mail;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mail that a policy holds back: kept, tried again, and given up only after a last look. */
class DeferralTest {

  private static final String RECORD = "_mta-sts." + DOMAIN;

  /** Keeps DNS answers by their TTL, as in production. */
  private final MailetWorld world = new MailetWorld(new DeliveryWorld(1000));

  private final PrivateInternet net = world.net;

  @AfterEach
  void close() {
    world.close();
  }

  private void publish(String id, String mx) {
    net.policy(DOMAIN, "enforce", mx);
    net.dns().remove(RECORD, "TXT");
    net.dns().add(RECORD + ". 3600 IN TXT \"v=STSv1; id=" + id + ";\"");
  }

  @Test
  @Rule(value = "RFC 8461 S26", in = Aftermath.class)
  void mailShouldWaitForTheDelayAndSayWhyWhenThePolicyIsBroken() throws Exception {
    publish("1", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    world.deliver(world.start("delayTime=2 hours", "usePriority=true"), mail(BOB));

    assertThat(world.received(BOB)).isEmpty();
    assertThat(world.notifications()).isEmpty();
    assertThat(world.untilNextTry()).isBetween(Duration.ofMinutes(115), Duration.ofMinutes(121));
    Mail waiting = world.onlyWaiting();
    assertThat(waiting.getName()).isEqualTo("mail-1-to-example.test");
    assertThat(waiting.getState()).isEqualTo(Mail.ERROR);
    String explanation = attribute(waiting, "sts.explanation").orElseThrow();
    assertThat(explanation)
        .startsWith("450 4.7.5 MTA-STS (enforce) example.test: ")
        .contains(MX, "not trusted")
        .contains(" [rule: RFC 8461 section 4.2; basis: policy fetched at ", ", holds until ")
        .endsWith("or the operator of this server exempts certificate-not-trusted]");
    assertThat(explanation).startsWith(attribute(waiting, "delivery-error").orElseThrow());
    assertThat(attribute(waiting, "delivery-error-code")).contains("450");
    assertThat(attribute(waiting, "is-delivery-permanent-error")).contains("false");
    assertThat(attribute(waiting, "delivery_retry_count")).contains("1");
    assertThat(waiting.getAttribute(MailPrioritySupport.MAIL_PRIORITY))
        .contains(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE);
  }

  @Test
  @Rule(value = "RFC 8461 S27", in = Aftermath.class)
  void mailShouldArriveByItselfWhenTheHostIsRepairedInTime() throws Exception {
    publish("1", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    world.deliver(world.start("delayTime=500 msecs"), mail(BOB));
    assertThat(world.received(BOB)).isEmpty();

    net.replaceMx(MX, net.ca().issue(MX));

    await().untilAsserted(() -> assertThat(world.received(BOB)).hasSize(1));
    assertThat(world.received(BOB).get(0).inTls()).isTrue();
    await().untilAsserted(() -> assertThat(world.queue.getSize()).isZero());
  }

  @Test
  @Rule(value = "RFC 8461 S26", in = MailProcessing.class)
  @Rule(value = "RFC 8461 S27", in = MailProcessing.class)
  void mailShouldArriveAtTheLastRetryWhenThePolicyHasChangedBehindTheCache() throws Exception {
    publish("1", "mx.old.test");
    net.goodMx(DOMAIN, 10, MX);
    world.deliver(world.start("maxRetries=1"), mail(BOB));
    assertThat(world.received(BOB)).isEmpty();
    publish("2", MX);

    world.retry();

    assertThat(world.received(BOB)).singleElement().matches(mail -> mail.inTls());
    assertThat(world.notifications()).isEmpty();
    assertThat(world.queue.getSize()).isZero();
    // Only the last look went past the cache.
    assertThat(net.dns().queries(RECORD, "TXT")).isEqualTo(2);
  }

  @Test
  @Rule(value = "RFC 8461 S26", in = MailProcessing.class)
  void mailShouldArriveWhenThePolicyChangesDuringTheLastAttempt() throws Exception {
    publish("1", "mx3.example.test");
    net.goodMx(DOMAIN, 10, MX);
    net.goodMx(DOMAIN, 20, "mx3.example.test");
    net.server("mx3.example.test").effects(new SmtpEffect.Silence(Stage.BANNER));
    // Nothing is kept, so any lookup sees the new policy: also one that only means to compare.
    world.start("timeout=1500");
    net.dns().remove(RECORD, "TXT");
    net.dns().add(RECORD + ". 0 IN TXT \"v=STSv1; id=1;\"");

    world.queue.enQueue(mail(BOB).attribute(lastRetry()).build());
    await().until(() -> !net.server("mx3.example.test").connections().isEmpty());
    publish("2", MX);
    world.awaitTrials(1);

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(world.notifications()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S26", in = MailProcessing.class)
  void mailShouldBounceWithTheSameDetailWhenThePolicyIsStillBrokenAtTheLastRetry()
      throws Exception {
    publish("1", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    world.deliver(world.start("maxRetries=1"), mail(BOB));

    world.retry();

    assertThat(world.received(BOB)).isEmpty();
    assertThat(world.queue.getSize()).isZero();
    assertThat(world.bounceText())
        .contains(BOB, "550 5.7.5 MTA-STS (enforce) example.test: ", "not trusted", "verified TLS");
    assertThat(net.dns().queries(RECORD, "TXT")).isEqualTo(2);
  }

  @Test
  void failureShouldGoToTheBounceProcessorWhenThereIsOne() throws Exception {
    publish("1", "mx.other.test");
    net.goodMx(DOMAIN, 10, MX);

    world.start("bounceProcessor=bounces");
    world.deliverForTheLastTime(mail(BOB));

    assertThat(world.notifications()).isEmpty();
    assertThat(world.james.getSentMails())
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.getState()).isEqualTo("bounces");
              assertThat(attribute(mail, "delivery-error").orElseThrow())
                  .startsWith("550 5.7.0 MTA-STS (enforce) example.test: ");
              assertThat(mail.getSubject()).contains("test");
            });
  }

  @Test
  void policyShouldNotBeAskedForAnewWhenTheFailureIsNotItsDoing() throws Exception {
    publish("1", MX);
    net.goodMx(DOMAIN, 10, MX);
    net.server(MX).effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));

    world.start();
    world.deliverForTheLastTime(mail(BOB));

    assertThat(world.bounceText()).contains("550 5.3.0");
    assertThat(net.dns().queries(RECORD, "TXT")).isEqualTo(1);
  }

  @Test
  void onlyThoseHeldBackShouldBeTriedOnceMoreWhenThePolicyHasChanged() throws Exception {
    String full = "full@" + DOMAIN;
    publish("1", MX);
    net.goodMx(DOMAIN, 10, MX);
    net.goodMx(DOMAIN, 20, "mx2.example.test");
    net.server(MX).effects(SmtpEffect.replyTo(full, "452 4.2.2 mailbox full"));
    StsRemoteDelivery mailet = world.start();
    world.deliver(mailet, mail("carol@" + DOMAIN));
    publish("2", "*.example.test");

    world.deliverForTheLastTime(mail(BOB, full));

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(net.server("mx2.example.test").mails())
        .singleElement()
        .satisfies(mail -> assertThat(mail.recipients()).containsExactly(full));
    assertThat(world.notifications()).isEmpty();
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  @Rule(value = "RFC 8461 S27", in = Aftermath.class)
  void delayShouldGrowAsTold() throws Exception {
    publish("1", "mx.other.test");
    net.goodMx(DOMAIN, 10, MX);
    world.deliver(world.start("delayTime=1 hour, 3 hours"), mail(BOB));
    assertThat(world.untilNextTry()).isBetween(Duration.ofMinutes(55), Duration.ofMinutes(61));

    world.retry();

    assertThat(world.untilNextTry()).isBetween(Duration.ofMinutes(175), Duration.ofMinutes(181));
    assertThat(attribute(world.onlyWaiting(), "delivery_retry_count")).contains("2");
  }
}
