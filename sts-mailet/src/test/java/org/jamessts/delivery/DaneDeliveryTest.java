package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateEncodingException;
import java.util.List;
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
    return new StsSettings.Dane(Use.ON, insecureMx, WithMtaSts.BOTH, false);
  }

  @Test
  void certificateThatMatchesShouldBeEnoughWhateverElseIsWrongWithIt() {
    signed(ODD, key(ODD.leaf()));

    assertThat(how()).contains("channel=TLSv1.3 verified", "policy=\"DANE mx.example.test\"");
    assertThat(received()).singleElement().matches(ReceivedMail::inTls);
  }

  @Test
  void certificateThatMatchesNoRecordShouldHoldMailBack() {
    signed(net.ca().issue(MX), key(OTHER.leaf()));

    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.example.test: mx.example.test: ");
  }

  @Test
  void oneOfSeveralRecordsShouldBeEnough() {
    signed(ODD, key(OTHER.leaf()));
    tlsa(MX, key(ODD.leaf()));

    assertThat(how()).contains("verified", "DANE mx.example.test");
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

    assertHeldBack(deliver(), code(effect), "DANE mx.example.test: mx.example.test");
    assertThat(net.server(MX).connections()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("withoutTls")
  void clearTextShouldNeverBeSentToAHostWithUnusableRecords(SmtpEffect effect) {
    signed(ODD, "1 1 1 " + digest(new byte[0]));
    net.server(MX).effects(effect);

    assertHeldBack(deliver(), code(effect), "DANE mx.example.test (no usable records)");
    assertThat(net.server(MX).connections()).hasSize(1);
  }

  private static String code(SmtpEffect effect) {
    return effect instanceof SmtpEffect.Handshake ? "450 4.7.5" : "450 4.7.4";
  }

  @Test
  void recordsThatCannotBeUsedShouldMeanTlsWithAnyCertificate() {
    signed(ODD, "1 1 1 " + digest(new byte[0]));

    assertThat(how())
        .contains("channel=TLSv1.3 unverified", "DANE mx.example.test (no usable records)");
    assertThat(received()).singleElement().matches(ReceivedMail::inTls);
  }

  @Test
  void hostShouldNotBeContactedWhenNobodyCanTellOfItsRecords() {
    signed(ODD, key(ODD.leaf()));
    failing(MX);

    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.example.test: mx.example.test: TLSA lookup");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  void onlyTheHostThatFailsShouldBePassedOver() {
    signed(ODD, key(ODD.leaf()));
    failing(MX);
    net.mx(DOMAIN, 20, BACKUP, ODD);
    world.proven.add(BACKUP);

    assertThat(how()).contains("mx=backup.example.test", "no policy");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  // RFC 7672 §2.2.1
  @Test
  void preferenceShouldGoBeforeProof() {
    net.mx(DOMAIN, 10, MX, ODD);
    net.mx(DOMAIN, 20, BACKUP, ODD);
    tlsa(BACKUP, key(ODD.leaf()));
    world.proven.add(DOMAIN, MX, BACKUP);

    assertThat(how()).contains("mx=mx.example.test", "no policy");
  }

  // RFC 7672 §2.2.2: asked where that proves nothing, or before the addresses, it would harm.
  @Test
  void recordsShouldNotBeLookedUpWhereNothingIsProven() {
    signed(net.ca().issue(MX), key(OTHER.leaf()));
    world.proven.remove(MX);
    assertThat(how()).contains("no policy");

    world.proven.add(MX);
    world.proven.remove(DOMAIN);
    assertThat(how()).contains("no policy");

    assertThat(net.dns().queries(tlsaName(MX), "TLSA")).isZero();
  }

  @Test
  void recordsShouldNotBeLookedUpWhenDaneIsOff() {
    signed(net.ca().issue(MX), key(OTHER.leaf()));
    MailDelivery off =
        world.delivery(
            new StsSettings.Dane(Use.OFF, InsecureMx.AUTHENTICATE, WithMtaSts.BOTH, false));

    assertThat(off.deliver(world.mailTo(DOMAIN)).delivered().get(0).how()).contains("no policy");
    assertThat(net.dns().queries(tlsaName(MX), "TLSA")).isZero();
  }

  @Test
  void hostBehindUnprovenMxRecordsShouldBeHeldToItsRecordsIfTheOperatorWantsThat() {
    signed(ODD, key(OTHER.leaf()));
    world.proven.remove(DOMAIN);
    MailDelivery half = world.delivery(with(InsecureMx.AUTHENTICATE));
    assertHeldBack(half.deliver(world.mailTo(DOMAIN)), "450 4.7.5", "(MX records not proven)");

    tlsa(MX, key(ODD.leaf()));

    // RFC 7672 §2.2.1: never called a secure delivery.
    assertThat(half.deliver(world.mailTo(DOMAIN)).delivered().get(0).how())
        .contains(
            "channel=TLSv1.3 unverified",
            "policy=\"DANE mx.example.test (MX records not proven)\"");
  }

  // RFC 7672 §8.1, §2.2.3
  @Test
  void serverNameShouldBeTheTlsaBaseDomain() {
    net.mx("provider.test", 10, "real.provider.test", ODD);
    net.dns().mx(DOMAIN, 10, MX).cname(MX, "real.provider.test");
    tlsa("real.provider.test", key(ODD.leaf()));
    world.proven.add(DOMAIN, MX, "real.provider.test");

    assertThat(how()).contains("verified", "DANE mx.example.test by real.provider.test");
    assertThat(serverName()).isEqualTo("real.provider.test");
  }

  @Test
  void serverNameShouldBeTheMxNameWhereTheRecordsStandThere() {
    net.mx("provider.test", 10, "real.provider.test", ODD);
    net.dns().mx(DOMAIN, 10, MX).cname(MX, "real.provider.test");
    tlsa(MX, key(ODD.leaf()));
    world.proven.add(DOMAIN, MX, "real.provider.test");

    assertThat(how()).contains("verified", "policy=\"DANE mx.example.test\"");
    assertThat(serverName()).isEqualTo(MX);
  }

  private String serverName() {
    return received().get(0).tls().orElseThrow().serverName().orElseThrow();
  }

  @Test
  void policyShouldBeHeldAgainstTheMxNameWhateverIsSentAsServerName() {
    net.policy(DOMAIN, "enforce", MX);
    net.mx("provider.test", 10, "real.provider.test", net.ca().issue(MX));
    net.dns().mx(DOMAIN, 10, MX).cname(MX, "real.provider.test");
    tlsa("real.provider.test", authority());
    world.proven.add(DOMAIN, MX, "real.provider.test");

    // Good for the policy, and made for none of the names that count for DANE-TA.
    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.example.test by real.provider.test");

    net.replaceMx("real.provider.test", net.ca().issue(MX, "real.provider.test"));
    assertThat(how())
        .contains(
            "verified",
            "policy=\"DANE mx.example.test by real.provider.test and MTA-STS (enforce)");
  }

  /** Whatever the authority of this Internet has issued: {@code 2 0 1}. */
  private String authority() {
    try {
      return "2 0 1 " + digest(net.ca().root().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  // RFC 7672 §3.2.3 against RFC 9525
  @Test
  void commonNameShouldCountBelowATrustAnchorIfTheOperatorWantsThat() {
    signed(net.ca().issueCommonNameOnly(MX), authority());
    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.example.test: mx.example.test: ");

    MailDelivery lenient =
        world.delivery(
            new StsSettings.Dane(Use.ON, InsecureMx.OPPORTUNISTIC, WithMtaSts.BOTH, true));

    assertThat(lenient.deliver(world.mailTo(DOMAIN)).delivered().get(0).how())
        .contains("verified", "policy=\"DANE mx.example.test\"");
  }

  @Test
  void mailShouldWaitWhenTheOperatorDemandsDaneAndNothingProvesTheMxRecords() {
    signed(ODD, key(ODD.leaf()));
    demand();
    assertThat(how()).contains("verified", "policy=\"mandatory DANE mx.example.test\"");
    int before = received().size();

    world.proven.remove(DOMAIN);

    DeliveryWorld.assertDeferred(
        deliver(), "450 4.7.5", "mandatory DANE mx.example.test", "does not prove the MX records");
    assertThat(received()).hasSize(before);
  }

  @Test
  void hostWithoutRecordsShouldBePassedOverWhenTheOperatorDemandsDane() {
    net.goodMx(DOMAIN, 10, MX);
    world.proven.add(DOMAIN, MX, BACKUP);
    demand();
    assertHeldBack(deliver(), "450 4.7.5", "mandatory DANE mx.example.test", "no TLSA records");

    net.mx(DOMAIN, 20, BACKUP, ODD);
    tlsa(BACKUP, key(ODD.leaf()));

    assertThat(how()).contains("mx=backup.example.test", "verified");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A10", in = DraftRequirement.class)
  void draftThatWantsTlsaShouldBeConfirmedByAMatchAndThenHoldMailBack() {
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, MX).wantingTlsa());
    signed(ODD, key(ODD.leaf()));
    assertThat(how()).contains("verified", "SMTP STS draft (to=true, candidate) example.test");
    assertThat(how()).contains("verified", "SMTP STS draft (to=true, confirmed) example.test");
    int before = received().size();

    net.dns().remove(tlsaName(MX));

    DeliveryWorld.assertDeferred(
        deliver(), "450 4.7.5", "SMTP STS draft (to=true, confirmed)", "wants TLSA");
    assertThat(received()).hasSize(before);
  }

  @Test
  void hostWithoutMxRecordsShouldBeHeldToItsRecords() {
    net.implicitMx(DOMAIN);
    world.proven.add(DOMAIN);
    tlsa(DOMAIN, key(OTHER.leaf()));

    assertHeldBack(deliver(), "450 4.7.5", "DANE example.test: example.test: ");
  }

  @Test
  void gatewayShouldBeHeldToItsRecordsAtItsPort() throws Exception {
    net.goodMx("relay.test", 10, "mx.relay.test");
    net.implicitMx("gate.relay.test");
    world.proven.add("gate.relay.test");
    tlsa("gate.relay.test", key(OTHER.leaf()));
    OutboundMail mail =
        new OutboundMail(
            "mail-1",
            List.of(new NextHop.Gateway(new DomainName("gate.relay.test"), net.smtpPort())),
            Envelope.parse("", List.of("bob@" + DOMAIN)),
            world.mailTo(DOMAIN).content());

    assertHeldBack(world.delivery().deliver(mail), "450 4.7.5", "DANE gate.relay.test: ");

    tlsa("gate.relay.test", authority());
    assertThat(world.delivery().deliver(mail).delivered().get(0).how())
        .contains("verified", "policy=\"DANE gate.relay.test\"");
    assertThat(net.dns().queries("gate.relay.test", "MX")).isZero();
  }
}
