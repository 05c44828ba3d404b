package org.jamessts.tlsrpt.send;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamessts.testing.PolicyHostEffect.answer;
import static org.jamessts.tlsrpt.testing.SampleReports.REPORTER;
import static org.jamessts.tlsrpt.testing.SampleReports.draft;
import static org.jamessts.tlsrpt.testing.SampleReports.failure;
import static org.jamessts.tlsrpt.testing.SampleReports.report;
import static org.jamessts.tlsrpt.testing.SampleReports.sts;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.dns.DomainName;
import org.jamessts.https.HttpsPoster;
import org.jamessts.https.HttpsSettings;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.DailyReport;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.discover.ReportDestinations;
import org.jamessts.tlsrpt.document.ReportFile;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.jamessts.tlsrpt.testing.ReportSchemas;
import org.jamessts.x509.PathBuilder;
import org.jamessts.x509.TrustAnchors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From a day's report to real hosts; mail ends where James would begin. */
@Timeout(60)
class EndpointCourierTest {

  private static final PrivateCa CA = PrivateCa.create("root");
  private static final String HOST = "reports.example.com";
  private static final String RECORD = "_smtp._tls.example.com";
  private static final String DRAFT =
      "v=STS1; to=true; mx=mx1.example.com; a=dnssec; c=webpki; e=86400; rua=";

  private final PrivateDns dns = PrivateDns.start();
  private final PolicyHost host = PolicyHost.start();
  private final DnsJavaResolver resolver =
      new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(2), 0, Clock.systemUTC());
  private final HttpsPoster poster =
      new HttpsPoster(
          resolver,
          new PathBuilder(TrustAnchors.of(List.of(CA.root())), Clock.systemUTC()),
          Clock.systemUTC(),
          new HttpsSettings(443, true, Duration.ofSeconds(20)));
  private final List<ReportMail> mails = new ArrayList<>();
  private boolean mailFails;
  private Set<String> suppressed = Set.of();

  @BeforeEach
  void publish() {
    dns.a(HOST, "127.0.0.1");
    serve(answer("200 OK", "", ""));
  }

  @AfterEach
  void close() {
    poster.close();
    host.close();
    dns.close();
  }

  private void serve(PolicyHostEffect effect) {
    host.serveHost(HOST, CA.issue(HOST), effect);
  }

  private String https() {
    return "https://" + HOST + ":" + host.port() + "/v1";
  }

  private CourierResult take(DailyReport report) throws InterruptedException {
    ReportMailer mailer =
        mail -> {
          if (mailFails) {
            throw new IOException("the spool is full");
          }
          mails.add(mail);
        };
    Suppressions suppressions =
        new Suppressions() {
          @Override
          public boolean suppresses(DomainName policyDomain) {
            return false;
          }

          @Override
          public boolean suppressesEndpoint(String endpoint) {
            return suppressed.contains(endpoint);
          }
        };
    return new EndpointCourier(
            REPORTER, new ReportDestinations(resolver), poster, mailer, suppressions)
        .take(report);
  }

  @Test
  @Rule(value = "RFC 8460 T11", in = EndpointCourier.class)
  void everyPlaceShouldGetTheSameReport() throws Exception {
    dns.txt(RECORD, "v=TLSRPTv1; rua=mailto:a@example.com," + https());

    assertThat(take(report(sts())))
        .isEqualTo(new CourierResult.Accepted("mailto:a@example.com, " + https()));

    ReportFile file = ReportFile.ofJson(REPORTER, report(sts()));
    assertThat(mails).hasSize(1);
    assertThat(mails.get(0).to().address()).isEqualTo("a@example.com");
    assertThat(mails.get(0).file().content()).isEqualTo(file.content());
    PolicyHost.Request request = host.requests().get(0);
    assertThat(request.line()).isEqualTo("POST /v1 HTTP/1.1");
    assertThat(request.header("Content-Type")).isEqualTo("application/tlsrpt+gzip");
    assertThat(request.body().getBytes(ISO_8859_1)).isEqualTo(file.content());
    assertThat(ReportReader.read(file.content()).failedSessions()).isEqualTo(303);
  }

  /** RFC 8460 §3. */
  @Test
  @Rule(value = "RFC 8460 T4", in = EndpointCourier.class)
  void onePlaceThatAcceptsShouldBeEnough() throws Exception {
    dns.txt(RECORD, "v=TLSRPTv1; rua=" + https() + ",mailto:a@example.com");
    serve(answer("500 Internal Server Error", "", ""));
    assertThat(take(report(sts()))).isEqualTo(new CourierResult.Accepted("mailto:a@example.com"));

    serve(answer("200 OK", "", ""));
    mailFails = true;
    assertThat(take(report(sts()))).isEqualTo(new CourierResult.Accepted(https()));

    serve(answer("503 Service Unavailable", "", ""));
    assertThat(take(report(sts())))
        .isEqualTo(
            new CourierResult.Failed(
                https()
                    + ": reports.example.com answers with status 503;"
                    + " mailto:a@example.com: the spool is full"));
  }

  @Test
  void domainWithoutARecordAndOneWithABadOneShouldWantNothing() throws Exception {
    assertThat(take(report(sts())))
        .isEqualTo(new CourierResult.NotWanted("there is no TXT record at " + RECORD));

    dns.txt(RECORD, "v=TLSRPTv1; rua=nowhere");
    assertThat(take(report(sts()))).isInstanceOf(CourierResult.NotWanted.class);
  }

  @Test
  void dnsThatFailsShouldBeTriedAgain() throws Exception {
    dns.fault(RECORD, "TXT", DnsFault.rcode(2));

    assertThat(take(report(sts()))).isInstanceOf(CourierResult.Failed.class);
  }

  @Test
  void suppressedPlaceShouldGetNothing() throws Exception {
    dns.txt(RECORD, "v=TLSRPTv1; rua=mailto:a@example.com," + https());
    suppressed = Set.of("mailto:a@example.com");
    assertThat(take(report(sts()))).isEqualTo(new CourierResult.Accepted(https()));

    suppressed = Set.of("mailto:a@example.com", https());
    assertThat(take(report(sts())))
        .isEqualTo(
            new CourierResult.NotWanted(
                "mailto:a@example.com is suppressed; " + https() + " is suppressed"));
    assertThat(mails).isEmpty();
    assertThat(host.requests()).hasSize(1);
  }

  /** Each system by its own record, and nothing of the one in the other. */
  @Test
  void reportOfTheDraftShouldGoWhereTheDraftsRecordSays() throws Exception {
    dns.txt(RECORD, "v=TLSRPTv1; rua=mailto:json@example.com");

    assertThat(
            take(
                report(
                    sts(),
                    draft(
                        DRAFT + "mailto:xml@example.com!10m," + https(),
                        failure(ResultType.CERTIFICATE_EXPIRED, "expired", 3)))))
        .isInstanceOf(CourierResult.Accepted.class);

    assertThat(mails)
        .extracting(mail -> mail.to().address())
        .containsExactlyInAnyOrder("json@example.com", "xml@example.com");
    ReportMail xml =
        mails.stream().filter(mail -> mail.to().localPart().equals("xml")).findFirst().get();
    assertThat(xml.file().name()).endsWith(".xml");
    assertThat(ReportSchemas.draftProblems(xml.file().content())).isEmpty();
    assertThat(host.requests().get(0).header("Content-Type")).isEqualTo("application/xml");
    assertThat(host.requests().get(0).body().getBytes(ISO_8859_1)).isEqualTo(xml.file().content());
  }

  @Test
  @Rule(value = "draft-margolis-smtp-sts-00 A23", in = EndpointCourier.class)
  void reportOfTheDraftShouldNotGoWhereItIsTooLarge() throws Exception {
    DailyReport report =
        report(
            draft(
                DRAFT + "mailto:a@example.com!10," + https() + "!1m",
                failure(ResultType.CERTIFICATE_EXPIRED, "expired", 3)));

    assertThat(take(report)).isEqualTo(new CourierResult.Accepted(https()));
    assertThat(mails).isEmpty();
    suppressed = Set.of(https());
    assertThat(take(report))
        .isInstanceOfSatisfying(
            CourierResult.NotWanted.class,
            result -> assertThat(result.why()).contains("mailto:a@example.com takes 10 octets"));
  }

  @Test
  void whatHostsShowedShouldBeLeftOutBeforeAReportIsTooLarge() throws Exception {
    CountedFailure expired = failure(ResultType.CERTIFICATE_EXPIRED, "expired", 3);
    CountedFailure detailed =
        new CountedFailure(
            expired.failure(),
            3,
            Optional.of(new ForensicDetails(Optional.of("hello"), List.of("A".repeat(8_000)), 0)));

    assertThat(
            take(
                report(
                    draft(
                        DRAFT + "mailto:few@example.com!2k,mailto:many@example.com!1m", detailed))))
        .isInstanceOf(CourierResult.Accepted.class);

    assertThat(mails)
        .satisfiesExactlyInAnyOrder(
            few -> {
              assertThat(few.to().localPart()).isEqualTo("few");
              assertThat(few.file().content()).hasSizeLessThan(2 * 1024);
              assertThat(ReportReader.readAny(few.file().content()).failedSessions()).isEqualTo(3);
            },
            many -> {
              assertThat(many.to().localPart()).isEqualTo("many");
              assertThat(new String(many.file().content(), UTF_8))
                  .contains("<certificate>" + "A".repeat(8_000) + "</certificate>");
            });
  }

  @Test
  void dayOfWhichNobodyWantsToHearShouldBeSaidSo() throws Exception {
    assertThat(
            take(
                report(
                    draft(
                        "v=STS1; to=false",
                        failure(ResultType.CERTIFICATE_EXPIRED, "expired", 3)))))
        .isEqualTo(new CourierResult.NotWanted("nobody asks for what happened"));
  }

  @Test
  void stopOfTheServerShouldEndTheAttempt() {
    dns.txt(RECORD, "v=TLSRPTv1; rua=" + https() + ",mailto:a@example.com");
    serve(new PolicyHostEffect.Hang());
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> take(report(sts()))).isInstanceOf(InterruptedException.class);
    assertThat(mails).isEmpty();
  }

  /** RFC 8460 §5.3, octet by octet but for the parts in base64. */
  @Test
  @Rule(value = "RFC 8460 T12", in = ReportMail.class)
  void mailShouldHaveTheHeaderOfTheRfc() throws Exception {
    dns.txt(RECORD, "v=TLSRPTv1; rua=mailto:a@example.com");
    take(report(sts()));

    String text =
        new String(mails.get(0).toOctets(Instant.parse("2026-11-27T01:02:03Z")), US_ASCII);

    assertThat(text)
        .startsWith(
            """
            From: tls-reports@ours.example
            To: a@example.com
            Date: Fri, 27 Nov 2026 01:02:03 +0000
            Message-ID: <0123456789abcdef0123456789abcdef@ours.example>
            Subject: Report Domain: example.com
             Submitter: ours.example
             Report-ID: <0123456789abcdef0123456789abcdef@ours.example>
            TLS-Report-Domain: example.com
            TLS-Report-Submitter: ours.example
            TLS-Required: No
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type="tlsrpt";
             boundary="report-0123456789abcdef0123456789abcdef"

            --report-0123456789abcdef0123456789abcdef
            Content-Type: text/plain; charset=utf-8
            """
                .replace("\n", "\r\n"))
        .contains(
            """
            --report-0123456789abcdef0123456789abcdef
            Content-Type: application/tlsrpt+gzip
            Content-Transfer-Encoding: base64
            Content-Disposition: attachment;
             filename="ours.example!example.com!1795651200!1795737599!0123456789abcdef0123456789abcdef.json.gz"

            """
                .replace("\n", "\r\n"))
        .endsWith("\r\n--report-0123456789abcdef0123456789abcdef--\r\n")
        .doesNotContainPattern("\r[^\n]|[^\r]\n")
        .matches("[\\x20-\\x7e\\r\\n]*");
    assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(500));
  }
}
