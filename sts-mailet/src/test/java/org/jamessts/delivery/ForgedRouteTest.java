package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxHost;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.Rule;
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

  // RFC 8461 §5: a host that the policy does not name is passed over, and nothing is final.
  @Test
  void mailUnderEnforceShouldNotBounceWhenOurNameIsForgedIntoTheMxRecords() {
    net.goodMx(DOMAIN, 10, MX);
    net.policy(DOMAIN, "enforce", MX);
    net.dns().mx(DOMAIN, 5, "ours.test");

    assertThat(world.delivery().deliver(world.mailTo(DOMAIN)).delivered()).hasSize(1);

    net.dns().remove(DOMAIN).mx(DOMAIN, 5, "ours.test");

    assertThat(world.delivery().deliver(world.mailTo(DOMAIN)).deferred())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.reason().queued()).isEqualTo("450 4.7.0");
              assertThat(outcome.reason().explanation()).contains("ours.test is not among");
            });
  }

  // To filter the list first would make us the best host, and the mail bounce; to pass us over
  // would
  // make it go round in circles.
  @Test
  @Rule(value = "RFC 8461 S28", in = MailDelivery.class)
  void mailShouldWaitWhenThePolicyRulesOutTheOnlyHostBeforeUs() {
    net.policy(DOMAIN, "enforce", "*.test");
    net.goodMx(DOMAIN, 10, MX);
    net.goodMx(DOMAIN, 20, "ours.test");
    net.goodMx(DOMAIN, 30, "backup.test");

    assertThat(world.delivery().deliver(world.mailTo(DOMAIN)).deferred())
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
        new Target(
            new MxHost(new DomainName(MX), 10),
            new AddressLookup.Found(
                List.of(Inet6Address.getByAddress(null, mapped, -1)), DnsAnswer.Security.INSECURE));
    OwnHosts own = new OwnHosts(Set.of(), Set.of(DeliveryWorld.address(192, 0, 2, 7)));

    assertThat(own.before(List.of(target))).isEmpty();
  }
}
