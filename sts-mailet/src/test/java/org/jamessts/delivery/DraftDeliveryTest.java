package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.jamessts.decide.DraftRequirement;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.testing.DraftPolicy;
import org.jamessts.testing.DraftPolicy.Fault;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ResultType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies of the draft of 2016, from the DNS to the receiving server. */
class DraftDeliveryTest {

  private static final String DOMAIN = "example.test";
  private static final String MX = "mx.example.test";
  private static final String FOREIGN = "sts.attacker.test";

  private final DeliveryWorld world = new DeliveryWorld();
  private final PrivateInternet net = world.internet;

  @AfterEach
  void stop() {
    world.close();
  }

  private DeliveryReport deliver() {
    return world.delivery().deliver(world.mailTo(DOMAIN));
  }

  private List<ReceivedMail> received() {
    return net.receivedFor("bob@" + DOMAIN);
  }

  private void assertDelivered(String... words) {
    int before = received().size();
    DeliveryReport report = deliver();
    assertThat(received()).hasSize(before + 1);
    assertThat(report.delivered().get(0).how()).contains(words);
  }

  private void assertHeldBack(String code, String... words) {
    int before = received().size();
    DeliveryReport report = deliver();
    assertThat(received()).hasSize(before);
    DeliveryWorld.assertDeferred(report, code, words);
  }

  /** A policy that has had its first success. */
  private void confirm(DraftPolicy policy) {
    net.draftPolicy(policy);
    net.goodMx(DOMAIN, 10, MX);
    assertDelivered(
        "channel=\"TLSv1.3 verified", "SMTP STS draft (to=true, candidate) example.test");
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A8", in = HostConversation.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = HostConversation.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A18", in = HostConversation.class)
  void authenticatedPolicyShouldBeEnforcedFromItsFirstSuccessOn() {
    confirm(DraftPolicy.tlsOnly(DOMAIN, MX));
    assertDelivered(
        "channel=\"TLSv1.3 verified", "SMTP STS draft (to=true, confirmed) example.test");

    net.replaceMx(MX, PrivateCa.selfSigned(MX));

    assertHeldBack(
        "450 4.7.5", "SMTP STS draft (to=true, confirmed) example.test: mx.example", "not trusted");
    assertThat(world.recorded(DOMAIN))
        .first()
        .satisfies(
            summary -> {
              assertThat(summary.policy().type()).isEqualTo(AppliedPolicy.Type.DRAFT);
              assertThat(summary.successfulSessions()).isEqualTo(2);
              assertThat(summary.failures().get(0).failure().type())
                  .isEqualTo(ResultType.CERTIFICATE_NOT_TRUSTED);
            });
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A9", in = DraftRequirement.class)
  void commonNameShouldDoAsItDidIn2016() {
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, MX));
    net.mx(DOMAIN, 10, MX, net.ca().issueCommonNameOnly(MX));

    assertDelivered("channel=\"TLSv1.3 verified", "candidate");
    assertDelivered("channel=\"TLSv1.3 verified", "confirmed");
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A11", in = MailDelivery.class)
  void hostThatTheConfirmedPolicyDoesNotNameShouldNotBeContacted() {
    confirm(DraftPolicy.tlsOnly(DOMAIN, MX));
    net.dns().remove(DOMAIN, "MX");
    net.goodMx(DOMAIN, 10, "mx.attacker.test");

    assertHeldBack("450 4.7.0", "mx.attacker.test is not among");
    assertThat(net.server("mx.attacker.test").connections()).isEmpty();
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = HostConversation.class)
  void candidateThatFailsAtItsFirstUseShouldHoldNothingBack() {
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, MX));
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    for (int i = 0; i < 2; i++) {
      assertDelivered(
          "channel=\"TLSv1.3 unverified", "(to=true, candidate)", "finding=\"", "not trusted");
    }
    assertThat(world.recorded(DOMAIN).get(0).failedSessions()).isEqualTo(2);

    net.replaceMx(MX, net.ca().issue(MX));
    assertDelivered("channel=\"TLSv1.3 verified", "(to=true, candidate)");
    net.replaceMx(MX, PrivateCa.selfSigned(MX));
    assertHeldBack("450 4.7.5", "(to=true, confirmed)");
  }

  @Test
  void candidateShouldLetMailGoInClearWhereThereIsNoTls() {
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, MX));
    net.mx(DOMAIN, 10, MX, net.ca().issue(MX), SmtpEffect.hideStartTls());

    assertDelivered("channel=clear", "(to=true, candidate)", "does not offer STARTTLS");
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A4", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A17", in = MailDelivery.class)
  void forgedRecordShouldHoldNothingBackWhenItNamesTheForgersHost() {
    net.goodMx(DOMAIN, 10, MX);
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, "mx.attacker.test").vouchedForBy(FOREIGN));

    assertDelivered("(to=true, not authenticated) example.test", "mx.example.test is not among");
    assertDelivered("(to=true, not authenticated) example.test");
    assertThat(net.policyRequests(FOREIGN)).isZero();
    assertThat(world.kept()).isEmpty();
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A15", in = StsPolicyService.class)
  void forgedRecordShouldNotReplaceAConfirmedPolicy() {
    confirm(DraftPolicy.tlsOnly(DOMAIN, MX));
    net.draftPolicy(DraftPolicy.reported(DOMAIN, "mx.attacker.test").vouchedForBy(FOREIGN));
    net.replaceMx(MX, PrivateCa.selfSigned(MX));

    assertHeldBack("450 4.7.5", "(to=true, confirmed) example.test");
    assertThat(net.policyRequests(FOREIGN)).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"BODY_DIFFERS", "DOWN", "UNTRUSTED"})
  @Rule(value = "draft-margolis-smtp-sts-00 A4", in = StsPolicyService.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A17", in = MailDelivery.class)
  void recordThatTheDomainDoesNotRepeatShouldHoldNothingBack(Fault fault) {
    net.goodMx(DOMAIN, 10, MX);
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, MX), fault);

    assertDelivered("(to=true, not authenticated) example.test");
    net.replaceMx(MX, PrivateCa.selfSigned(MX));
    assertDelivered("(to=true, not authenticated) example.test", "not trusted");
    assertThat(world.kept()).isEmpty();
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A21", in = HostConversation.class)
  void policyWithToFalseShouldTellAndHoldNothingBack() {
    net.draftPolicy(DraftPolicy.reported(DOMAIN, MX));
    net.goodMx(DOMAIN, 10, MX);
    assertDelivered("channel=\"TLSv1.3 verified", "(to=false, candidate)");

    net.replaceMx(MX, PrivateCa.selfSigned(MX));

    assertDelivered("channel=\"TLSv1.3 unverified", "(to=false, confirmed)", "not trusted");
    assertThat(world.recorded(DOMAIN).get(0).failures().get(0).failure().type())
        .isEqualTo(ResultType.CERTIFICATE_NOT_TRUSTED);
  }

  @ParameterizedTest(name = "e={0}, TTL {1}")
  @CsvSource({"3, 0", "0, 3"})
  @Rule(value = "draft-margolis-smtp-sts-00 A13", in = StsPolicyService.class)
  void policyShouldHoldUntilItExpiresAndNotLonger(long seconds, long ttl) {
    confirm(DraftPolicy.tlsOnly(DOMAIN, MX).lasting(seconds, ttl));
    net.blockPolicy(DOMAIN);
    net.replaceMx(MX, PrivateCa.selfSigned(MX));
    assertHeldBack("450 4.7.5", "(to=true, confirmed)");

    await().until(() -> !deliver().delivered().isEmpty());

    assertThat(received()).hasSize(2);
    assertDelivered("no policy");
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A16", in = HostConversation.class)
  void successorShouldTakeOverWithItsFirstSuccess() {
    confirm(DraftPolicy.tlsOnly(DOMAIN, MX));
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, "mx2.example.test"));

    // It is not met here, and changes nothing.
    assertDelivered("mx=mx.example.test", "channel=\"TLSv1.3 verified", "(to=true, confirmed)");
    net.goodMx(DOMAIN, 5, "mx2.example.test");
    assertDelivered("mx=mx2.example.test", "channel=\"TLSv1.3 verified");
    // From now on it alone holds.
    net.replaceMx("mx2.example.test", PrivateCa.selfSigned("mx2.example.test"));
    assertHeldBack("450 4.7.0", "mx.example.test is not among", "[mx2.example.test]");
  }

  @Test
  void mtaStsShouldGoBeforeTheDraft() {
    net.policy(DOMAIN, "enforce", MX);
    net.draftPolicy(DraftPolicy.reported(DOMAIN, MX));
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    assertHeldBack("450 4.7.5", "MTA-STS (enforce) example.test");
    assertThat(net.dns().queries("_smtp_sts." + DOMAIN, "TXT")).isZero();
  }
}
