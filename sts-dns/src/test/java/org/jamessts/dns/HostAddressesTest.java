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
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Rule;
import org.jamessts.testing.UnaskedResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HostAddressesTest {

  private static final String HOST = "mx.example.com";
  private static final Duration KEEP = Duration.ofMinutes(5);

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
  void answersThatAreKeptShouldNeedNoOtherThread() {
    dns.a(HOST, "192.0.2.1").aaaa(HOST, "2001:db8::1");
    DnsJavaResolver keeping =
        new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(10), 10, Clock.systemUTC());
    AddressLookup asked = new HostAddresses(keeping).lookup(new DomainName(HOST));
    HostAddresses alone =
        new HostAddresses(
            keeping,
            task -> {
              throw new AssertionError("another thread is wanted");
            });

    assertThat(alone.lookup(new DomainName(HOST)))
        .isEqualTo(asked)
        .isInstanceOfSatisfying(
            AddressLookup.Found.class, found -> assertThat(found.addresses()).hasSize(2));
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

  /** RFC 7672 §2.2.2: what the resolver says of a host, and where its TLSA records may be. */
  private static Arguments row(
      String claim,
      DnsAnswer<Inet6Address> v6,
      DnsAnswer<Inet4Address> v4,
      DnsAnswer<String> cname,
      String... bases) {
    return arguments(
        claim, new FixedAnswers(v6, v4, cname), Stream.of(bases).map(DomainName::new).toList());
  }

  static Stream<Arguments> securities() {
    DnsAnswer<Inet6Address> absent = new DnsAnswer.Absent<>(true, Security.SECURE);
    DnsAnswer<Inet6Address> unproven = new DnsAnswer.Absent<>(true, Security.INSECURE);
    DnsAnswer<Inet6Address> broken = new DnsAnswer.Failed<>(Failure.SERVER_FAILURE, "SERVFAIL");
    DnsAnswer<Inet4Address> secure = found4(Security.SECURE, Optional.empty());
    DnsAnswer<Inet4Address> insecure = found4(Security.INSECURE, Optional.empty());
    DnsAnswer<Inet4Address> alias = found4(Security.SECURE, Optional.of("Real.example.org"));
    DnsAnswer<Inet4Address> oddAlias = found4(Security.SECURE, Optional.of("_a.example.org"));
    DnsAnswer<Inet4Address> brokenAlias =
        found4(Security.INSECURE, Optional.of("real.example.org"));
    DnsAnswer<String> noLink = new DnsAnswer.Absent<>(true, Security.SECURE);
    DnsAnswer<String> link = new DnsAnswer.Found<>(List.of("real.example.org"), Security.SECURE);
    DnsAnswer<String> unprovenLink =
        new DnsAnswer.Found<>(List.of("real.example.org"), Security.INSECURE);
    return Stream.of(
        row("no alias, secure", absent, secure, noLink, HOST),
        row("no alias, secure, the other family unproven", unproven, secure, noLink, HOST),
        row("no alias, secure, the other family broken", broken, secure, noLink, HOST),
        row("no alias, insecure", absent, insecure, noLink),
        row("alias, all stages secure", absent, alias, noLink, "real.example.org", HOST),
        row("alias, all stages secure, to no host name", absent, oddAlias, noLink, HOST),
        row("alias, first link secure, addresses insecure", absent, brokenAlias, link, HOST),
        row("alias, first link insecure", absent, brokenAlias, unprovenLink));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("securities")
  @Rule(value = "RFC 7672 D5", in = HostAddresses.class)
  @Rule(value = "RFC 7672 D11", in = HostAddresses.class)
  @Rule(value = "RFC 7672 D12", in = HostAddresses.class)
  void tlsaBasesShouldFollowFromWhatIsProven(
      String claim, Resolver answers, List<DomainName> bases) {
    AddressLookup lookup = new HostAddresses(answers).lookup(new DomainName(HOST));
    assertThat(lookup).isInstanceOf(AddressLookup.Found.class);
    assertThat(((AddressLookup.Found) lookup).tlsaBases()).isEqualTo(bases);
  }

  /** RFC 7672 §2.1.2: a lookup error is no answer. */
  @Test
  @Rule(value = "RFC 7672 D5", in = HostAddresses.class)
  void hostShouldFailWhenItsFirstLinkCannotBeTold() {
    Resolver answers =
        new FixedAnswers(
            new DnsAnswer.Absent<>(true, Security.INSECURE),
            found4(Security.INSECURE, Optional.of("real.example.org")),
            new DnsAnswer.Failed<>(Failure.BOGUS, "bad signature"));
    assertThat(new HostAddresses(answers).lookup(new DomainName(HOST)))
        .isEqualTo(new AddressLookup.Failed(Failure.BOGUS, "bad signature"));
  }

  private static DnsAnswer<Inet4Address> found4(Security security, Optional<String> alias) {
    try {
      InetAddress address = InetAddress.getByAddress(new byte[] {8, 8, 8, 8});
      return new DnsAnswer.Found<>(List.of((Inet4Address) address), security, alias);
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are an address", e);
    }
  }

  /** A resolver that validates. */
  private static final class FixedAnswers extends UnaskedResolver {
    private final DnsAnswer<Inet6Address> v6;
    private final DnsAnswer<Inet4Address> v4;
    private final DnsAnswer<String> cname;

    FixedAnswers(DnsAnswer<Inet6Address> v6, DnsAnswer<Inet4Address> v4, DnsAnswer<String> cname) {
      this.v6 = v6;
      this.v4 = v4;
      this.cname = cname;
    }

    @Override
    public DnsReply<Inet4Address> a(DomainName host) {
      return new DnsReply<>(v4, KEEP);
    }

    @Override
    public DnsReply<Inet6Address> aaaa(DomainName host) {
      return new DnsReply<>(v6, KEEP);
    }

    @Override
    public DnsReply<String> cname(DomainName name) {
      return new DnsReply<>(cname, KEEP);
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
