package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.policy.PolicySettings;
import org.jamessts.policy.WithoutPolicy;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SmtpEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody can tell whether the domain has a policy, and the operator wants mail to wait then. */
class UnclearPolicyTest {

  private static final String DOMAIN = "example.test";
  private static final String MX = "mx.example.test";
  private static final String RECORD = "_mta-sts." + DOMAIN;

  private final DeliveryWorld world =
      new DeliveryWorld(
          new PolicySettings(
              Duration.ofSeconds(2),
              WithoutPolicy.DEFER,
              WithoutPolicy.DEFER,
              PolicySettings.Draft.ON,
              PolicySettings.FirstDraftPolicy.AUTHENTICATED,
              0));

  private final PrivateInternet net = world.internet;

  @BeforeEach
  void publish() {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, MX);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private DeliveryReport deliver() {
    return world.delivery().deliver(world.mailTo(DOMAIN));
  }

  private void assertWaits(DeliveryReport report, String queued, String ultimate, String words) {
    assertThat(report.deferred())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.reason().queued()).isEqualTo(queued);
              assertThat(outcome.reason().ultimate()).isEqualTo(ultimate);
              assertThat(outcome.reason().explanation()).contains(words);
            });
    assertThat(net.server(MX).connections()).isEmpty();
  }

  private void assertGoesWhenTheDnsAnswersAgain() {
    net.dns().heal(RECORD, "TXT");

    assertThat(deliver().delivered().get(0).how()).contains("verified", "MTA-STS (enforce)");
  }

  @Test
  void mailShouldGoWhereNothingIsEnforced() {
    net.dns().fault(RECORD, "TXT", DnsFault.SERVFAIL);
    world.enforcement = () -> Enforcement.REPORT_ONLY;

    assertThat(deliver().delivered()).hasSize(1);
  }

  @Test
  void mailUnderWayShouldWaitAtTheNextHostWhenEnforcementIsBack() {
    net.goodMx(DOMAIN, 20, "backup.example.test");
    net.server(MX).effects(SmtpEffect.reply(SmtpEffect.Stage.RCPT, "451 4.3.0 not now"));
    net.dns().fault(RECORD, "TXT", DnsFault.SERVFAIL);
    world.enforcement =
        () ->
            net.server(MX).connections().isEmpty() ? Enforcement.REPORT_ONLY : Enforcement.ENFORCE;

    assertThat(deliver().deferred()).hasSize(1);
    assertThat(net.server("backup.example.test").connections()).isEmpty();
  }

  @Test
  void mailShouldWaitWhenTheDnsFails() {
    net.dns().fault(RECORD, "TXT", DnsFault.SERVFAIL);

    assertWaits(deliver(), "450 4.4.3", "550 5.4.4", "TXT of _mta-sts.example.test is not known");
    assertGoesWhenTheDnsAnswersAgain();
  }

  @Test
  void mailShouldWaitWhenTheDnsFailsForTheDraftAlone() {
    net.dns().remove(RECORD);
    net.dns().fault("_smtp_sts." + DOMAIN, "TXT", DnsFault.SERVFAIL);

    assertWaits(deliver(), "450 4.4.3", "550 5.4.4", "TXT of _smtp_sts.example.test is not known");
  }

  @Test
  void mailShouldWaitWhenTheLookupIsSlow() {
    net.dns().fault(RECORD, "TXT", DnsFault.delay(Duration.ofSeconds(4)));

    assertWaits(deliver(), "450 4.7.0", "550 5.7.0", "is not known after 2000 ms");
    assertGoesWhenTheDnsAnswersAgain();
  }

  @Test
  void mailShouldWaitWhenTheServerStopsMeanwhile() throws Exception {
    net.dns().fault(RECORD, "TXT", DnsFault.SILENCE);
    FutureTask<DeliveryReport> delivery = new FutureTask<>(this::deliver);
    Thread thread = new Thread(delivery, "delivery");
    thread.start();
    await().until(() -> net.dns().queries(RECORD, "TXT") > 0);

    thread.interrupt();

    assertWaits(delivery.get(), "451 4.3.5", "550 5.3.5", "the server is stopping");
  }

  @Test
  void keptPolicyShouldHoldWhateverFailsAroundIt() {
    assertThat(deliver().delivered()).hasSize(1);
    net.dns().fault(RECORD, "TXT", DnsFault.SERVFAIL);

    assertThat(deliver().delivered().get(0).how()).contains("verified", "MTA-STS (enforce)");
  }
}
