package org.jamessts.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;

class UnreachableHostsTest {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 25);
  private static final InetSocketAddress OTHER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 26);

  private final SettableClock clock = new SettableClock();
  private final UnreachableHosts hosts = new UnreachableHosts(clock);

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      hosts.failed(HOST, "timed out");
    }
  }

  /** How long the host is left alone from now on. */
  private Duration rest() {
    return hosts
        .restOf(HOST)
        .map(rest -> Duration.between(clock.instant(), rest.until()))
        .orElse(Duration.ZERO);
  }

  @Test
  void aHostShouldBeLeftAloneOnlyAfterSeveralFailuresInARow() {
    fail(UnreachableHosts.FAILURES - 1);
    assertThat(hosts.restOf(HOST)).isEmpty();
    hosts.answered(HOST);
    fail(UnreachableHosts.FAILURES - 1);
    assertThat(hosts.restOf(HOST)).isEmpty();

    fail(1);

    assertThat(hosts.restOf(HOST))
        .contains(
            new UnreachableHosts.Rest(
                clock.instant(), clock.instant().plus(UnreachableHosts.FIRST_REST), "timed out"));
    assertThat(hosts.restOf(OTHER)).isEmpty();
  }

  @Test
  void failuresThatBeganBeforeTheRestShouldNotProlongIt() {
    fail(UnreachableHosts.FAILURES + 50);

    assertThat(rest()).isEqualTo(UnreachableHosts.FIRST_REST);
  }

  @Test
  void oneShouldTryForAllAfterARest() {
    fail(UnreachableHosts.FAILURES);
    clock.advance(UnreachableHosts.FIRST_REST);

    assertThat(hosts.restOf(HOST)).as("the first who asks").isEmpty();
    assertThat(hosts.restOf(HOST)).as("others").isPresent();

    hosts.answered(HOST);
    assertThat(hosts.restOf(HOST)).isEmpty();
    assertThat(hosts.restOf(HOST)).isEmpty();
  }

  @Test
  void anotherShouldTryWhenTheOneWhoTriesDoesNotComeBack() {
    fail(UnreachableHosts.FAILURES);
    clock.advance(UnreachableHosts.FIRST_REST);
    assertThat(hosts.restOf(HOST)).isEmpty();

    clock.advance(UnreachableHosts.TRIAL);

    assertThat(hosts.restOf(HOST)).isEmpty();
  }

  @Test
  void restsShouldDoubleUpToALimit() {
    fail(UnreachableHosts.FAILURES);
    Duration expected = UnreachableHosts.FIRST_REST;
    for (int i = 0; i < 12; i++) {
      assertThat(rest()).isEqualTo(expected);
      clock.advance(expected);
      assertThat(hosts.restOf(HOST)).isEqualTo(Optional.empty());
      fail(1);
      expected = expected.multipliedBy(2);
      if (expected.compareTo(UnreachableHosts.LONGEST_REST) > 0) {
        expected = UnreachableHosts.LONGEST_REST;
      }
    }
    assertThat(expected).isEqualTo(UnreachableHosts.LONGEST_REST);
  }
}
