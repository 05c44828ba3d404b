package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;

import java.time.Duration;
import javax.mail.MessagingException;
import org.apache.mailet.base.test.FakeMail;
import org.jamessts.testing.FileSizeLimit;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The disk is full while mails are to wait in the deferral store: those that it does not take wait
 * in the queue, and none is lost.
 */
class FullDiskTest {

  /** Of the store's file, in which a few mails fit. */
  private static final int ROOM = 1_500_000;

  private static final int CONTENT = 300_000;

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final MailetWorld world = new MailetWorld();
  private int mails;

  @AfterEach
  void close() {
    world.deferred.stop();
    world.close();
  }

  // The limit is there to be closed, not to be used.
  @SuppressWarnings("try")
  @Test
  void everyMailShouldWaitSomewhereAndArriveWhenItsHostAndTheDiskAreMended() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.server(MX).effects(SmtpEffect.reply(Stage.MAIL, "451 4.3.0 later"));
    StsRemoteDelivery mailet = world.startDeferring("delayTime=2 seconds", "maxRetries=1000");
    world.deferred.start();
    try (FileSizeLimit full = FileSizeLimit.of(ROOM)) {
      await().atMost(LIMIT).until(() -> deferOneMore(mailet));
      world.deliver(mailet, mail());
      await().until(() -> world.queue.getSize() > 0);
      assertThat(world.notifications()).isEmpty();
    }

    world.net.server(MX).effects();

    for (int i = 1; i <= mails; i++) {
      String recipient = recipient(i);
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(world.received(recipient)).as(recipient).isNotEmpty());
    }
    assertThat(world.notifications()).isEmpty();
    await().atMost(LIMIT).until(() -> world.queue.getSize() == 0 && world.deferred.size() == 0);
    await().atMost(LIMIT).until(() -> world.deferred.trouble().isEmpty());
  }

  /** Whether the store has had enough. */
  private boolean deferOneMore(StsRemoteDelivery mailet) throws MessagingException {
    world.deliver(mailet, mail());
    return world.deferred.trouble().isPresent();
  }

  private static String recipient(int number) {
    return "user" + number + "@" + DOMAIN;
  }

  private FakeMail.Builder mail() throws MessagingException {
    mails++;
    String body = ("x".repeat(70) + "\r\n").repeat(CONTENT / 72);
    return MailetWorld.mail(recipient(mails))
        .mimeMessage(MailetWorld.message("Subject: " + mails + "\r\n\r\n" + body));
  }
}
