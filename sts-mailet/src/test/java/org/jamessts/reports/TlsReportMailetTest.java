package org.jamessts.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.Latest.latest;

import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.received.KeptReport;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Rule;
import org.jamessts.testing.TemporaryStores;
import org.jamessts.tlsrpt.receive.ReceivedReport;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports by mail, signed by James's own mailet, with keys in a real DNS, kept in a real store. */
@Timeout(120)
class TlsReportMailetTest {

  private static final String KEY = ReportSigner.KEY;

  private static final TemporaryStores STORES = new TemporaryStores(100, Clock.systemUTC());
  private static final ReportSigner SIGNER = ReportSigner.create();

  private final PrivateDns dns = PrivateDns.start();

  @BeforeEach
  void publishKey() {
    publishKey(KEY);
  }

  private void publishKey(String name) {
    String record = SIGNER.record();
    dns.txt(name, record.substring(0, 200), record.substring(200));
  }

  @AfterEach
  void closeDns() {
    dns.close();
  }

  @AfterAll
  static void closeStores() {
    STORES.close();
  }

  private static byte[] report(String domain) {
    return ReportSigner.report(domain);
  }

  private static FakeMail mail(byte[] octets) throws Exception {
    return ReportSigner.mail(octets);
  }

  private static FakeMail signed(byte[] octets, String template) throws Exception {
    return mail(SIGNER.sign(octets, template));
  }

  private static FakeMail signed(byte[] octets) throws Exception {
    return signed(octets, ReportSigner.TEMPLATE);
  }

  private String take(Mail mail, String... parameters) throws Exception {
    TlsReportMailet mailet =
        new TlsReportMailet(
            STORES.stores().received(),
            new DnsJavaResolver(
                List.of(dns.address()), Duration.ofSeconds(2), 0, Clock.systemUTC()),
            Clock.systemUTC());
    FakeMailetConfig.Builder config =
        FakeMailetConfig.builder().mailetContext(FakeMailContext.defaultContext());
    for (String parameter : parameters) {
      String[] words = parameter.split("=", 2);
      config.setProperty(words[0], words[1]);
    }
    mailet.init(config.build());
    mailet.service(mail);
    return mail.getState();
  }

  private static List<KeptReport> kept() {
    return latest(STORES.stores().received(), 1000);
  }

  private void assertRefused(FakeMail mail, String reason) throws Exception {
    int before = kept().size();
    assertThat(take(mail)).isEqualTo(Mail.ERROR);
    assertThat(AttributeUtils.getValueAndCastFromMail(mail, TlsReportMailet.REFUSED, String.class))
        .hasValueSatisfying(text -> assertThat(text).contains(reason));
    assertThat(kept()).hasSize(before);
  }

  @Test
  void signedReportShouldBeKeptOnceAndEndHere() throws Exception {
    byte[] octets = report("example.com");
    int before = kept().size();

    assertThat(take(signed(octets))).isEqualTo(Mail.GHOST);
    assertThat(take(signed(octets))).as("again").isEqualTo(Mail.GHOST);

    assertThat(kept()).hasSize(before + 1);
    KeptReport kept = kept().get(0);
    assertThat(kept.submitter()).isEqualTo("ours.example");
    assertThat(kept.policyDomains()).containsExactly("example.com");
    assertThat(kept.failedSessions()).isEqualTo(303);
    ReceivedReport back =
        ReportReader.read(STORES.stores().received().document(kept.key()).orElseThrow());
    assertThat(back.reportId()).isEqualTo(kept.reportId());
    assertThat(back.policies().get(0).failures()).hasSize(2);
  }

  @Test
  void mailShouldGoOnWhereTheOperatorWantsIt() throws Exception {
    FakeMail mail = signed(report("example.com"));
    mail.setState("transport");

    assertThat(take(mail, "passThrough=true")).isEqualTo("transport");
  }

  @Test
  void parentOfTheReportingDomainMaySignForIt() throws Exception {
    publishKey("s1._domainkey.example");
    assertThat(take(signed(report("example.com"), ReportSigner.template("example"))))
        .isEqualTo(Mail.GHOST);
  }

  /** RFC 8460 §3. */
  @Test
  @Rule(value = "RFC 8460 T6", in = TlsReportMailet.class)
  void reportThatNobodyVouchesForShouldBeRefused() throws Exception {
    assertRefused(mail(report("example.com")), "no DKIM signature");
  }

  @Test
  void reportWithoutSignatureShouldBeTakenWhereTheOperatorSaysSo() throws Exception {
    assertThat(take(mail(report("example.com")), "requireDkim=false")).isEqualTo(Mail.GHOST);
  }

  @Test
  @Rule(value = "RFC 8460 T6", in = TlsReportMailet.class)
  void signatureOfAnotherDomainShouldNotDo() throws Exception {
    publishKey("s1._domainkey.mallory.example");
    assertRefused(
        signed(report("example.com"), ReportSigner.template("mallory.example")),
        "the mail is signed by [mallory.example], the report is of ours.example");
    publishKey("s1._domainkey.sub.ours.example");
    assertRefused(
        signed(report("example.com"), ReportSigner.template("sub.ours.example")), "is signed by");
  }

  @Test
  void reportThatWasChangedOnTheWayShouldBeRefused() throws Exception {
    FakeMail mail = signed(report("example.com"));
    mail.getMessage().setHeader("TLS-Report-Submitter", "mallory.example");

    assertRefused(mail, "not valid");
  }

  /** RFC 8460 §3: whatever follows the signed octets would be believed, too. */
  @Test
  @Rule(value = "RFC 8460 T6", in = TlsReportMailet.class)
  void signatureOverAPartOfTheContentShouldNotDo() throws Exception {
    assertRefused(
        signed(
            report("example.com"),
            ReportSigner.template("ours.example").replace("bh=", "l=10; bh=")),
        "no DKIM signature over the whole of it");
  }

  @Test
  void keyThatIsNotThereAndKeyThatCannotBeHadShouldBeToldApart() throws Exception {
    dns.remove(KEY);
    assertRefused(signed(report("example.com")), "not valid");
    dns.fault(KEY, "TXT", DnsFault.rcode(2));
    assertRefused(signed(report("example.com")), "cannot be verified now");
  }

  @Test
  void mailWithoutAReportShouldBeRefused() throws Exception {
    assertRefused(
        signed("From: a@ours.example\r\n\r\nhello\r\n".getBytes(ISO_8859_1)), "no report in it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/tlsrpt+json", "application/json; name=x.json", "text/x; name=A.JSON"})
  void reportWithoutCompressionAndInOddPlacesShouldBeFound(String type) throws Exception {
    String json =
        """
        {"report-id": "%s", "date-range": {"start-datetime": "2026-11-26T00:00:00",
         "end-datetime": "2026-11-27T00:00:00"}, "contact-info": null,
         "policies": [{"policy": {"policy-type": "sts"}, "summary": {}}]}
        """
            .formatted(Instant.now());
    String text =
        "From: a@ours.example\r\nTLS-Report-Submitter: ours.example\r\nContent-Type: "
            + type
            + "\r\n\r\n"
            + json.replace("\n", "\r\n");

    assertThat(take(signed(text.getBytes(ISO_8859_1)))).isEqualTo(Mail.GHOST);
    assertThat(kept().get(0).submitter()).isEqualTo("ours.example");
  }

  /** Who says nothing of himself in the report has to in the mail. */
  @ParameterizedTest
  @ValueSource(strings = {"From: a@ours.example@\r\n", "X-Nobody: x\r\n", "From: <>\r\n"})
  void reportOfNobodyShouldBeRefused(String header) throws Exception {
    String text =
        header
            + "Content-Type: application/tlsrpt+json\r\n\r\n"
            + "{\"report-id\": \"1\", \"date-range\": {\"start-datetime\": \"2026-11-26T00:00:00Z\","
            + " \"end-datetime\": \"2026-11-27T00:00:00Z\"}, \"policies\": []}\r\n";

    FakeMail mail = mail(text.getBytes(ISO_8859_1));
    assertThat(take(mail, "requireDkim=false")).isEqualTo(Mail.ERROR);
    assertThat(AttributeUtils.getValueAndCastFromMail(mail, TlsReportMailet.REFUSED, String.class))
        .isPresent();
  }

  @Test
  void gzipBombShouldBeRefused() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write(new byte[50_000_000]);
    }
    String text =
        "From: a@ours.example\r\nContent-Type: application/tlsrpt+gzip\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n"
            + Base64.getMimeEncoder().encodeToString(bomb.toByteArray());

    assertRefused(signed(text.getBytes(ISO_8859_1)), "inflated, the report has over 20000000");
  }

  /** Parts in parts in parts. */
  @Test
  void mailThatIsDeeperThanAnyReportShouldBeRefused() throws Exception {
    StringBuilder text = new StringBuilder("From: a@ours.example\r\n");
    for (int i = 0; i < 500; i++) {
      text.append("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n".formatted(i, i));
    }
    text.append("Content-Type: application/tlsrpt+json\r\n\r\n{}\r\n");

    assertRefused(mail(text.toString().getBytes(ISO_8859_1)), "no report in it");
  }
}
