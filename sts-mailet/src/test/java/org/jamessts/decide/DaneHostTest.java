package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dane.TlsaSet;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.MxHost;
import org.jamessts.dns.MxLookup;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaneHostTest {

  private static final DomainName MX = new DomainName("mx.example.net");

  private static DaneLookup usable(String base) {
    return new DaneLookup.Usable(
        new TlsaSet(new DomainName(base), List.of(new TlsaRecord(3, 1, 1, new byte[32]))));
  }

  private static MxLookup.Hosts route(Security security, String expanded) {
    return new MxLookup.Hosts(
        List.of(new MxHost(MX, 10)),
        false,
        security,
        Optional.of(expanded).filter(name -> !name.equals("-")).map(DomainName::new));
  }

  private static MxLookup.Hosts withoutMx(String host) {
    return new MxLookup.Hosts(
        List.of(new MxHost(new DomainName(host), 0)), true, Security.INSECURE, Optional.empty());
  }

  private static Set<DomainName> names(String text) {
    return Arrays.stream(text.split(" ")).map(DomainName::new).collect(Collectors.toSet());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "RFC 7672 §3.2.2: MX proven|SECURE|-|mx.example.net|mx.example.net example.com",
        "§3.2.2: the host is an alias|SECURE|-|a.example.org|a.example.org example.com",
        "§3.2.2: the domain is an alias"
            + "|SECURE|example.net|mx.example.net|mx.example.net example.com example.net",
        "§3.2.2: both are"
            + "|SECURE|example.net|a.example.org|a.example.org example.com example.net",
        "§3.2.2: MX not proven, the MX name alone|INSECURE|-|mx.example.net|mx.example.net",
        "§3.2.2: nor does an alias of the domain count then"
            + "|INSECURE|example.net|mx.example.net|mx.example.net",
        "§3.2.2: nor one of the host|INSECURE|-|a.example.org|mx.example.net",
      })
  @Rule(value = "RFC 7672 D9", in = DaneHost.class)
  @Rule(value = "RFC 7672 D18", in = DaneHost.class)
  void certificateOfAnMxHostShouldHaveOneOf(
      String rule, Security security, String expanded, String base, String references) {
    DaneHost host =
        DaneHost.of(
            new DomainName("example.com"), route(security, expanded), MX, usable(base), true);

    assertThat(host.references()).as(rule).isEqualTo(names(references));
    assertThat(host.proven()).isEqualTo(security == Security.SECURE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "RFC 7672 §3.2.2: records of the name itself|example.com|example.com",
        "§3.2.2: records of the name to which it expands|a.example.org|a.example.org example.com",
      })
  @Rule(value = "RFC 7672 D18", in = DaneHost.class)
  void certificateOfAHostWithoutMxRecordsShouldHaveOneOf(
      String rule, String base, String references) {
    DomainName name = new DomainName("example.com");
    DaneHost host = DaneHost.of(name, withoutMx("example.com"), name, usable(base), true);

    assertThat(host.references()).as(rule).isEqualTo(names(references));
    assertThat(host.proven()).isTrue();
  }

  // RFC 7672 §8.1
  @Test
  @Rule(value = "RFC 7672 D21", in = DaneHost.class)
  void serverNameShouldBeTheTlsaBaseDomainWhereThereAreRecords() {
    assertThat(Promises.host(usable("a.example.org")).serverName().value())
        .isEqualTo("a.example.org");
    assertThat(
            Promises.host(
                    new DaneLookup.Unusable(new DomainName("b.example.org"), List.of(), "usage 0"))
                .serverName()
                .value())
        .isEqualTo("b.example.org");
    assertThat(Promises.host(Promises.NONE).serverName()).isEqualTo(Channels.MX);
    assertThat(Promises.host(Promises.FAILED).serverName()).isEqualTo(Channels.MX);
  }
}
