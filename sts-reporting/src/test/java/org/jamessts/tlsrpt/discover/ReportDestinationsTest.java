package org.jamessts.tlsrpt.discover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportDestinationsTest {

  private static final String NAME = "_smtp._tls.example.com";

  private final PrivateDns dns = PrivateDns.start();
  private final ReportDestinations destinations =
      new ReportDestinations(
          new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(2), 0, Clock.systemUTC()));

  @AfterEach
  void close() {
    dns.close();
  }

  private EndpointLookup lookUp() {
    return destinations.of(new DomainName("example.com"));
  }

  @Test
  @Rule(value = "RFC 8460 T1", in = ReportDestinations.class)
  void stringsOfARecordShouldBeJoinedAndAliasesFollowed() {
    dns.cname(NAME, "reports.example.net");
    dns.txt("reports.example.net", "v=TLSRPTv1; rua=mail", "to:a@example.net");

    assertThat(lookUp())
        .isEqualTo(
            new EndpointLookup.Found(
                List.of(new ReportEndpoint.Mailbox("a", new DomainName("example.net")))));
  }

  @Test
  void absentMalformedAndFailedShouldBeToldApart() {
    assertThat(lookUp()).isEqualTo(new EndpointLookup.Absent("there is no TXT record at " + NAME));

    dns.txt(NAME, "v=spf1 -all");
    assertThat(lookUp())
        .isEqualTo(new EndpointLookup.Absent(NAME + ": no TXT record begins with v=TLSRPTv1;"));

    dns.txt(NAME, "v=TLSRPTv1; rua=nowhere");
    assertThat(lookUp())
        .isEqualTo(
            new EndpointLookup.Malformed(
                NAME + ": the TXT record's rua has no scheme in \"nowhere\""));

    dns.fault(NAME, "TXT", DnsFault.rcode(2));
    assertThat(lookUp()).isInstanceOf(EndpointLookup.Failed.class);
  }

  @Test
  void parentShouldNotBeAsked() {
    dns.txt("_smtp._tls.com", "v=TLSRPTv1; rua=mailto:a@example.net");

    assertThat(lookUp()).isInstanceOf(EndpointLookup.Absent.class);
  }
}
