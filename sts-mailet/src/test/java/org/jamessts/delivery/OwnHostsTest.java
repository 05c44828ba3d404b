package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxHost;
import org.junit.jupiter.api.Test;

/** RFC 5321 §5.1: ourselves among the hosts of a domain. */
class OwnHostsTest {

  private static final InetAddress OURS = DeliveryWorld.address(192, 168, 7, 7);
  private static final InetAddress LOOPBACK = DeliveryWorld.address(127, 0, 0, 1);

  private final OwnHosts own =
      new OwnHosts(Set.of(new DomainName("ours.test")), Set.of(OURS, LOOPBACK));

  private static Target target(int preference, String name, InetAddress address) {
    return new Target(
        new MxHost(new DomainName(name), preference),
        new AddressLookup.Found(List.of(address), List.of()));
  }

  private static Target other(int preference, String name) {
    return target(preference, name, DeliveryWorld.address(192, 0, 2, preference));
  }

  @Test
  void onlyBetterHostsShouldStayWhenOneHasOurName() {
    List<Target> targets =
        List.of(
            other(5, "a.test"), other(10, "b.test"), other(10, "ours.test"), other(20, "c.test"));

    assertThat(own.before(targets)).containsExactly(targets.get(0));
  }

  @Test
  void onlyBetterHostsShouldStayWhenOneHasOurAddress() {
    List<Target> targets =
        List.of(other(5, "a.test"), target(10, "alias.test", OURS), other(20, "c.test"));

    assertThat(own.before(targets)).containsExactly(targets.get(0));
  }

  @Test
  void theBestOfOurPlacesShouldCountWhenWeHaveSeveral() {
    List<Target> targets =
        List.of(other(5, "a.test"), target(10, "alias.test", OURS), other(30, "ours.test"));

    assertThat(own.before(targets)).containsExactly(targets.get(0));
  }

  @Test
  void nobodyShouldStayWhenWeAreTheBest() {
    assertThat(own.before(List.of(other(5, "ours.test"), other(10, "b.test")))).isEmpty();
  }

  @Test
  void allShouldStayWhenWeAreNotAmongThem() {
    List<Target> targets =
        List.of(
            other(5, "a.test"),
            target(10, "local.test", LOOPBACK),
            new Target(new MxHost(new DomainName("gone.test"), 20), new AddressLookup.None(false)));

    assertThat(own.before(targets)).isEqualTo(targets);
  }
}
