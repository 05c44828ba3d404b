package org.jamessts.guice;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.apache.james.dnsservice.api.DNSService;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DnssecAnchors;
import org.jamessts.settings.StsSettings;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test of the way to the DNS, of which health tells. */
class JamesDnsTest {

  private static final String NAME = "_mta-sts.example.com";

  private final PrivateInternet internet = new PrivateInternet();
  private final SettableClock clock = new SettableClock();
  private final JamesDns dns =
      new JamesDns(
          new StsSettings.Dns(
              List.of(internet.dns().address()),
              new Dnssec(Dnssec.Mode.OFF, Dnssec.OnUnable.DEGRADE, DnssecAnchors.ROOT)),
          unasked(),
          clock);

  @AfterEach
  void close() {
    internet.close();
  }

  /** The servers are set: James need not tell its own. */
  private static DNSService unasked() {
    return (DNSService)
        Proxy.newProxyInstance(
            DNSService.class.getClassLoader(),
            new Class<?>[] {DNSService.class},
            (proxy, method, arguments) -> {
              throw new IllegalStateException("James was asked");
            });
  }

  private void test() {
    clock.advance(Duration.ofMinutes(1));
    dns.testWhenDue();
  }

  @Test
  void silenceShouldBeTroubleWhenItLasts() {
    assertThat(dns.trouble()).as("nobody has asked yet").isEmpty();
    test();
    assertThat(dns.trouble()).as("that there is no such name is an answer").isEmpty();

    internet.dns().fault(NAME, "TXT", DnsFault.SERVFAIL);
    test();
    assertThat(dns.trouble()).isEmpty();
    test();
    assertThat(dns.trouble().orElseThrow()).startsWith("the name servers do not answer: ");

    internet.dns().heal(NAME, "TXT");
    test();
    assertThat(dns.trouble()).isEmpty();
  }

  @Test
  void nameServersShouldNotBeAskedMoreThanOnceAMinute() {
    internet.dns().fault(NAME, "TXT", DnsFault.SERVFAIL);
    test();
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofSeconds(10));
      dns.testWhenDue();
    }

    assertThat(dns.trouble()).isEmpty();
  }
}
