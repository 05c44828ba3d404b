package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.settings.StsSettings;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.ResultType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody writes us into the MX records of others. */
class ForgedRouteTest {

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

  private void assertHeldBackForOurName(DeliveryReport report) {
    assertThat(report.deferred())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.reason().queued()).isEqualTo("450 4.7.0");
              assertThat(outcome.reason().kind()).isEqualTo(Reason.Kind.POLICY);
              assertThat(outcome.reason().explanation()).contains("ours.test is not among");
            });
    assertThat(world.recorded(DOMAIN).get(0).failures())
        .first()
        .satisfies(
            counted -> {
              assertThat(counted.failure().type()).isEqualTo(ResultType.VALIDATION_FAILURE);
              assertThat(counted.failure().peers().receivingMx())
                  .contains(new DomainName("ours.test"));
            });
  }

  // We cannot tell a forged place from a true one. If it is true, what is behind us sends the mail
  // back to us (RFC 5321 §5.1, RFC 8461 §8.4); if it is forged, a bounce would be the forger's
  // success (RFC 8461 §5). So nothing is sent, and nothing is final.
  @Test
  @Rule(value = "RFC 8461 S28", in = MailDelivery.class)
  void mailShouldWaitWhenAPlaceThatThePolicyRulesOutMakesUsTheBestHost() {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, MX);
    net.dns().mx(DOMAIN, 5, "ours.test");

    assertHeldBackForOurName(deliver());
    assertThat(net.server(MX).connections()).isEmpty();

    net.dns().remove(DOMAIN).mx(DOMAIN, 10, "ours.test").mx(DOMAIN, 10, MX);

    assertHeldBackForOurName(deliver());
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  void mailShouldWaitWhenAForgedPlaceIsTheOnlyOne() {
    net.policy(DOMAIN, "enforce", MX);
    net.dns().mx(DOMAIN, 5, "ours.test");

    assertHeldBackForOurName(deliver());
  }

  @Test
  void betterHostShouldGetTheMailWhenAForgedPlaceStandsBehindIt() {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, MX);
    net.dns().mx(DOMAIN, 20, "ours.test");

    assertThat(deliver().delivered()).hasSize(1);
  }

  // The place that the policy names is enough to make it a loop: the forged one changes nothing.
  @Test
  void mailShouldBounceWhenAPlaceThatThePolicyNamesMakesUsTheBestHost() {
    net.policy(DOMAIN, "enforce", "alias.test");
    net.dns().mx(DOMAIN, 5, "ours.test").mx(DOMAIN, 10, "alias.test").a("alias.test", "192.0.2.7");
    OwnHosts own =
        new OwnHosts(
            Set.of(new DomainName("ours.test")), Set.of(DeliveryWorld.address(192, 0, 2, 7)));

    DeliveryReport report =
        world.delivery(new StsSettings.Mx(true, 10, 20), own).deliver(world.mailTo(DOMAIN));

    assertThat(report.bounced())
        .extracting(outcome -> outcome.reason().ultimate())
        .containsExactly("550 5.4.6");
  }

  @Test
  void mailShouldWaitWhenOnlyAForgedPlaceComesBeforeTheHostBeforeUs() {
    net.policy(DOMAIN, "enforce", "alias.test");
    net.goodMx(DOMAIN, 7, MX);
    net.dns().mx(DOMAIN, 5, "ours.test").mx(DOMAIN, 10, "alias.test").a("alias.test", "192.0.2.7");
    OwnHosts own =
        new OwnHosts(
            Set.of(new DomainName("ours.test")), Set.of(DeliveryWorld.address(192, 0, 2, 7)));

    assertHeldBackForOurName(
        world.delivery(new StsSettings.Mx(true, 10, 20), own).deliver(world.mailTo(DOMAIN)));
  }

  // Under testing nothing is ruled out, and a loop is a loop.
  @Test
  void mailShouldBounceWhenWeAreTheBestHostUnderAPolicyThatIsOnlyTested() {
    net.policy(DOMAIN, "testing", MX);
    net.goodMx(DOMAIN, 10, MX);
    net.dns().mx(DOMAIN, 5, "ours.test");

    assertThat(deliver().bounced())
        .extracting(outcome -> outcome.reason().ultimate())
        .containsExactly("550 5.4.6");
  }

  // No host may be tried any more: that is no loop.
  @Test
  void mailShouldWaitWhenThereAreMoreGatewaysThanHostsToTry() throws Exception {
    List<NextHop> gateways =
        List.of(
            new NextHop.Gateway(new DomainName("gone1.test"), net.smtpPort()),
            new NextHop.Gateway(new DomainName("gone2.test"), net.smtpPort()));
    OutboundMail toDomain = world.mailTo(DOMAIN);

    DeliveryReport report =
        world
            .delivery(new StsSettings.Mx(true, 1, 20), new OwnHosts(Set.of(), Set.of()))
            .deliver(
                new OutboundMail(
                    toDomain.name(), gateways, toDomain.envelope(), toDomain.content()));

    assertThat(report.deferred())
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.reason().explanation()).contains("gone1.test"));
  }

  // To filter the list first would make us the best host, and the mail bounce; to pass us over
  // would make it go round in circles.
  @Test
  @Rule(value = "RFC 8461 S28", in = MailDelivery.class)
  void mailShouldWaitWhenThePolicyRulesOutTheOnlyHostBeforeUs() {
    net.policy(DOMAIN, "enforce", "*.test");
    net.goodMx(DOMAIN, 10, MX);
    net.goodMx(DOMAIN, 20, "ours.test");
    net.goodMx(DOMAIN, 30, "backup.test");

    assertThat(deliver().deferred())
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.reason().queued()).isEqualTo("450 4.7.0"));
    assertThat(net.server("ours.test").connections()).isEmpty();
    assertThat(net.server("backup.test").connections()).isEmpty();
  }

  @Test
  void ourAddressShouldBeOursWhenTheDnsHidesItInIpv6() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    System.arraycopy(DeliveryWorld.address(192, 0, 2, 7).getAddress(), 0, mapped, 12, 4);
    Target target =
        OwnHostsTest.at(
            10,
            MX,
            new AddressLookup.Found(
                List.of(Inet6Address.getByAddress(null, mapped, -1)), List.of()));
    OwnHosts own = new OwnHosts(Set.of(), Set.of(DeliveryWorld.address(192, 0, 2, 7)));

    assertThat(own.before(List.of(target))).isEmpty();
  }
}
