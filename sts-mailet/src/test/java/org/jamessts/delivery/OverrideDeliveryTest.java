package org.jamessts.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.OverrideChange;
import org.jamessts.override.OverrideParse;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.tlsrpt.ResultType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the operator says while the server runs holds for the next mail. */
class OverrideDeliveryTest {

  private static final String DOMAIN = "example.test";
  private static final String MX = "mx.example.test";

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

  private void say(String members) {
    sayUntil(world.clock.instant().plusSeconds(600), members);
  }

  private void sayUntil(Instant until, String members) {
    String json = "{\"domain\": \"%s\", \"until\": \"%s\", %s}".formatted(DOMAIN, until, members);
    DomainOverride override =
        ((OverrideParse.Parsed) DomainOverride.parse(json.getBytes(UTF_8))).override();
    assertThat(world.overrides.put(override, "test")).isInstanceOf(OverrideChange.Done.class);
  }

  private void exempt(String kind) {
    say("\"exempt\": [\"" + kind + "\"]");
  }

  private void assertHeldBack(String code, String words) {
    int before = received().size();
    DeliveryWorld.assertDeferred(deliver(), code, words);
    assertThat(received()).hasSize(before);
  }

  private String how() {
    return deliver().delivered().get(0).how();
  }

  @Test
  void minimumShouldHoldForADomainThatPublishesNothing() {
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    assertThat(how()).contains("unverified", "no policy");

    say("\"minimum\": \"verified\"");

    assertHeldBack("450 4.7.5", "operator's minimum (verified) example.test: mx.example.test");
    net.replaceMx(MX, net.ca().issue(MX));
    assertThat(how())
        .contains(
            "channel=\"TLSv1.3 verified", "policy=\"operator's minimum (verified) example.test");
  }

  @Test
  void minimumOfTlsShouldTakeAnyCertificateButNoClearText() {
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned("whoever.test"));
    say("\"minimum\": \"require-tls\"");
    assertThat(how()).contains("channel=\"TLSv1.3 unverified", "(require-tls)");

    net.server(MX).effects(SmtpEffect.hideStartTls());
    assertHeldBack("450 4.7.4", "operator's minimum (require-tls) example.test");
    net.server(MX).effects(new SmtpEffect.Handshake(HandshakeFault.ALERT));
    assertHeldBack("450 4.7.5", "operator's minimum (require-tls) example.test");
  }

  @Test
  void staticPolicyShouldHoldAsIfTheDomainHadPublishedIt() {
    net.goodMx(DOMAIN, 10, "mx.attacker.test");
    say("\"policy\": {\"mode\": \"enforce\", \"mx\": [\"*.example.test\"]}");

    assertHeldBack(
        "450 4.7.0", "operator's policy (enforce) example.test: mx.attacker.test is not");
    assertThat(net.server("mx.attacker.test").connections()).isEmpty();
    net.dns().remove(DOMAIN, "MX");
    net.goodMx(DOMAIN, 10, MX);
    assertThat(how()).contains("TLSv1.3 verified", "operator's policy (enforce) example.test");
  }

  @Test
  void minimumShouldHoldBesideAPolicyThatIsOnlyTested() {
    net.policy(DOMAIN, "testing", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    assertThat(how()).contains("MTA-STS (testing)");

    say("\"minimum\": \"verified\"");

    assertHeldBack("450 4.7.5", "operator's minimum (verified) example.test");
  }

  @Test
  void overrideShouldEndWhenItIsRemoved() {
    net.mxWithoutTls(DOMAIN, 10, MX);
    say("\"minimum\": \"verified\"");
    assertHeldBack("450 4.7.4", "does not offer STARTTLS");

    world.overrides.remove(new DomainPattern(false, new DomainName(DOMAIN)), "test");

    assertThat(how()).contains("channel=clear", "no policy");
  }

  /** A fault, the kind that exempts from it, and whether what is left is TLS. */
  static List<Arguments> faults() {
    return List.of(
        fault("certificate-expired", net -> net.ca().issueExpired(MX), true),
        fault("certificate-not-trusted", net -> PrivateCa.selfSigned(MX), true),
        fault("certificate-host-mismatch", net -> net.ca().issue("other.test"), true),
        fault("starttls-not-supported", good(), false, SmtpEffect.hideStartTls()),
        fault(
            "starttls-not-supported",
            good(),
            false,
            SmtpEffect.reply(Stage.STARTTLS, "454 4.7.0 not now")),
        fault(
            "tls-handshake-failed", good(), false, new SmtpEffect.Handshake(HandshakeFault.ALERT)));
  }

  /** Makes a certificate. */
  @FunctionalInterface
  interface Certificate {
    PrivateCa.Credential from(PrivateInternet net);
  }

  private static Certificate good() {
    return net -> net.ca().issue(MX);
  }

  private static Arguments fault(
      String kind, Certificate certificate, boolean tls, SmtpEffect... effects) {
    return Arguments.of(kind, certificate, tls, effects);
  }

  @ParameterizedTest(name = "{0}, {3}")
  @MethodSource("faults")
  void exemptionShouldLetMailGoInTlsWhereThereIsAny(
      String kind, Certificate certificate, boolean tls, SmtpEffect[] effects) {
    net.policy(DOMAIN, "enforce", MX);
    net.mx(DOMAIN, 10, MX, certificate.from(net), effects);
    assertThat(deliver().deferred()).hasSize(1);
    assertThat(received()).isEmpty();

    exempt(kind);

    assertThat(how())
        .contains(tls ? "TLSv1.3 unverified" : "channel=clear", "finding=\"MTA-STS (enforce)");
    assertThat(received()).singleElement().matches(mail -> mail.inTls() == tls);
    // What passes is reported all the same.
    assertThat(world.recorded(DOMAIN).get(0).failedSessions()).isEqualTo(2);
  }

  @Test
  void hostThatThePolicyDoesNotNameShouldGetMailInVerifiedTlsWhenThatIsExempt() {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, "mx.moved.test");
    assertHeldBack("450 4.7.0", "mx.moved.test is not among");

    exempt("mx-mismatch");

    assertThat(how()).contains("mx=mx.moved.test", "mx.moved.test is not among");
    assertThat(received()).singleElement().matches(ReceivedMail::inTls);
    net.replaceMx("mx.moved.test", PrivateCa.selfSigned("mx.moved.test"));
    assertHeldBack("450 4.7.5", "not trusted");
  }

  @Test
  void exemptionOfACertificateFaultShouldNotCoverAnotherFault() {
    net.policy(DOMAIN, "enforce", MX);
    exempt("certificate-expired");

    net.mx(DOMAIN, 10, MX, net.ca().issueExpired("other.test"));
    assertHeldBack("450 4.7.5", "certificate is for other.test");
    net.replaceMx(MX, PrivateCa.create("Mallory").issueExpired(MX));
    assertHeldBack("450 4.7.5", "not trusted");
    net.replaceMx(MX, net.ca().issueExpired(MX), SmtpEffect.hideStartTls());
    assertHeldBack("450 4.7.4", "does not offer STARTTLS");
  }

  @Test
  void exemptionShouldEndByItself() {
    net.policy(DOMAIN, "enforce", MX);
    net.mx(DOMAIN, 10, MX, net.ca().issueExpired(MX));
    sayUntil(world.clock.instant().plusSeconds(2), "\"exempt\": [\"certificate-expired\"]");
    assertThat(how()).contains("TLSv1.3 unverified");

    await().until(() -> !deliver().deferred().isEmpty());

    assertHeldBack("450 4.7.5", "certificate expired");
  }

  @Test
  void exemptionShouldHoldForThatDomainAlone() {
    net.policy(DOMAIN, "enforce", MX);
    net.mx(DOMAIN, 10, MX, net.ca().issueExpired(MX));
    net.policy("two.test", "enforce", "mx.two.test");
    net.mx("two.test", 10, "mx.two.test", net.ca().issueExpired("mx.two.test"));

    exempt("certificate-expired");

    assertThat(how()).contains("unverified");
    assertThat(world.delivery().deliver(world.mailTo("two.test")).deferred()).hasSize(1);
    assertThat(world.recorded(DOMAIN).get(0).failures().get(0).failure().type())
        .isEqualTo(ResultType.CERTIFICATE_EXPIRED);
  }
}
