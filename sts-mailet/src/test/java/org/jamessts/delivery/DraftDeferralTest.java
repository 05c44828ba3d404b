package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;

import javax.mail.MessagingException;
import org.jamessts.testing.DraftPolicy;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The last look for a newer policy of the draft of 2016, before mail is given up. */
class DraftDeferralTest {

  private static final String RECORD = "_smtp_sts." + DOMAIN;
  private static final String MX2 = "mx2.example.test";
  private static final long HOUR = 3600;

  /** Keeps DNS answers by their TTL, as in production. */
  private final MailetWorld world = new MailetWorld(new DeliveryWorld(1000));

  private final PrivateInternet net = world.net;
  private StsRemoteDelivery mailet;

  /** A policy that names the first of two hosts has had its success, and then that host fails. */
  @BeforeEach
  void confirmAndBreak() throws MessagingException {
    publish(MX);
    net.goodMx(DOMAIN, 10, MX);
    net.goodMx(DOMAIN, 20, MX2);
    mailet = world.start("maxRetries=5");
    world.deliver(mailet, mail("carol@" + DOMAIN));
    assertThat(net.server(MX).mails()).hasSize(1);
    net.replaceMx(MX, PrivateCa.selfSigned(MX));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void publish(String mx) {
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, mx).lasting(24 * HOUR, HOUR));
  }

  private void deliverForTheLastTime() throws MessagingException {
    world.deliverForTheLastTime(mail(BOB));
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A19", in = MailProcessing.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A20", in = MailProcessing.class)
  void mailShouldArriveAtTheLastTryWhenThePolicyHasChangedBehindTheCache() throws Exception {
    publish(MX2);

    deliverForTheLastTime();

    assertThat(world.received(BOB)).singleElement().matches(received -> received.inTls());
    assertThat(net.server(MX2).mails()).hasSize(1);
    assertThat(world.notifications()).isEmpty();
    assertThat(world.queue.getSize()).isZero();
    // Only the last look went past the cache.
    assertThat(net.dns().queries(RECORD, "TXT")).isEqualTo(2);
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A19", in = MailProcessing.class)
  void mailShouldNotBeTriedByAnotherPolicyBeforeTheLastTry() throws Exception {
    publish(MX2);

    world.deliver(mailet, mail(BOB));

    assertThat(world.received(BOB)).isEmpty();
    assertThat(world.queue.getSize()).isEqualTo(1);
    assertThat(net.dns().queries(RECORD, "TXT")).isEqualTo(1);
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A20", in = MailProcessing.class)
  void mailShouldBounceAfterOneAttemptWhenThePolicyIsStillTheSame() throws Exception {
    deliverForTheLastTime();

    assertGivenUpAfter(1);
    assertThat(net.dns().queries(RECORD, "TXT")).isEqualTo(2);
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A20", in = MailProcessing.class)
  void mailShouldBounceAfterOneMoreAttemptWhenTheNewPolicyIsNotMetEither() throws Exception {
    publish("mx3.example.test");

    deliverForTheLastTime();

    assertGivenUpAfter(2);
    assertThat(net.dns().queries(RECORD, "TXT")).isEqualTo(2);
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A19", in = MailProcessing.class)
  void mailShouldBounceAfterOneAttemptWhenNobodyVouchesForTheNewPolicy() throws Exception {
    net.draftPolicy(
        DraftPolicy.tlsOnly(DOMAIN, MX2).lasting(24 * HOUR, HOUR), DraftPolicy.Fault.BODY_DIFFERS);

    deliverForTheLastTime();

    assertGivenUpAfter(1);
  }

  private void assertGivenUpAfter(int attempts) {
    assertThat(world.received(BOB)).isEmpty();
    assertThat(world.queue.getSize()).isZero();
    assertThat(net.server(MX).connections()).hasSize(attempts);
    assertThat(net.server(MX2).connections()).isEmpty();
    assertThat(world.bounceText())
        .contains(BOB, "550 5.7.", "SMTP STS draft (to=true, confirmed) example.test: ")
        .contains("verified TLS");
  }
}
