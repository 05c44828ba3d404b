package org.jamessts.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;

import com.google.common.net.InetAddresses;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.mailet.Mailet;
import org.jamessts.dns.DomainName;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.StoreException;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.DraftPolicy;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateCa.Credential;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ReportId;
import org.jamessts.tlsrpt.ReportTimes;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.collect.SessionCollector;
import org.jamessts.tlsrpt.collect.SessionLimits;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.tlsrpt.collect.TestDatabase;
import org.jamessts.tlsrpt.document.DraftReport;
import org.jamessts.tlsrpt.testing.ReportSchemas;
import org.jamessts.tlsrpt.testing.SampleReports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host shows, from its greeting and handshake to the row in the store and the report. */
class ForensicDetailsTest {

  private static final int TOO_MANY_NAMES = 80;

  private final MailetWorld mailets = new MailetWorld();
  private final DeliveryWorld world = mailets.world;
  private final PrivateInternet net = world.internet;
  private final TestDatabase database;
  private final SessionStore store;
  private final SessionCollector collector;

  ForensicDetailsTest(@TempDir Path directory) {
    Duration day = Duration.ofDays(1);
    database = new TestDatabase(TestDatabase.Kind.H2, directory);
    store =
        new SessionStore(
            database.access(), SessionLimits.DEFAULT, new ReportTimes(day, Duration.ZERO));
    collector =
        new SessionCollector(
            store,
            new SessionCollector.Settings(day, day.multipliedBy(7), SessionLimits.DEFAULT),
            world.clock);
    world.recorder = collector;
  }

  @BeforeEach
  void publish() {
    net.draftPolicy(
        DraftPolicy.reported(DOMAIN, MX).reportingTo("mailto:sts-feedback@example.test!1m"));
  }

  @AfterEach
  void close() {
    mailets.close();
    database.close();
  }

  private void deliver(String domain) {
    assertThat(world.delivery().deliver(world.mailTo(domain)).delivered()).hasSize(1);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(world.clock.instant(), ZoneOffset.UTC);
  }

  private List<PolicySummary> stored(String domain) throws StoreException {
    collector.flush();
    DomainName name = new DomainName(domain);
    return store.withDetails(today(), List.of(name)).getOrDefault(name, List.of());
  }

  private List<CountedFailure> failures(String domain, AppliedPolicy.Type under)
      throws StoreException {
    return stored(domain).stream()
        .filter(summary -> summary.policy().type() == under)
        .flatMap(summary -> summary.failures().stream())
        .toList();
  }

  /** The report, by the schemas. */
  private String xml() throws StoreException {
    DailyReport day =
        new DailyReport(ReportId.fresh(), today(), new DomainName(DOMAIN), stored(DOMAIN));
    byte[] document = DraftReport.of(SampleReports.REPORTER, day).get(0).document();
    assertThat(ReportSchemas.draftProblems(document)).isEmpty();
    return new String(document, UTF_8);
  }

  private static String base64(X509Certificate certificate) throws Exception {
    return Base64.getEncoder().encodeToString(certificate.getEncoded());
  }

  @Test
  void whatTheHostShowedShouldBeToldWhereTheOperatorWantsIt() throws Exception {
    world.forensicDetails = true;
    Credential untrusted = PrivateCa.create("nobody knows").issue(MX);
    net.mx(DOMAIN, 10, MX, untrusted, SmtpEffect.reply(Stage.BANNER, "220 " + MX + " ESMTP Old"));

    world.reuse = new StsSettings.Reuse(1, Duration.ofMinutes(1), Duration.ZERO);

    Mailet mailet = mailets.start();
    mailets.deliver(mailet, mail(BOB));
    net.server(MX).effects(SmtpEffect.reply(Stage.BANNER, "220 " + MX + " ESMTP New"));
    mailets.deliver(mailet, mail(BOB));

    assertThat(net.receivedFor(BOB)).hasSize(2);
    assertThat(failures(DOMAIN, AppliedPolicy.Type.DRAFT))
        .singleElement()
        .satisfies(
            counted -> {
              assertThat(counted.failure().type()).isEqualTo(ResultType.CERTIFICATE_NOT_TRUSTED);
              assertThat(counted.sessions()).isEqualTo(2);
              assertThat(counted.details())
                  .contains(
                      new ForensicDetails(
                          Optional.of(MX + " ESMTP Old"),
                          List.of(base64(untrusted.leaf()), base64(untrusted.chain().get(1))),
                          0));
            });
    assertThat(xml())
        .contains(
            "<failure>InvalidCertificate</failure><count>2</count>",
            "<banner>"
                + MX
                + " ESMTP Old</banner>"
                + "<certificate>"
                + base64(untrusted.leaf())
                + "</certificate>"
                + "<certificate>"
                + base64(untrusted.chain().get(1))
                + "</certificate>"
                + "</forensic_details></record>")
        .doesNotContain("alice", "bob", "Hello");
  }

  @Test
  void nothingShouldBeToldByDefault() throws Exception {
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    mailets.deliver(mailets.start(), mail(BOB));

    assertThat(failures(DOMAIN, AppliedPolicy.Type.DRAFT))
        .singleElement()
        .satisfies(counted -> assertThat(counted.details()).isEmpty());
    assertThat(xml())
        .contains("<failure>InvalidCertificate</failure>")
        .doesNotContain("forensic", "urn:");
  }

  @Test
  void hostWithoutTlsShouldBeToldByItsBanner() throws Exception {
    world.forensicDetails = true;
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX), SmtpEffect.hideStartTls());

    deliver(DOMAIN);

    assertThat(xml())
        .contains("<failure>StarttlsNotSupported</failure>", "<banner>" + MX)
        .doesNotContain("<certificate>");
  }

  /** An attacker's policy may name a host of our own network, which he cannot see. */
  @ParameterizedTest
  @CsvSource({
    "true, false, 9.9.9.9, true",
    "true, false, 10.0.0.1, false",
    "true, false, 127.0.0.1, false",
    "true, false, fd00::1, false",
    "true, true, 10.0.0.1, true",
    "false, true, 9.9.9.9, false"
  })
  void hostOfOurOwnNetworkShouldNotBeTold(
      String wanted, String privateAddresses, String address, boolean told) {
    StsSettings settings =
        StsSettings.parse(
            Map.of(
                "reports.forensicDetails", wanted,
                "policy.allowPrivateAddresses", privateAddresses),
            Path.of("unused"));

    assertThat(settings.isToldInDetail(InetAddresses.forString(address))).isEqualTo(told);
  }

  /** RFC 8460 has no place for that, so nothing is kept of it. */
  @Test
  void failureUnderAnotherPolicyShouldKeepNothing() throws Exception {
    world.forensicDetails = true;
    net.policy("other.test", "testing", "mx.other.test");
    net.mx("other.test", 10, "mx.other.test", PrivateCa.selfSigned("mx.other.test"));

    deliver("other.test");

    assertThat(failures("other.test", AppliedPolicy.Type.STS))
        .singleElement()
        .satisfies(counted -> assertThat(counted.details()).isEmpty());
  }

  @Test
  void bannerOfAnAttackerShouldBeHarmless() throws Exception {
    world.forensicDetails = true;
    String line = "</banner><record>\u001b[2J&\u0000\u00ff]]>";
    String greeting = ("220-" + line.repeat(37) + "\r\n").repeat(8) + "220 end";
    assertThat(greeting).hasSizeBetween(7 * 1024, 8 * 1024);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX), SmtpEffect.reply(Stage.BANNER, greeting));

    deliver(DOMAIN);

    String seen = "</banner><record>?[2J&??]]>".repeat(30).substring(0, 512);
    assertThat(failures(DOMAIN, AppliedPolicy.Type.DRAFT).get(0).details().orElseThrow().banner())
        .contains(seen);
    assertThat(xml())
        .containsOnlyOnce("<record>")
        .contains("<banner>&lt;/banner&gt;&lt;record&gt;?[2J&amp;??]]&gt;&lt;/banner&gt;");
  }

  /** Of 20 to 30 KiB, which JSSE lets through. */
  @Test
  void chainOfAnAttackerShouldBeCut() throws Exception {
    world.forensicDetails = true;
    String[] names =
        IntStream.range(0, TOO_MANY_NAMES)
            .mapToObj("%02d-is-a-name-of-an-attacker.test"::formatted)
            .toArray(String[]::new);
    Credential fat = PrivateCa.create("x").issue(new CertificateDraft().dnsNames(names));
    int octets = fat.leaf().getEncoded().length;
    int certificates = 9;
    assertThat(octets * certificates).isBetween(20 * 1024, 30 * 1024);
    net.mx(
        DOMAIN, 10, MX, new Credential(fat.key(), Collections.nCopies(certificates, fat.leaf())));

    deliver(DOMAIN);

    int told = 16 * 1024 / octets;
    ForensicDetails details =
        failures(DOMAIN, AppliedPolicy.Type.DRAFT).get(0).details().orElseThrow();
    assertThat(details.certificates()).hasSize(told).containsOnly(base64(fat.leaf()));
    assertThat(details.leftOut()).isEqualTo(certificates - told);
    assertThat(xml())
        .contains("<certificates_left_out>" + (certificates - told) + "</certificates_left_out>");
  }

  /** Whether JSSE reads so many is its affair: what is told is bounded and right either way. */
  @ParameterizedTest
  @ValueSource(ints = {10, 11, 40})
  void longChainShouldBeBounded(int certificates) throws Exception {
    world.forensicDetails = true;
    Credential one = PrivateCa.selfSigned(MX);
    net.mx(
        DOMAIN, 10, MX, new Credential(one.key(), Collections.nCopies(certificates, one.leaf())));

    deliver(DOMAIN);

    ForensicDetails details =
        failures(DOMAIN, AppliedPolicy.Type.DRAFT).get(0).details().orElseThrow();
    assertThat(details.banner()).isPresent();
    assertThat(details.certificates()).hasSize(certificates == 10 ? 10 : 0);
    assertThat(details.leftOut()).isZero();
    assertThat(xml()).containsOnlyOnce("<forensic_details");
  }
}
