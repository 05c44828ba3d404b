package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jamessts.dane.DaneLookup;
import org.jamessts.decide.DaneHost;
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
    return at(preference, name, new AddressLookup.Found(List.of(address), List.of()));
  }

  /** A host of which DNSSEC proves nothing. */
  static Target at(int preference, String name, AddressLookup addresses) {
    DomainName host = new DomainName(name);
    DaneHost dane = new DaneHost(host, new DaneLookup.None("not signed"), Set.of(), false, false);
    return new Target(new MxHost(host, preference), addresses, dane);
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
            at(20, "gone.test", new AddressLookup.None(false)));

    assertThat(own.before(targets)).isEqualTo(targets);
  }
}
