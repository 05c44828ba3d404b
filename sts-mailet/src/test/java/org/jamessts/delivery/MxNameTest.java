package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.jamessts.decide.StsRequirement;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.Rule;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.x509.CertificateFacts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An MX host is judged by the name in the MX record, and by no other. */
class MxNameTest {

  private static final String DOMAIN = "example.test";
  private static final String MX = "mx.example.test";
  private static final String TARGET = "host.provider.test";

  private final DeliveryWorld world = new DeliveryWorld();
  private final PrivateInternet net = world.internet;

  @AfterEach
  void stop() {
    world.close();
  }

  /** The domain's MX record names an alias of the provider's host. */
  private void aliasedMx(Credential credential) {
    net.mx("provider.test", 10, TARGET, credential);
    net.dns().mx(DOMAIN, 10, MX).cname(MX, TARGET);
  }

  private void assertHeldBack(String words) {
    assertThat(world.delivery().deliver(world.mailTo(DOMAIN)).deferred())
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.reason().explanation()).contains(words));
    assertThat(net.receivedFor("bob@" + DOMAIN)).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S20", in = StsRequirement.class)
  @Rule(value = "RFC 8461 S21", in = StsRequirement.class)
  @Rule(value = "RFC 8461 S22", in = TlsHandshaker.class)
  void aliasShouldBeMatchedAskedForAndCertifiedUnderItsOwnName() {
    net.policy(DOMAIN, "enforce", MX);
    aliasedMx(net.ca().issue(MX));

    assertThat(world.delivery().deliver(world.mailTo(DOMAIN)).delivered()).hasSize(1);
    assertThat(net.server(TARGET).mails())
        .singleElement()
        .satisfies(mail -> assertThat(mail.tls().orElseThrow().serverName()).contains(MX));
  }

  @Test
  @Rule(value = "RFC 8461 S20", in = StsRequirement.class)
  void targetOfAnAliasShouldNotStandForIt() {
    net.policy(DOMAIN, "enforce", TARGET);
    aliasedMx(net.ca().issue(MX, TARGET));

    assertHeldBack("mx.example.test is not among the policy's mx patterns [host.provider.test]");
    assertThat(net.server(TARGET).connections()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S21", in = CertificateFacts.class)
  void certificateOfTheTargetShouldNotDoForAnAlias() {
    net.policy(DOMAIN, "enforce", MX);
    aliasedMx(net.ca().issue(TARGET));

    assertHeldBack("certificate is for host.provider.test, not for mx.example.test");
  }

  @Test
  @Rule(value = "RFC 8461 S21", in = CertificateFacts.class)
  void certificateOfAnotherHostOfThePatternShouldNotDo() {
    net.policy(DOMAIN, "enforce", "*.example.test");
    net.mx(DOMAIN, 10, MX, net.ca().issue("other.example.test"));

    assertHeldBack("certificate is for other.example.test, not for mx.example.test");
  }
}
