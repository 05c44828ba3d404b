package org.jamessts.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.memory.MemoryMailQueueFactory.MemoryCacheableMailQueue;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.dns.DomainName;
import org.jamessts.settings.InvalidSettingException;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.FailingDatabase;
import org.jamessts.store.FailingDatabase.Failure;
import org.jamessts.store.Stores;
import org.jamessts.store.TestStores;
import org.jamessts.testing.FaultyQueues;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the mailet into a real store, and back into James's own queue. */
class RetryTest {

  private static final MailQueueName AWAY = MailQueueName.of("away");
  private static final String MESSAGE = "Subject: hello\r\n\r\nHello.\r\n.\r\n\u00e9\r\n";

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private final FaultyQueues queues = new FaultyQueues();
  private final MemoryCacheableMailQueue queue = queues.real(AWAY);
  private final List<DeferredMails> opened = new ArrayList<>();
  private FailingDatabase database;
  private Stores stores;
  private DeferredMails deferred;

  @BeforeEach
  void open() {
    database = new FailingDatabase(new EmbeddedDatabase(directory, clock));
    stores = TestStores.openImpatient(database, 10, clock);
    deferred = server(clock);
  }

  private DeferredMails server(Clock itsClock) {
    DeferredMails server = new DeferredMails(stores.deferrals(), queues, itsClock);
    opened.add(server);
    return server;
  }

  @AfterEach
  void close() {
    opened.forEach(DeferredMails::stop);
    stores.close();
    database.closeForGood();
    queue.close();
  }

  private Mail mail(String domain, Instant nextAttempt) throws MessagingException {
    Mail mail =
        FakeMail.builder()
            .name("mail-1-to-" + domain)
            .sender("alice@ours.test")
            .recipients("bob@" + domain)
            .attribute(DeliveryRetriesHelper.makeAttribute(3))
            .state("waiting")
            .mimeMessage(
                new MimeMessage(
                    (Session) null,
                    new ByteArrayInputStream(MESSAGE.getBytes(StandardCharsets.ISO_8859_1))))
            .build();
    StsAttributes.set(mail, StsAttributes.VERDICT, Optional.of("policy"));
    new Waiting(AWAY, domain, nextAttempt).writeTo(mail);
    return mail;
  }

  private Instant in(Duration time) {
    return clock.instant().plus(time);
  }

  private void keep(String domain, Duration delay) throws Exception {
    deferred.keep(mail(domain, in(delay)));
  }

  private List<Mail> queued() {
    List<Mail> mails = new ArrayList<>();
    queue.browse().forEachRemaining(view -> mails.add(view.getMail()));
    return mails;
  }

  private static String content(Mail mail) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mail.getMessage().writeTo(out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static Duration work(DeferredMails server) {
    return server.scheduler().work();
  }

  @Test
  void mailShouldGoToItsQueueAsItWasWhenItIsDueAndThenLeaveTheStore() throws Exception {
    keep("a.test", Duration.ofMinutes(5));
    assertThat(work(deferred)).isEqualTo(RetryScheduler.LONGEST);
    clock.advance(Duration.ofMinutes(4).plusSeconds(50));
    assertThat(work(deferred)).as("not before").isEqualTo(Duration.ofSeconds(10));
    assertThat(queued()).isEmpty();
    clock.advance(Duration.ofSeconds(10));

    assertThat(work(deferred)).as("there may be more").isZero();

    assertThat(queued()).hasSize(1);
    Mail mail = queued().get(0);
    assertThat(mail.getName()).isEqualTo("mail-1-to-a.test");
    assertThat(content(mail)).isEqualTo(MESSAGE);
    assertThat(mail.getState()).isEqualTo(Mail.ERROR);
    assertThat(DeliveryRetriesHelper.retrieveRetries(mail)).isEqualTo(3);
    assertThat(Waiting.of(mail)).isEmpty();
    assertThat(stores.deferrals().size()).isZero();
    assertThat(work(deferred)).isEqualTo(RetryScheduler.LONGEST);
  }

  @Test
  void mailShouldStayInTheStoreWhenItsQueueDoesNotTakeIt() throws Exception {
    queues.refused = mail -> true;
    keep("a.test", Duration.ZERO);

    assertThat(work(deferred)).as("a rest").isEqualTo(RetryScheduler.REST);
    assertThat(work(deferred)).isGreaterThan(Duration.ZERO);

    assertThat(stores.deferrals().size()).isEqualTo(1);
    queues.refused = mail -> false;
    clock.advance(Reinjection.QUEUE_REST);
    assertThat(work(deferred)).isZero();
    assertThat(queued()).hasSize(1);
    assertThat(stores.deferrals().size()).isZero();
  }

  /** As James's queue on disk does for a large mail, which it copies. */
  @Test
  void mailShouldStayInTheStoreWhenItsQueueHasNoMemoryForIt() throws Exception {
    queues.refused =
        mail -> {
          throw new OutOfMemoryError("thrown by a test");
        };
    keep("a.test", Duration.ZERO);
    deferred.start();
    await().until(() -> stores.deferrals().nextDue().orElseThrow().isAfter(clock.instant()));

    queues.refused = mail -> false;
    clock.advance(Reinjection.QUEUE_REST);
    await()
        .until(
            () -> {
              deferred.scheduler().lookAgain();
              return !queued().isEmpty();
            });
  }

  /** A stranger may have sent it: one that needs more memory than there is, say. */
  @Test
  void mailThatItsQueueNeverTakesShouldKeepNoOtherFromIt() throws Exception {
    queues.refused = mail -> mail.getName().endsWith("poison.test");
    keep("poison.test", Duration.ZERO);
    clock.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 5; i++) {
      keep("d" + i + ".test", Duration.ZERO);
    }

    for (int round = 0; round < 3; round++) {
      work(deferred);
      clock.advance(Reinjection.QUEUE_REST);
    }

    assertThat(queued()).hasSize(5);
    assertThat(stores.deferrals().size()).isEqualTo(1);
  }

  /** Another server may have claimed the others by then. */
  @Test
  void roundShouldEndLongBeforeItsClaims() throws Exception {
    queues.refused =
        mail -> {
          clock.advance(Reinjection.SHARE.lease().dividedBy(2).plusSeconds(1));
          return false;
        };
    for (int i = 0; i < 5; i++) {
      keep("d" + i + ".test", Duration.ZERO);
    }

    assertThat(work(deferred)).isZero();

    assertThat(queued()).hasSize(1);
    assertThat(stores.deferrals().size()).isEqualTo(4);
    assertThat(stores.deferrals().nextDue()).as("for whoever comes next").contains(clock.instant());
  }

  @Test
  void repairedDomainShouldNotBeForgottenWhileTheStoreFails() throws Exception {
    keep("a.test", Duration.ofHours(1));
    keep("b.test", Duration.ofHours(1));
    deferred.delivered("a.test");
    deferred.delivered("b.test");
    database.fail(Failure.ALL);
    assertThat(work(deferred)).isEqualTo(RetryScheduler.REST);
    database.fail(Failure.NONE);

    await().until(() -> !work(deferred).equals(RetryScheduler.REST));

    await().until(() -> work(deferred).compareTo(Duration.ZERO) > 0);
    assertThat(queued()).hasSize(2);
  }

  @Test
  void mailShouldGoOnceWhenTheStoreFailsRightAfterTheQueueTookIt() throws Exception {
    keep("a.test", Duration.ZERO);
    queues.refused =
        mail -> {
          database.fail(Failure.ALL);
          return false;
        };
    assertThat(work(deferred)).isEqualTo(RetryScheduler.REST);
    assertThat(queued()).hasSize(1);
    database.fail(Failure.NONE);
    clock.advance(Reinjection.SHARE.lease());

    await().until(() -> !work(deferred).equals(RetryScheduler.REST));

    assertThat(queued()).hasSize(1);
    assertThat(stores.deferrals().size()).isZero();
  }

  @Test
  void mailOfAServerThatDiedAfterTheQueueTookItShouldGoAgainWhenItsClaimEnds() throws Exception {
    keep("a.test", Duration.ZERO);
    queues.refused =
        mail -> {
          database.fail(Failure.ALL);
          return false;
        };
    work(deferred);
    queues.refused = mail -> false;
    database.fail(Failure.NONE);
    stores.close();
    stores = TestStores.openImpatient(database, 10, clock);
    DeferredMails next = server(clock);
    work(next);
    assertThat(queued()).hasSize(1);

    clock.advance(Reinjection.SHARE.lease());
    work(next);

    // The window in which a mail may be delivered twice.
    assertThat(queued()).hasSize(2);
    assertThat(stores.deferrals().size()).isZero();
  }

  @Test
  void eachMailShouldGoOnceFromTwoServersOnOneStore() throws Exception {
    for (int i = 0; i < 30; i++) {
      keep("d" + i + ".test", Duration.ZERO);
    }
    DeferredMails other = server(clock);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<Void>> both = List.of(() -> drain(deferred), () -> drain(other));
      for (Future<Void> result : threads.invokeAll(both)) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(queued()).extracting(Mail::getName).hasSize(30).doesNotHaveDuplicates();
  }

  private static Void drain(DeferredMails server) {
    while (work(server).isZero()) {
      // There may be more.
    }
    return null;
  }

  @Test
  void mailThatCannotBeReadShouldStayAndBeInNobodysWay() throws Exception {
    stores
        .deferrals()
        .put(
            new DeferredMail(
                "1",
                "broken",
                "away",
                new DeferredMail.Cause("b.test", "policy", "", ""),
                "no envelope",
                clock.instant(),
                clock.instant()),
            out -> {});
    keep("a.test", Duration.ZERO);

    assertThat(work(deferred)).isZero();

    assertThat(queued()).extracting(Mail::getName).containsExactly("mail-1-to-a.test");
    assertThat(work(deferred)).as("no busy loop").isEqualTo(RetryScheduler.LONGEST);
    assertThat(stores.deferrals().size()).isEqualTo(1);
  }

  @Test
  void mailWithoutRecipientsThatCouldBeReadAgainShouldNotBeKept() throws Exception {
    Mail mail = mail("a.test", in(Duration.ofMinutes(1)));
    StsAttributes.forgetWaiting(mail);

    assertThatThrownBy(() -> deferred.keep(mail))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("was not deferred by StsRemoteDelivery");
  }

  @Test
  void flushShouldTryAllMailsOfTheDomainAtOnceAndUseUpNoRetry() throws Exception {
    keep("a.test", Duration.ofHours(1));
    keep("b.test", Duration.ofHours(1));

    assertThat(deferred.flush(new DomainName("a.test"))).isEqualTo(1);
    work(deferred);

    assertThat(queued()).hasSize(1);
    assertThat(DeliveryRetriesHelper.retrieveRetries(queued().get(0))).isEqualTo(2);
  }

  @Test
  void deliveredMailShouldFreeThoseThatWaitForTheSameHostsButNotWhomTheyRefused() throws Exception {
    keep("a.test", Duration.ofHours(1));
    Mail refused = mail("a.test", in(Duration.ofHours(1)));
    StsAttributes.set(refused, StsAttributes.VERDICT, Optional.of("reply"));
    deferred.keep(refused);

    deferred.delivered("a.test");
    work(deferred);

    assertThat(queued()).hasSize(1);
    assertThat(StsAttributes.get(queued().get(0), StsAttributes.VERDICT)).contains("policy");
  }

  @Test
  void mailForWhichThereWasNoPlaceShouldComeWhenThereIsAndHaveUsedUpNoRetry() throws Exception {
    for (int i = 0; i < 5; i++) {
      Mail mail = mail("a.test", in(Duration.ofHours(1)));
      StsAttributes.set(mail, StsAttributes.VERDICT, Optional.of("busy"));
      deferred.keep(mail);
    }
    keep("a.test", Duration.ofHours(1));
    AtomicInteger places = new AtomicInteger();
    deferred.askForPlaces(domain -> domain.equals("a.test") ? places.get() : 0);

    assertThat(work(deferred)).as("it looks again soon").isEqualTo(RetryScheduler.UNTIL_PLACE);
    assertThat(queued()).isEmpty();
    places.set(3);
    drain(deferred);

    assertThat(queued())
        .as("there is place until all are gone, but not for who waits for something else")
        .hasSize(5)
        .allSatisfy(mail -> assertThat(DeliveryRetriesHelper.retrieveRetries(mail)).isEqualTo(3))
        .allSatisfy(
            mail -> assertThat(StsAttributes.get(mail, StsAttributes.VERDICT)).contains("busy"));
    assertThat(work(deferred)).isEqualTo(RetryScheduler.LONGEST);
  }

  @Test
  void mailsShouldBeCounted() throws Exception {
    keep("a.test", Duration.ofHours(1));
    keep("b.test", Duration.ofHours(1));

    work(deferred);

    assertThat(deferred.size()).isEqualTo(2);
  }

  @Test
  void mailetShouldKeepTheMailAndEndIt() throws Exception {
    Mail mail = mail("a.test", in(Duration.ofMinutes(1)));

    new DeferredRetry(deferred).service(mail);

    assertThat(mail.getState()).isEqualTo(Mail.GHOST);
    assertThat(deferred.waitingFor(new DomainName("a.test"), 0, 10))
        .singleElement()
        .satisfies(kept -> assertThat(kept.due()).isEqualTo(in(Duration.ofMinutes(1))));
    assertThat(queued()).isEmpty();
  }

  @Test
  void mailetShouldPutTheMailBackIntoItsQueueWithADelayWhenTheStoreFails() throws Exception {
    database.fail(Failure.WRITES);
    Mail mail = mail("a.test", in(Duration.ofHours(1)));

    new DeferredRetry(deferred).service(mail);

    assertThat(mail.getState()).isEqualTo(Mail.GHOST);
    assertThat(queued()).hasSize(1);
    assertThat(Waiting.isTooEarly(queued().get(0), clock.instant())).isTrue();
    assertThat(deferred.trouble().orElseThrow()).contains("the database is full");
  }

  @Test
  void mailetShouldThrowWhenTheQueueFailsToo() throws Exception {
    database.fail(Failure.ALL);
    queues.refused = mail -> true;
    Mail mail = mail("a.test", in(Duration.ofHours(1)));

    assertThatThrownBy(() -> new DeferredRetry(deferred).service(mail))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("the disk is full");
    assertThat(mail.getState()).isNotEqualTo(Mail.GHOST);
  }

  @Test
  void mailetShouldRefuseAParameter() {
    assertThatThrownBy(
            () ->
                new DeferredRetry(deferred)
                    .init(FakeMailetConfig.builder().setProperty("queue", "x").build()))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("mailetcontainer.xml, DeferredRetry: queue = \"x\"");
  }

  @Test
  void mailetShouldStartAThreadThatPutsMailsBackInTimeAndEndIt() throws Exception {
    DeferredMails running = server(Clock.systemUTC());
    DeferredRetry mailet = new DeferredRetry(running);
    mailet.init(FakeMailetConfig.builder().build());

    mailet.service(mail("a.test", Instant.now().plusMillis(300)));

    await().until(() -> queued().size() == 1);
    mailet.destroy();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("sts-retry");
  }

  @Test
  void mailShouldGoAfterARestart() throws Exception {
    keep("a.test", Duration.ofMinutes(5));
    stores.close();
    stores = TestStores.openImpatient(database, 10, clock);
    clock.advance(Duration.ofMinutes(5));

    work(server(clock));

    assertThat(queued()).hasSize(1);
  }

  @Test
  void unreachableStoreShouldNotBeAskedAllTheTime() throws DeferralStoreException {
    database.fail(Failure.ALL);

    assertThat(work(deferred)).isEqualTo(RetryScheduler.REST);
    assertThat(work(deferred)).isEqualTo(RetryScheduler.REST);
  }
}
