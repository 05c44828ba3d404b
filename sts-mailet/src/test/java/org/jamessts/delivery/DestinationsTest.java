package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DnsReply;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxHost;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.settings.StsSettings;
import org.jamessts.testing.UnaskedResolver;
import org.junit.jupiter.api.Test;

class DestinationsTest {

  private static final NextHop HOP = new NextHop.MailDomain(new DomainName("example.test"), 25);

  private static Destinations asking(Resolver resolver) {
    return new Destinations(resolver, new Random(1), StsSettings.Dane.DEFAULT, Guards.ALL);
  }

  private static MxLookup.Hosts route(int hosts) {
    return new MxLookup.Hosts(
        IntStream.range(0, hosts)
            .mapToObj(i -> new MxHost(new DomainName("mx" + i + ".example.test"), i))
            .toList(),
        false,
        Security.INSECURE,
        Optional.empty());
  }

  @Test
  void hostsShouldBeLookedUpAtTheSameTimeAndStayInTheirOrder() {
    MxLookup.Hosts route = route(3);

    // Each host has two questions, and no answer comes before all six were asked.
    List<Target> targets =
        asking(new Together(new CyclicBarrier(6))).targets(HOP, route, route.hosts());

    assertThat(targets).extracting(Target::host).isEqualTo(route.hosts());
    assertThat(targets)
        .allSatisfy(
            target -> assertThat(target.addresses()).isInstanceOf(AddressLookup.Found.class));
  }

  @Test
  void lookupsShouldGoOnWhenThereAreMoreThanThreads() {
    MxLookup.Hosts route = route(50);

    assertThat(asking(new Together(new CyclicBarrier(1))).targets(HOP, route, route.hosts()))
        .extracting(Target::host)
        .isEqualTo(route.hosts());
  }

  /** Answers when so many wait for an answer. */
  private static final class Together extends UnaskedResolver {
    private final CyclicBarrier barrier;

    Together(CyclicBarrier barrier) {
      this.barrier = barrier;
    }

    private void await() {
      try {
        barrier.await(20, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public DnsReply<Inet4Address> a(DomainName host) {
      await();
      try {
        return new DnsReply<>(
            new DnsAnswer.Found<>(
                List.of((Inet4Address) InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1})),
                Security.INSECURE),
            Duration.ZERO);
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public DnsReply<Inet6Address> aaaa(DomainName host) {
      await();
      return new DnsReply<>(new DnsAnswer.Absent<>(true, Security.INSECURE), Duration.ZERO);
    }

    @Override
    public boolean validates() {
      return false;
    }
  }
}
