package org.jamessts.settings;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dane.Digest;
import org.jamessts.dane.DigestAgility;
import org.jamessts.dns.Dnssec;
import org.jamessts.dns.DnssecAnchors;
import org.jamessts.engine.Lanes;
import org.jamessts.https.HttpsSettings;
import org.jamessts.store.PostgresServer;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.ReportTimes;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.discover.ReportEndpoint.Mailbox;
import org.jamessts.tlsrpt.document.Reporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StsSettingsTest {

  @TempDir Path base;

  private StsSettings parse(Map<String, String> values) {
    return StsSettings.parse(values, base);
  }

  @Test
  @Rule(value = "RFC 8461 S11", in = StsSettings.class)
  void defaultsShouldHoldWhenNothingIsSet() {
    StsSettings settings = parse(Map.of());

    assertThat(settings.dns())
        .isEqualTo(
            new StsSettings.Dns(
                List.of(),
                new Dnssec(Dnssec.Mode.VALIDATE, Dnssec.OnUnable.DEGRADE, DnssecAnchors.ROOT)));
    assertThat(settings.trustAnchors().anchors()).hasSizeGreaterThan(50);
    assertThat(settings.https()).isEqualTo(new HttpsSettings(443, false, Duration.ofSeconds(60)));
    assertThat(settings.policies().remembered()).isEqualTo(100_000);
    assertThat(settings.store())
        .isEqualTo(new StsSettings.Store(base.resolve("var/sts"), Optional.empty()));
    assertThat(settings.mx()).isEqualTo(new StsSettings.Mx(false, 10, 20));
    assertThat(settings.dane())
        .isEqualTo(
            new StsSettings.Dane(
                StsSettings.Use.ON,
                StsSettings.InsecureMx.OPPORTUNISTIC,
                StsSettings.WithMtaSts.BOTH,
                false,
                new DigestAgility(List.of(Digest.SHA2_512, Digest.SHA2_256))));
    assertThat(settings.lanes()).isEqualTo(new Lanes.Limits(20, 1_000, 1_000));
    assertThat(settings.reuse())
        .isEqualTo(new StsSettings.Reuse(100, Duration.ofSeconds(300), Duration.ofSeconds(5)));
    assertThat(settings.reports()).isEqualTo(StsSettings.Reports.DEFAULT);
    assertThat(settings.reports().reporter()).isEmpty();
    assertThat(settings.reports().times())
        .isEqualTo(new ReportTimes(Duration.ofSeconds(70), Duration.ofHours(4)));
    assertThat(settings.reports().toHosts()).isFalse();
    assertThat(settings.reports().sending().forensicDetails()).isFalse();
    assertThat(settings.shutdownGrace()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void everySettingShouldBeRead() throws IOException {
    PrivateCa.create("settings").writePem(base.resolve("ca.pem"));

    StsSettings settings =
        parse(
            Map.ofEntries(
                entry("dns.servers", "127.0.0.1:5353, [::1]:53"),
                entry("tls.trustStore", "ca.pem"),
                entry("policy.httpsPort", "8443"),
                entry("policy.allowPrivateAddresses", "true"),
                entry("policy.fetchTimeout", "5 s"),
                entry("policy.cacheEntries", "7"),
                entry("store.url", "jdbc:postgresql://db.example/james?sslmode=verify-full"),
                entry("store.user", "james"),
                entry("store.password", "secret"),
                entry("mx.allowLoopbackAddresses", "TRUE"),
                entry("mx.maxHosts", "3"),
                entry("mx.maxAddresses", "4"),
                entry("dane", "off"),
                entry("dane.insecureMx", "authenticate"),
                entry("dane.withMtaSts", "dane-alone"),
                entry("dane.commonNames", "true"),
                entry("dane.digests", "SHA2-256, sha2-512"),
                entry("lanes.connections", "7"),
                entry("lanes.allConnections", "10000"),
                entry("lanes.window", "50"),
                entry("reuse.maxMails", "1"),
                entry("reuse.maxAge", "10 minutes"),
                entry("reuse.idle", "0"),
                entry("reports.organization", "Example, Inc."),
                entry("reports.contact", "tls-reports@example.org"),
                entry("reports.processor", "signed-reports"),
                entry("reports.spread", "30 minutes"),
                entry("reports.flushInterval", "10 s"),
                entry("reports.retention", "3 days"),
                entry("reports.toHosts", "true"),
                entry("reports.atOnce", "5"),
                entry("reports.forensicDetails", "true"),
                entry("shutdownGrace", "2 minutes")));

    assertThat(settings.dns().servers())
        .containsExactly(
            new InetSocketAddress(InetAddresses.forString("127.0.0.1"), 5353),
            new InetSocketAddress(InetAddresses.forString("::1"), 53));
    assertThat(settings.trustAnchors().anchors()).hasSize(1);
    assertThat(settings.https()).isEqualTo(new HttpsSettings(8443, true, Duration.ofSeconds(5)));
    assertThat(settings.policies().remembered()).isEqualTo(7);
    assertThat(settings.store().server())
        .contains(
            new PostgresServer(
                "jdbc:postgresql://db.example/james?sslmode=verify-full", "james", "secret"));
    assertThat(settings.toString()).doesNotContain("secret");
    assertThat(settings.mx()).isEqualTo(new StsSettings.Mx(true, 3, 4));
    assertThat(settings.dane().isOn()).isFalse();
    assertThat(settings.dane())
        .isEqualTo(
            new StsSettings.Dane(
                StsSettings.Use.OFF,
                StsSettings.InsecureMx.AUTHENTICATE,
                StsSettings.WithMtaSts.DANE_ALONE,
                true,
                new DigestAgility(List.of(Digest.SHA2_256, Digest.SHA2_512))));
    assertThat(settings.lanes()).isEqualTo(new Lanes.Limits(7, 10_000, 50));
    assertThat(settings.reuse())
        .isEqualTo(new StsSettings.Reuse(1, Duration.ofMinutes(10), Duration.ZERO));
    StsSettings.Reports reports = settings.reports();
    assertThat(reports.reporter())
        .contains(
            new Reporter("Example, Inc.", Mailbox.parse("tls-reports@example.org").orElseThrow()));
    assertThat(reports.processor()).isEqualTo("signed-reports");
    assertThat(reports.times())
        .isEqualTo(new ReportTimes(Duration.ofSeconds(80), Duration.ofMinutes(30)));
    assertThat(reports.counting())
        .isEqualTo(
            new SessionCollector.Settings(
                Duration.ofSeconds(10), Duration.ofDays(3), SessionLimits.DEFAULT));
    assertThat(reports.toHosts()).isTrue();
    assertThat(reports.sending().atOnce()).isEqualTo(5);
    assertThat(reports.sending().forensicDetails()).isTrue();
    assertThat(settings.shutdownGrace()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void nothingShouldBeReportedUntilItIsSaidWhoReports() {
    assertThat(parse(Map.of("reports.organization", "Example")).reports().reporter()).isEmpty();
    assertThat(parse(Map.of("reports.contact", "a@example.org")).reports().reporter()).isEmpty();
    Map<String, String> both =
        Map.of("reports.organization", "Example", "reports.contact", "a@example.org");
    assertThat(parse(both).reports().reporter()).isPresent();
    Map<String, String> off = new HashMap<>(both);
    off.put("reports.enabled", "false");
    assertThat(parse(off).reports().reporter()).isEmpty();
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "policy.httpsPort|0|a whole number from 1 to 65535",
        "policy.httpsPort|https|a whole number from 1 to 65535",
        "policy.httpsPort|443.0|a whole number from 1 to 65535",
        "policy.allowPrivateAddresses|yes|true or false",
        "policy.fetchTimeout|0 s|a time from 1 s to 300 s",
        "policy.fetchTimeout|a while|a time from 1 s to 300 s",
        "policy.cacheEntries|-1|a whole number from 1 to 10000000",
        "mx.allowLoopbackAddresses|1|true or false",
        "mx.maxHosts|0|a whole number from 1 to 100",
        "mx.maxAddresses|99999999999|a whole number from 1 to 1000",
        "dns.servers|ns.example|a comma-separated list of IP addresses",
        "dns.servers|127.0.0.1:99999|a comma-separated list of IP addresses",
        "dnssec|yes|validate or trust-ad or off",
        "dnssec|trust-ad|\"trust-ad\" only where dns.servers says whom to believe",
        "dnssec.onUnable|stop|degrade or defer",
        "dnssec.trustRemoteAd|1|true or false",
        "dnssec.trustAnchors|missing.key|the name of a readable file",
        "reports.enabled|true|true only where reports.organization and reports.contact are set",
        "reports.enabled|yes|true or false",
        "reports.contact|nobody|a mail address such as tls-reports@example.org",
        "reports.spread|13 h|a time from 0 s to 43200 s",
        "reports.flushInterval|0 s|a time from 1 s to 300 s",
        "reports.retention|1 day|a time from 172800 s to 7776000 s",
        "reports.toHosts|1|true or false",
        "reports.atOnce|0|a whole number from 1 to 1000",
        "reports.forensicDetails|some|true or false",
        "store.url|jdbc:mysql://db.example/james|a URL such as jdbc:postgresql://",
        "store.url|db.example|a URL such as jdbc:postgresql://",
        "tls.trustStore|missing.p12|a readable PKCS12 or JKS key store or PEM bundle",
        "policy.firstLookupWait|0|a time from 1 s to 120 s",
        "policy.onSlowLookup|bounce|deliver or defer",
        "policy.onDnsFailure|no|deliver or defer",
        "draft2016|maybe|on or report-only or off",
        "draft2016.firstPolicy|trust|authenticated or tofu",
        "dane|true|on or off",
        "dane.insecureMx|no|opportunistic or authenticate",
        "dane.withMtaSts|sts|both or dane-alone",
        "dane.commonNames|on|true or false",
        "dane.digests|sha1|a comma-separated list of sha2-256, sha2-512, each at most once",
        "dane.digests|sha2-256 sha2-512|a comma-separated list of sha2-256, sha2-512",
        "dane.digests|sha2-256, sha2-256|a comma-separated list of sha2-256, sha2-512",
        "dane.digests|','|a comma-separated list of sha2-256, sha2-512",
        "lanes.connections|0|a whole number from 1 to 1000",
        "lanes.allConnections|many|a whole number from 1 to 50000",
        "lanes.window|9|a whole number from 10 to 100000",
        "reuse.maxMails|0|a whole number from 1 to 100000",
        "reuse.maxAge|2 hours|a time from 1 s to 3600 s",
        "reuse.idle|10 minutes|a time from 0 s to 300 s",
        "shutdownGrace|11 minutes|a time from 0 s to 600 s",
        "overrides.file|missing.json|the name of a readable file",
        "preload.list|missing.json|the name of a readable file",
        "preload.publicKey|missing.pem|the name of a readable file",
        "policy.fechTimeout|5 s|one of the keys dane, dane.commonNames, dane.digests, dane.insecureMx,"
            + " dane.withMtaSts, dns.servers, dnssec, dnssec.onUnable, dnssec.trustAnchors",
      })
  void badSettingShouldBeRefusedInOneLine(String key, String value, String allowed) {
    assertThatThrownBy(() -> parse(Map.of(key, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(
            "sts.properties: " + key + " = \"" + value + "\" is not allowed; allowed is " + allowed)
        .message()
        .doesNotContain("\n");
  }

  /** RFC 7672 §2.1.1: the bit of a server is worth as much as the way to it. */
  @Test
  @Rule(value = "RFC 7672 D1", in = StsSettings.class)
  void adBitShouldBeBelievedOfThisMachineAloneUnlessTheWayIsSaidToBeSafe() {
    Map<String, String> remote =
        Map.of("dnssec", "trust-ad", "dns.servers", "127.0.0.1, 192.0.2.53");
    assertThatThrownBy(() -> parse(remote))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("dns.servers")
        .hasMessageContaining("allowed is loopback addresses only");

    Map<String, String> safe = new HashMap<>(remote);
    safe.put("dnssec.trustRemoteAd", "true");
    assertThat(parse(safe).dns().dnssec().mode()).isEqualTo(Dnssec.Mode.TRUST_AD);
    assertThat(
            parse(Map.of("dnssec", "trust-ad", "dns.servers", "127.0.0.1, [::1]"))
                .dns()
                .dnssec()
                .mode())
        .isEqualTo(Dnssec.Mode.TRUST_AD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "' '|it holds no records",
        "anchors|line 1: ",
        ". IN DS 20326 8 2 E06D|line 1: ",
        ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D|",
        "example. IN A 192.0.2.1|it holds a record of type A",
        "'. IN DS 1 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\nexample. IN DS 1 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D'|it holds anchors of . and of example.",
      })
  void anchorsShouldBeRecordsOfOneZone(String text, String why) throws IOException {
    Files.writeString(base.resolve("root.key"), text.replace("\\n", "\n"));
    if (why == null) {
      assertThat(parse(Map.of("dnssec.trustAnchors", "root.key")).dns().dnssec().anchors())
          .isNotEqualTo(DnssecAnchors.ROOT);
    } else {
      assertThatThrownBy(() -> parse(Map.of("dnssec.trustAnchors", "root.key")))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageContaining("a file with DS or DNSKEY records of one zone")
          .hasMessageContaining(why);
    }
  }

  @Test
  void trustStoreWithoutCertificateShouldBeRefused() throws IOException {
    Files.writeString(base.resolve("empty.pem"), "# nothing here\n");

    assertThatThrownBy(() -> parse(Map.of("tls.trustStore", "empty.pem")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("empty.pem")
        .hasMessageContaining("at least one certificate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.example/james?user=james&password=geheim",
        "jdbc:postgresql://db.example/james?ssl=true&PASSWORD=geheim",
        "jdbc:postgresql://james:geheim@db.example/james",
        "jdbc:mysql://james:geheim@db.example/james",
      })
  void passwordInAUrlShouldBeRefusedAndNotShown(String url) {
    assertThatThrownBy(() -> parse(Map.of("store.url", url)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("store.password")
        .message()
        .doesNotContain("geheim");
  }

  @Test
  void userOfADatabaseThatIsNotNamedShouldBeRefused() {
    assertThatThrownBy(() -> parse(Map.of("store.user", "james")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(
            "sts.properties: store.url = \"\" is not allowed; allowed is a URL");
  }

  @Test
  void lineBreaksInAValueShouldNotBreakTheLine() {
    assertThatThrownBy(() -> parse(Map.of("mx.maxHosts", "1\n2")))
        .hasMessageStartingWith("sts.properties: mx.maxHosts = \"1?2\" is not allowed");
  }
}
