package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jamessts.dane.Digest;
import org.jamessts.dane.DigestAgility;
import org.jamessts.decide.DraftRequirement;
import org.jamessts.dns.DomainName;
import org.jamessts.settings.StsSettings;
import org.jamessts.settings.StsSettings.InsecureMx;
import org.jamessts.settings.StsSettings.Use;
import org.jamessts.settings.StsSettings.WithMtaSts;
import org.jamessts.smtp.Envelope;
import org.jamessts.testing.DraftPolicy;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DANE from the DNS to the receiving server (RFC 7672). */
class DaneDeliveryTest extends DaneWorld {

  private static StsSettings.Dane with(InsecureMx insecureMx) {
    return new StsSettings.Dane(Use.ON, insecureMx, WithMtaSts.BOTH, false, DigestAgility.STANDARD);
  }

  @Test
  void certificateThatMatchesShouldBeEnoughWhateverElseIsWrongWithIt() {
    signed(ODD, key(ODD.leaf()));

    assertThat(how()).contains("channel=\"TLSv1.3 verified", "policy=\"DANE mx.good.example\"");
    assertThat(received()).singleElement().matches(ReceivedMail::inTls);
  }

  @Test
  void certificateThatMatchesNoRecordShouldHoldMailBack() {
    signed(net.ca().issue(MX), key(OTHER.leaf()));

    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.good.example: mx.good.example: ");
  }

  @Test
  void oneOfSeveralRecordsShouldBeEnough() {
    signed(ODD, key(OTHER.leaf()));
    tlsa(MX, key(ODD.leaf()));

    assertThat(how()).contains("verified", "DANE mx.good.example");
  }

  static List<SmtpEffect> withoutTls() {
    return List.of(
        SmtpEffect.hideStartTls(),
        SmtpEffect.reply(Stage.STARTTLS, "454 4.7.0 not now"),
        new SmtpEffect.Handshake(HandshakeFault.ALERT));
  }

  @ParameterizedTest
  @MethodSource("withoutTls")
  void clearTextShouldNeverBeSentToAHostWithUsableRecords(SmtpEffect effect) {
    signed(ODD, key(ODD.leaf()));
    net.server(MX).effects(effect);

    assertHeldBack(deliver(), code(effect), "DANE mx.good.example: mx.good.example");
    assertThat(net.server(MX).connections()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("withoutTls")
  void clearTextShouldNeverBeSentToAHostWithUnusableRecords(SmtpEffect effect) {
    signed(ODD, "1 1 1 " + digest(new byte[0]));
    net.server(MX).effects(effect);

    assertHeldBack(deliver(), code(effect), "DANE mx.good.example (no usable records)");
    assertThat(net.server(MX).connections()).hasSize(1);
  }

  private static String code(SmtpEffect effect) {
    return effect instanceof SmtpEffect.Handshake ? "450 4.7.5" : "450 4.7.4";
  }

  @Test
  void recordsThatCannotBeUsedShouldMeanTlsWithAnyCertificate() {
    signed(ODD, "1 1 1 " + digest(new byte[0]));

    assertThat(how())
        .contains("channel=\"TLSv1.3 unverified", "DANE mx.good.example (no usable records)");
    assertThat(received()).singleElement().matches(ReceivedMail::inTls);
  }

  @Test
  void hostShouldNotBeContactedWhenNobodyCanTellOfItsRecords() {
    signed(ODD, key(ODD.leaf()));
    failing(MX);

    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.good.example: mx.good.example: TLSA lookup");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  void onlyTheHostThatFailsShouldBePassedOver() {
    signed(ODD, key(ODD.leaf()));
    failing(MX);
    net.mx(DOMAIN, 20, BACKUP, ODD);

    assertThat(how()).contains("mx=backup.good.example", "no policy");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  // RFC 7672 §2.2.1
  @Test
  void preferenceShouldGoBeforeProof() {
    net.mx(DOMAIN, 10, MX, ODD);
    net.mx(DOMAIN, 20, BACKUP, ODD);
    tlsa(BACKUP, key(ODD.leaf()));

    assertThat(how()).contains("mx=mx.good.example", "no policy");
  }

  // RFC 7672 §2.2.2: asked where that proves nothing, or before the addresses, it would harm.
  @Test
  @Rule(value = "RFC 7672 D11", in = Destinations.class)
  void recordsShouldNotBeLookedUpWhereNothingIsProven() {
    net.mx(DOMAIN, 10, PLAIN_MX, net.ca().issue(PLAIN_MX));
    tlsa(PLAIN_MX, key(OTHER.leaf()));
    assertThat(how()).contains("mx=mx.plain.test", "no policy");

    net.mx(PLAIN, 10, MX, net.ca().issue(MX));
    tlsa(MX, key(OTHER.leaf()));
    assertThat(how(PLAIN)).contains("mx=mx.good.example", "no policy");

    assertThat(net.dns().queries(tlsaName(PLAIN_MX), "TLSA")).isZero();
    assertThat(net.dns().queries(tlsaName(MX), "TLSA")).isZero();
  }

  @Test
  void recordsShouldNotBeLookedUpWhenDaneIsOff() {
    signed(net.ca().issue(MX), key(OTHER.leaf()));
    MailDelivery off =
        world.delivery(
            new StsSettings.Dane(
                Use.OFF, InsecureMx.AUTHENTICATE, WithMtaSts.BOTH, false, DigestAgility.STANDARD));

    assertThat(off.deliver(world.mailTo(DOMAIN)).delivered().get(0).how()).contains("no policy");
    assertThat(net.dns().queries(tlsaName(MX), "TLSA")).isZero();
  }

  @Test
  @Rule(value = "RFC 7672 D9", in = Destinations.class)
  void hostBehindUnprovenMxRecordsShouldBeHeldToItsRecordsIfTheOperatorWantsThat() {
    net.mx(PLAIN, 10, MX, ODD);
    tlsa(MX, key(OTHER.leaf()));
    MailDelivery half = world.delivery(with(InsecureMx.AUTHENTICATE));
    DeliveryWorld.assertDeferred(
        half.deliver(world.mailTo(PLAIN)), "450 4.7.5", "(MX records not proven)");
    assertThat(net.receivedFor("bob@" + PLAIN)).isEmpty();

    tlsa(MX, key(ODD.leaf()));

    // RFC 7672 §2.2.1: never called a secure delivery.
    assertThat(half.deliver(world.mailTo(PLAIN)).delivered().get(0).how())
        .contains(
            "channel=\"TLSv1.3 unverified",
            "policy=\"DANE mx.good.example (MX records not proven)\"");
  }

  // RFC 7672 §8.1, §2.2.3
  @Test
  @Rule(value = "RFC 7672 D21", in = HostConversation.class)
  void serverNameShouldBeTheTlsaBaseDomain() {
    net.mx(PROVIDER, 10, REAL, ODD);
    net.dns().mx(DOMAIN, 10, MX).cname(MX, REAL);
    tlsa(REAL, key(ODD.leaf()));

    assertThat(how()).contains("verified", "DANE mx.good.example by real.provider.example");
    assertThat(serverName()).isEqualTo(REAL);
  }

  @Test
  void serverNameShouldBeTheMxNameWhereTheRecordsStandThere() {
    net.mx(PROVIDER, 10, REAL, ODD);
    net.dns().mx(DOMAIN, 10, MX).cname(MX, REAL);
    tlsa(MX, key(ODD.leaf()));

    assertThat(how()).contains("verified", "policy=\"DANE mx.good.example\"");
    assertThat(serverName()).isEqualTo(MX);
  }

  @Test
  void policyShouldBeHeldAgainstTheMxNameWhateverIsSentAsServerName() {
    net.policy(DOMAIN, "enforce", MX);
    net.mx(PROVIDER, 10, REAL, net.ca().issue(MX));
    net.dns().mx(DOMAIN, 10, MX).cname(MX, REAL);
    tlsa(REAL, authority());

    // Good for the policy, and made for none of the names that count for DANE-TA.
    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.good.example by real.provider.example");

    net.replaceMx(REAL, net.ca().issue(MX, REAL));
    assertThat(how())
        .contains(
            "verified",
            "policy=\"DANE mx.good.example by real.provider.example and MTA-STS (enforce)");
  }

  // RFC 7671 §9
  @Test
  @Rule(value = "RFC 7671 D6", in = Destinations.class)
  void digestShouldBeBelievedInTheOrderOfTheOperator() {
    signed(ODD, key(ODD.leaf()));
    tlsa(MX, "3 1 2 " + "00".repeat(64));
    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.good.example: mx.good.example: ");

    MailDelivery shorterFirst =
        world.delivery(
            new StsSettings.Dane(
                Use.ON,
                InsecureMx.OPPORTUNISTIC,
                WithMtaSts.BOTH,
                false,
                new DigestAgility(List.of(Digest.SHA2_256, Digest.SHA2_512))));

    assertThat(shorterFirst.deliver(world.mailTo(DOMAIN)).delivered().get(0).how())
        .contains("verified", "policy=\"DANE mx.good.example\"");
  }

  // RFC 7672 §3.2.3 against RFC 9525
  @Test
  void commonNameShouldCountBelowATrustAnchorIfTheOperatorWantsThat() {
    signed(net.ca().issueCommonNameOnly(MX), authority());
    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.good.example: mx.good.example: ");

    MailDelivery lenient =
        world.delivery(
            new StsSettings.Dane(
                Use.ON, InsecureMx.OPPORTUNISTIC, WithMtaSts.BOTH, true, DigestAgility.STANDARD));

    assertThat(lenient.deliver(world.mailTo(DOMAIN)).delivered().get(0).how())
        .contains("verified", "policy=\"DANE mx.good.example\"");
  }

  @Test
  void mailShouldWaitWhenTheOperatorDemandsDaneAndNothingProvesTheMxRecords() {
    signed(ODD, key(ODD.leaf()));
    demand(DOMAIN);
    assertThat(how()).contains("verified", "policy=\"mandatory DANE mx.good.example\"");

    net.dns().mx(PLAIN, 10, MX);
    demand(PLAIN);

    DeliveryWorld.assertDeferred(
        world.delivery().deliver(world.mailTo(PLAIN)),
        "450 4.7.5",
        "mandatory DANE mx.good.example",
        "does not prove the MX records");
    assertThat(net.receivedFor("bob@" + PLAIN)).isEmpty();
  }

  @Test
  void hostWithoutRecordsShouldBePassedOverWhenTheOperatorDemandsDane() {
    net.goodMx(DOMAIN, 10, MX);
    demand(DOMAIN);
    assertHeldBack(
        deliver(),
        "450 4.7.5",
        "mandatory DANE mx.good.example",
        "no TLSA records",
        "(demanded by the operator of this server)");

    net.mx(DOMAIN, 20, BACKUP, ODD);
    tlsa(BACKUP, key(ODD.leaf()));

    assertThat(how()).contains("mx=backup.good.example", "verified");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A10", in = DraftRequirement.class)
  void draftThatWantsTlsaShouldBeConfirmedByAMatchAndThenHoldMailBack() {
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, MX).wantingTlsa());
    signed(ODD, key(ODD.leaf()));
    assertThat(how()).contains("verified", "SMTP STS draft (to=true, candidate) good.example");
    assertThat(how()).contains("verified", "SMTP STS draft (to=true, confirmed) good.example");
    int before = received().size();

    net.dns().remove(tlsaName(MX));

    DeliveryWorld.assertDeferred(
        deliver(), "450 4.7.5", "SMTP STS draft (to=true, confirmed)", "wants TLSA");
    assertThat(received()).hasSize(before);
  }

  @Test
  void hostWithoutMxRecordsShouldBeHeldToItsRecords() {
    net.implicitMx(DOMAIN);
    tlsa(DOMAIN, key(OTHER.leaf()));

    assertHeldBack(deliver(), "450 4.7.5", "DANE good.example: good.example: ");
  }

  @Test
  @Rule(value = "RFC 7672 D13", in = Destinations.class)
  @Rule(value = "RFC 7672 D14", in = Destinations.class)
  void gatewayShouldBeHeldToItsRecordsAtItsPort() throws Exception {
    net.goodMx("relay.example", 10, "mx.relay.example");
    net.implicitMx("gate.relay.example");
    tlsa("gate.relay.example", key(OTHER.leaf()));
    OutboundMail mail =
        new OutboundMail(
            "mail-1",
            List.of(new NextHop.Gateway(new DomainName("gate.relay.example"), net.smtpPort())),
            Envelope.parse("", List.of("bob@" + DOMAIN)),
            world.mailTo(DOMAIN).content());

    assertHeldBack(world.delivery().deliver(mail), "450 4.7.5", "DANE gate.relay.example: ");

    tlsa("gate.relay.example", authority());
    assertThat(world.delivery().deliver(mail).delivered().get(0).how())
        .contains("verified", "policy=\"DANE gate.relay.example\"");
    assertThat(net.dns().queries("gate.relay.example", "MX")).isZero();
  }
}
