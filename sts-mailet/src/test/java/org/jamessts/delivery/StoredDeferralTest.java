package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.attribute;
import static org.jamessts.delivery.MailetWorld.mail;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.mailet.Mail;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.dns.DomainName;
import org.jamessts.retry.DeferredMails;
import org.jamessts.retry.Waiting;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mail that waits in the deferral store, by way of the processor that the operator named. */
class StoredDeferralTest {

  private static final String RECORD = "_mta-sts." + DOMAIN;
  private static final Duration LONG = Duration.ofHours(4);

  private final MailetWorld world = new MailetWorld();
  private final PrivateInternet net = world.net;

  @AfterEach
  void close() {
    world.deferred.stop();
    world.close();
  }

  private StsRemoteDelivery start(String... parameters) throws Exception {
    return world.startDeferring(parameters);
  }

  private void publish(String id, String mx) {
    net.policy(DOMAIN, "enforce", mx);
    net.dns().remove(RECORD, "TXT");
    net.dns().add(RECORD + ". 0 IN TXT \"v=STSv1; id=" + id + ";\"");
  }

  private List<DeferredMail> stored() throws Exception {
    return world.deferred.waitingFor(new DomainName(DOMAIN), 0, 100);
  }

  private void breakMx() {
    publish("1", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
  }

  private void repairMx() {
    net.replaceMx(MX, net.ca().issue(MX));
  }

  @Test
  @Rule(value = "RFC 8461 S26", in = Deferral.class)
  void mailShouldWaitInTheStoreAndSayWhyWhenThePolicyIsBroken() throws Exception {
    breakMx();
    Instant before = world.world.clock.instant();

    world.deliver(start("delayTime=2 hours"), mail(BOB));

    assertThat(world.queue.getSize()).isZero();
    assertThat(world.received(BOB)).isEmpty();
    DeferredMail waiting = stored().get(0);
    assertThat(stored()).hasSize(1);
    assertThat(waiting.name()).isEqualTo("mail-1-to-example.test");
    assertThat(waiting.queue()).isEqualTo("outgoing");
    assertThat(waiting.cause().verdict()).isEqualTo("policy");
    assertThat(waiting.cause().resultType()).isEqualTo("certificate-not-trusted");
    assertThat(waiting.cause().explanation())
        .startsWith("450 4.7.5 MTA-STS (enforce) example.test: ");
    assertThat(Duration.between(before, waiting.due()))
        .isBetween(Duration.ofHours(2), Duration.ofHours(2).plusMinutes(5));
    Mail seen = world.deferring.get(0);
    assertThat(attribute(seen, "sts.verdict")).contains("policy");
    assertThat(attribute(seen, "sts.result-type")).contains("certificate-not-trusted");
    assertThat(attribute(seen, "sts.policy")).contains("MTA-STS (enforce) example.test");
    assertThat(attribute(seen, "sts.mx")).contains(MX);
    assertThat(Instant.parse(attribute(seen, "sts.next-attempt").orElseThrow()))
        .isAfterOrEqualTo(waiting.due());
    assertThat(attribute(seen, "sts.explanation")).contains(waiting.cause().explanation());
    assertThat(attribute(seen, "delivery_retry_count")).contains("1");
  }

  @Test
  void mailShouldHaveNoResultTypeWhenNoPolicyHoldsIt() throws Exception {
    net.goodMx(DOMAIN, 10, MX);
    net.server(MX).effects(SmtpEffect.reply(Stage.RCPT, "451 4.7.1 greylisted"));

    world.deliver(start(), mail(BOB));

    Mail seen = world.deferring.get(0);
    assertThat(attribute(seen, "sts.verdict")).contains("reply");
    assertThat(attribute(seen, "sts.mx")).contains(MX);
    assertThat(attribute(seen, "sts.result-type")).isEmpty();
    assertThat(attribute(seen, "sts.policy")).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S27", in = DeferredMails.class)
  void mailShouldArriveByItselfWhenTheHostIsRepairedInTime() throws Exception {
    breakMx();
    world.deferred.start();
    world.deliver(start("delayTime=300 msecs"), mail(BOB));

    repairMx();

    await().untilAsserted(() -> assertThat(world.received(BOB)).hasSize(1));
    assertThat(world.received(BOB).get(0).inTls()).isTrue();
    await().untilAsserted(() -> assertThat(stored()).isEmpty());
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  void mailShouldStillSayWhenItCameAfterItHasWaitedTwice() throws Exception {
    breakMx();
    world.deferred.start();
    Instant before = world.world.clock.instant().truncatedTo(ChronoUnit.MILLIS);
    world.deliver(start("delayTime=100 msecs, 4 hours"), mail(BOB));

    await().until(() -> world.deferring.size() == 2 && stored().size() == 1);

    DeferredMail waiting = stored().get(0);
    assertThat(world.deferred.arrival(waiting))
        .hasValueSatisfying(
            arrival ->
                assertThat(arrival)
                    .isAfterOrEqualTo(before)
                    .isBefore(waiting.deferredAt().minusMillis(90)));
  }

  @Test
  void mailShouldArriveLongBeforeItsTimeWhenThePolicyHasChanged() throws Exception {
    publish("1", "mx.old.test");
    net.goodMx(DOMAIN, 10, MX);
    world.world.changes = world.deferred;
    world.deferred.start();
    world.deliver(start("delayTime=4 hours"), mail(BOB));
    assertThat(stored()).hasSize(1);
    publish("2", MX);

    // As the refresh of policies does now and then.
    world.world.policies.recheck(new DomainName(DOMAIN));

    await().untilAsserted(() -> assertThat(world.received(BOB)).hasSize(1));
  }

  @Test
  void mailShouldArriveLongBeforeItsTimeWhenAnotherOneWasDelivered() throws Exception {
    breakMx();
    world.deferred.start();
    StsRemoteDelivery mailet = start("delayTime=4 hours");
    world.deliver(mailet, mail(BOB));
    assertThat(stored()).hasSize(1);
    repairMx();

    world.deliver(mailet, mail("carol@" + DOMAIN));

    await().untilAsserted(() -> assertThat(world.received(BOB)).hasSize(1));
  }

  @Test
  void mailShouldNotBeTriedOverAndOverOnAQueueThatIgnoresDelays() throws Exception {
    world.queues.ignoresDelays = true;
    breakMx();
    world.deferred.start();
    StsRemoteDelivery mailet = start("delayTime=4 hours");

    world.deliver(mailet, mail(BOB));
    world.deliver(mailet, mail("bob@elsewhere.test"));

    assertThat(net.server(MX).connections()).hasSize(1);
    assertThat(stored().get(0).due())
        .isAfter(world.world.clock.instant().plus(LONG).minusSeconds(600));
  }

  @Test
  void mailShouldRestInAQueueThatIgnoresDelaysWhenTheStoreFailsToo() throws Exception {
    world.queues.ignoresDelays = true;
    breakMx();
    world.world.closeStores();
    AtomicInteger taken = new AtomicInteger();
    world.queues.damage =
        mail -> {
          taken.incrementAndGet();
          return mail;
        };

    StsRemoteDelivery mailet = start("delayTime=4 hours");
    world.deliver(mailet, mail(BOB));
    await().until(() -> taken.get() == 2);
    // What rests is put back when the mailet stops.
    mailet.destroy();

    await()
        .untilAsserted(
            () ->
                assertThat(world.queues.completions)
                    .containsExactly(CompletionStatus.SUCCESS, CompletionStatus.RETRY));
    assertThat(net.server(MX).connections()).hasSize(1);
  }

  /** Put back, it would come first again, and with enough of its kind stop all others. */
  @Test
  void mailShouldGoBehindTheOthersWhenItHasRested() throws Exception {
    world.queues.ignoresDelays = true;
    breakMx();
    world.world.closeStores();

    world.deliver(start("delayTime=4 hours"), mail(BOB));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(world.queues.completions)
                    .containsExactly(CompletionStatus.SUCCESS, CompletionStatus.SUCCESS));
    assertThat(world.queue.getSize()).isEqualTo(1);
    assertThat(net.server(MX).connections()).hasSize(1);
  }

  @Test
  void mailShouldBounceWhenTheOperatorSaysHowOftenItIsTried() throws Exception {
    breakMx();
    world.deferred.start();

    world.deliver(start("delayTime=100 msecs", "maxRetries=1"), mail(BOB));

    await().untilAsserted(() -> assertThat(world.notifications()).hasSize(1));
    assertThat(stored()).isEmpty();
  }

  @Test
  void processorShouldBeDemandedAtTheStart() throws Exception {
    assertThat(start().requiredProcessingState())
        .extracting(state -> state.getValue())
        .containsExactly("waiting");
  }

  @Test
  void mailShouldBeTriedAtOnceWhenItComesFromTheProcessorToAnotherMailet() throws Exception {
    net.goodMx(DOMAIN, 10, MX);
    Mail mail = mail(BOB).build();
    new Waiting(world.queue.getName(), DOMAIN, world.world.clock.instant().plus(LONG))
        .writeTo(mail);

    start().service(mail);

    await().untilAsserted(() -> assertThat(world.received(BOB)).hasSize(1));
  }
}
