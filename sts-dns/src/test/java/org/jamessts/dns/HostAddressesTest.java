package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostAddressesTest {

  private static final String HOST = "mx.example.com";

  private final PrivateDns dns = PrivateDns.start();
  private final HostAddresses addresses =
      new HostAddresses(
          new DnsJavaResolver(
              List.of(dns.address()), Duration.ofSeconds(10), 0, Clock.systemUTC()));

  @AfterEach
  void stop() {
    dns.close();
  }

  @Test
  void familiesShouldAlternateWithIpv6FirstAndKeepTheirOrder() {
    dns.a(HOST, "192.0.2.1")
        .a(HOST, "192.0.2.2")
        .a(HOST, "192.0.2.3")
        .aaaa(HOST, "2001:db8::1")
        .aaaa(HOST, "2001:db8::2");
    assertThat(found())
        .containsExactly(
            "2001:db8:0:0:0:0:0:1", "192.0.2.1", "2001:db8:0:0:0:0:0:2", "192.0.2.2", "192.0.2.3");
  }

  @Test
  void aliasShouldBeFollowed() {
    dns.cname(HOST, "real.example.com").a("real.example.com", "192.0.2.1");
    assertThat(found()).containsExactly("192.0.2.1");
  }

  @Test
  void oneFamilyShouldDo() {
    dns.aaaa(HOST, "2001:db8::1");
    assertThat(found()).containsExactly("2001:db8:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @CsvSource({"A, AAAA", "AAAA, A"})
  void failingFamilyShouldNotHideTheOther(String failing, String working) {
    dns.a(HOST, "192.0.2.1").aaaa(HOST, "2001:db8::1").fault(HOST, failing, DnsFault.SERVFAIL);
    assertThat(found()).hasSize(1);
    assertThat(dns.queries(HOST, working)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"A", "AAAA"})
  void failureBesideAbsenceShouldBeAFailure(String failing) {
    dns.txt(HOST, "exists").fault(HOST, failing, DnsFault.REFUSED);
    assertThat(lookup()).isInstanceOf(AddressLookup.Failed.class);
  }

  @Test
  void wrongNxdomainForIpv6ShouldNotHideIpv4() {
    dns.a(HOST, "192.0.2.1").fault(HOST, "AAAA", DnsFault.rcode(3));
    assertThat(found()).containsExactly("192.0.2.1");
  }

  @Test
  void hostWithoutAddressShouldHaveNone() {
    dns.txt(HOST, "exists");
    assertThat(lookup()).isEqualTo(new AddressLookup.None(true));
    dns.remove(HOST);
    assertThat(lookup()).isEqualTo(new AddressLookup.None(false));
  }

  @Test
  void addressesShouldBeBounded() {
    for (int i = 1; i <= 30; i++) {
      dns.a(HOST, "192.0.2." + i).aaaa(HOST, "2001:db8::" + i);
    }
    assertThat(found()).hasSize(20).contains("192.0.2.10").doesNotContain("192.0.2.11");
  }

  static Stream<Arguments> securities() throws UnknownHostException {
    InetAddress v4 = InetAddress.getByAddress(new byte[] {8, 8, 8, 8});
    DnsAnswer<Inet4Address> secure = found4(v4, Security.SECURE);
    DnsAnswer<Inet4Address> insecure = found4(v4, Security.INSECURE);
    return Stream.of(
        arguments(new DnsAnswer.Absent<>(true, Security.SECURE), secure, Security.SECURE),
        arguments(new DnsAnswer.Absent<>(true, Security.INSECURE), secure, Security.INSECURE),
        arguments(new DnsAnswer.Absent<>(true, Security.SECURE), insecure, Security.INSECURE));
  }

  /** RFC 7672 §2.2: the addresses are secure when all that was said of them is. */
  @ParameterizedTest
  @MethodSource("securities")
  void securityShouldBeThatOfTheWeakerAnswer(
      DnsAnswer<Inet6Address> v6, DnsAnswer<Inet4Address> v4, Security expected) {
    AddressLookup lookup = new HostAddresses(new FixedAnswers(v6, v4)).lookup(new DomainName(HOST));
    assertThat(((AddressLookup.Found) lookup).security()).isEqualTo(expected);
  }

  private static DnsAnswer<Inet4Address> found4(InetAddress address, Security security) {
    return new DnsAnswer.Found<>(List.of((Inet4Address) address), security);
  }

  /** A resolver that says what no server in this test can: that DNSSEC proves something. */
  private record FixedAnswers(DnsAnswer<Inet6Address> v6, DnsAnswer<Inet4Address> v4)
      implements Resolver {
    @Override
    public DnsAnswer<MxRecord> mx(DomainName domain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public DnsAnswer<Inet4Address> a(DomainName host) {
      return v4;
    }

    @Override
    public DnsAnswer<Inet6Address> aaaa(DomainName host) {
      return v6;
    }

    @Override
    public DnsReply<String> txt(String label, DomainName domain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public DnsReply<String> freshTxt(String label, DomainName domain) {
      throw new UnsupportedOperationException();
    }
  }

  private AddressLookup lookup() {
    return addresses.lookup(new DomainName(HOST));
  }

  private List<String> found() {
    AddressLookup lookup = lookup();
    assertThat(lookup).isInstanceOf(AddressLookup.Found.class);
    return ((AddressLookup.Found) lookup)
        .addresses().stream().map(InetAddress::getHostAddress).toList();
  }
}
