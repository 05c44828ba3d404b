package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;

import java.util.stream.Stream;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted of mails whose fate is read at the receiving server. */
class DeliveryMeterTest {

  private final MailetWorld world = new MailetWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private int count(String metric) {
    return world.metrics.countFor(metric);
  }

  private int timed(String metric) {
    return world.metrics.executionTimesFor(metric).size();
  }

  @Test
  void verifiedMailShouldCountInEveryFamily() throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start(), mail(BOB));

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(count("stsJudgedVerified")).isEqualTo(1);
    assertThat(count("stsPolicyMtaSts")).isEqualTo(1);
    assertThat(count("stsDaneNone")).isEqualTo(1);
    assertThat(timed("stsHandshake")).isEqualTo(1);
    assertThat(timed("stsPolicyLookup")).isEqualTo(1);
    await().untilAsserted(() -> assertThat(timed("stsDelivery")).isEqualTo(1));
    assertThat(refusals()).containsOnly(0);
  }

  private Stream<Integer> refusals() {
    return Stream.of(
        count("stsJudgedRefusedByPolicy"),
        count("stsJudgedRefusedByOperator"),
        count("stsJudgedReported"),
        count("stsDeferredPolicy"),
        count("stsDeferredReply"),
        count("stsResultCertificateNotTrusted"));
  }

  @Test
  void brokenPolicyShouldCountAsARefusalAndAMailThatWaits() throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    world.deliver(world.start(), mail(BOB));

    assertThat(count("stsJudgedRefusedByPolicy")).isEqualTo(1);
    assertThat(count("stsResultCertificateNotTrusted")).isEqualTo(1);
    assertThat(count("stsDeferredPolicy")).isEqualTo(1);
    assertThat(count("stsBouncedPolicy")).isZero();
  }

  @Test
  void testedPolicyShouldCountAsReported() throws Exception {
    world.net.policy(DOMAIN, "testing", MX);
    world.net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    world.deliver(world.start(), mail(BOB));

    assertThat(world.received(BOB)).hasSize(1);
    assertThat(count("stsJudgedReported")).isEqualTo(1);
    assertThat(count("stsJudgedVerified")).isZero();
  }

  @Test
  void mailWithoutPolicyShouldCountByItsChannel() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.mxWithoutTls("clear.test", 10, "mx.clear.test");
    StsRemoteDelivery mailet = world.start();

    world.deliver(mailet, mail(BOB));
    world.deliver(mailet, mail("bob@clear.test"));

    assertThat(count("stsJudgedEncrypted")).isEqualTo(1);
    assertThat(count("stsJudgedClear")).isEqualTo(1);
    assertThat(count("stsPolicyNone")).isEqualTo(2);
  }

  @Test
  void givenUpMailShouldCountByWhoRefusedIt() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.server(MX).effects(SmtpEffect.reply(Stage.RCPT, "550 5.1.1 unknown"));

    world.deliver(world.start(), mail(BOB));

    assertThat(count("stsBouncedReply")).isEqualTo(1);
    assertThat(count("stsDeferredReply")).isZero();
  }
}
