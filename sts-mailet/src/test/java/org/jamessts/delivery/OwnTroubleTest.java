package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.attribute;
import static org.jamessts.delivery.MailetWorld.lastRetry;
import static org.jamessts.delivery.MailetWorld.mail;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Something on our side breaks: the queue, the store of messages, a processor. The mail stays in at
 * least one place, nobody gets it twice, and it is not tried over and over without a pause.
 */
class OwnTroubleTest {

  private static final String OURS = "this server could not process the mail: ";

  private final MailetWorld world = new MailetWorld();
  private final AtomicInteger calls = new AtomicInteger();

  @BeforeEach
  void host() {
    world.net.goodMx(DOMAIN, 10, MX);
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** James, of which a method fails so many times. */
  private MailetContext failing(String method, int times, Throwable trouble) {
    return failing(MailetContext.class, world.james, method, times, trouble);
  }

  private <T> T failing(Class<T> kind, T real, String method, int times, Throwable trouble) {
    return kind.cast(
        Proxy.newProxyInstance(
            kind.getClassLoader(),
            new Class<?>[] {kind},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method) && calls.incrementAndGet() <= times) {
                throw trouble;
              }
              try {
                return called.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private Mail awaitDeferred() {
    await()
        .untilAsserted(
            () ->
                // Not at once: the trouble would be there again.
                assertThat(world.untilNextTry()).isGreaterThan(Duration.ofMinutes(30)));
    return world.onlyWaiting();
  }

  @Test
  void mailShouldLeaveAfterTheQueueFailed() throws Exception {
    world.queues.outages.set(1);
    world.start();

    world.queue.enQueue(mail(BOB).build());

    await().atMost(Duration.ofSeconds(30)).until(() -> world.received(BOB).size() == 1);
    assertThat(world.queues.outages).hasValue(-1);
  }

  @Test
  void nobodyShouldGetTheMailAgainWhenTheSuccessProcessorFails() throws Exception {
    world.start(
        failing("sendMail", Integer.MAX_VALUE, new MessagingException("no such processor")),
        "onSuccess=sent");

    world.queue.enQueue(mail(BOB).build());
    world.awaitTrials(1);

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(world.queue.getSize()).isZero();
    assertThat(calls).hasValue(1);
  }

  @Test
  void bounceShouldBeTriedAgainLaterWhenItFails() throws Exception {
    world.net.server(MX).effects(SmtpEffect.replyTo(BOB, "550 5.1.1 no such user"));
    world.start(failing("sendMail", 1, new MessagingException("the spool is closed")));

    world.queue.enQueue(mail(BOB, "carol@" + DOMAIN).build());

    Mail waiting = awaitDeferred();
    assertThat(calls).hasValue(1);
    assertThat(StsRemoteDelivery.texts(waiting.getRecipients())).containsExactly(BOB);
    assertThat(attribute(waiting, "delivery-error").orElseThrow()).contains("no such user");
    world.retry();
    assertThat(world.notifications()).hasSize(1);
    assertThat(world.queue.getSize()).isZero();
    assertThat(world.received("carol@" + DOMAIN)).hasSize(1);
  }

  @Test
  void bounceShouldBeTriedForEverWhenItAlwaysFails() throws Exception {
    world.net.server(MX).effects(SmtpEffect.replyTo(BOB, "550 5.1.1 no such user"));
    world.start(failing("sendMail", Integer.MAX_VALUE, new IllegalStateException("broken")));
    world.queue.enQueue(mail(BOB).attribute(lastRetry()).build());
    awaitDeferred();

    world.retry();

    awaitDeferred();
    assertThat(calls).hasValue(2);
  }

  @Test
  void delayShouldBeToldAtTheNextTryWhenTellingFails() throws Exception {
    world.net.server(MX).effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    world.start(failing("sendMail", 1, new MessagingException("the spool is closed")));
    world.queue.enQueue(mail(BOB).attribute(world.arrived(Duration.ofHours(5))).build());
    awaitDeferred();
    assertThat(world.notifications()).isEmpty();

    world.retry();
    world.retry();

    assertThat(world.notifications())
        .singleElement()
        .satisfies(told -> assertThat(told.field(0, "Action")).contains("delayed"));
    assertThat(calls).hasValue(2);
  }

  @Test
  void mailShouldBeDeferredWhenItCannotBeRead() throws Exception {
    world.queues.damage =
        mail ->
            failing(Mail.class, mail, "getMessage", 1, new MessagingException("the store is away"));
    world.start();
    world.queue.enQueue(mail(BOB).build());

    Mail waiting = awaitDeferred();
    assertThat(attribute(waiting, "delivery-error").orElseThrow())
        .startsWith("451 4.3.5 ")
        .contains("the store is away");
    assertThat(attribute(waiting, "delivery_retry_count")).contains("1");
    assertThat(world.received(BOB)).isEmpty();

    world.queues.damage = mail -> mail;
    world.retry();
    assertThat(world.received(BOB)).hasSize(1);
  }

  @Test
  void mailShouldGoBackAfterARestWhenItCannotBeQueuedAgain() throws Exception {
    world.net.server(MX).effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    world.queues.refused =
        mail -> {
          calls.incrementAndGet();
          return true;
        };
    world.start();
    world.queue.enQueue(mail(BOB).build());
    await().until(() -> calls.get() > 0);

    // Back at once it would be tried some hundred times a second.
    await().during(Duration.ofSeconds(1)).until(() -> calls.get() == 1);
    assertThat(world.queue.getSize()).isEqualTo(1);
  }

  @Test
  void mailShouldBeBackInTheQueueWhenTheMailetStopsWhileItRests() throws Exception {
    world.net.server(MX).effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    world.queues.refused =
        mail -> {
          calls.incrementAndGet();
          return true;
        };
    StsRemoteDelivery mailet = world.start();
    world.queue.enQueue(mail(BOB, "carol@" + DOMAIN).build());
    await().until(() -> calls.get() > 0);

    mailet.destroy();

    assertThat(world.queues.completions).containsExactly(CompletionStatus.RETRY);
  }

  @Test
  void mailShouldGoBackWhenEvenAnErrorIsThrown() throws Exception {
    world.net.server(MX).effects(SmtpEffect.replyTo(BOB, "550 5.1.1 no such user"));
    StsRemoteDelivery mailet =
        world.start(failing("sendMail", 1, new StackOverflowError("too deep")));
    world.queue.enQueue(mail(BOB).build());
    await().until(() -> calls.get() > 0);

    mailet.destroy();

    assertThat(world.queues.completions).containsExactly(CompletionStatus.RETRY);
  }

  @Test
  void otherDomainsOfAnItemShouldNotBeServedTwiceWhenOneBreaks() throws Exception {
    world.net.goodMx("two.test", 10, "mx.two.test");
    world.world.brokenDomain = DOMAIN;
    world.start("maxRetries=1");
    world.queue.enQueue(mail("carol@two.test", BOB, "dave@two.test").build());

    Mail waiting = awaitDeferred();
    assertThat(StsRemoteDelivery.texts(waiting.getRecipients())).containsExactly(BOB);
    assertThat(attribute(waiting, "delivery-error")).contains("451 4.3.5 " + OURS + "a bug");
    world.world.brokenDomain = "";
    world.retry();

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(world.net.server("mx.two.test").mails()).hasSize(1);
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  void senderShouldBeToldInTheEndWhenTheTroubleStays() throws Exception {
    world.world.brokenDomain = DOMAIN;
    world.start();

    world.queue.enQueue(mail(BOB).attribute(lastRetry()).build());
    world.awaitTrials(1);

    assertThat(world.bounceText()).contains("550 5.3.5 " + OURS + "a bug");
    assertThat(world.queue.getSize()).isZero();
  }
}
