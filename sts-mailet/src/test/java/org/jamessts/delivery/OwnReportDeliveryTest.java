package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders;
import org.apache.mailet.base.test.FakeMail;
import org.jamessts.dns.DomainName;
import org.jamessts.reports.JamesReportMailer;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.discover.ReportEndpoint.Mailbox;
import org.jamessts.tlsrpt.document.ReportFile;
import org.jamessts.tlsrpt.send.ReportMail;
import org.jamessts.tlsrpt.testing.SampleReports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** Our reports arrive despite any failure of TLS (RFC 8460 §3), and nobody else's mail does. */
class OwnReportDeliveryTest {

  private final MailetWorld world = new MailetWorld();

  @AfterEach
  void close() {
    world.close();
  }

  /** As James has it in its spool. */
  private Mail report() throws Exception {
    new JamesReportMailer(world.queues, "reports", Clock.systemUTC()).send(reportMail());
    return Flux.from(world.queues.real(MailQueueFactory.SPOOL).deQueue())
        .next()
        .blockOptional(Duration.ofSeconds(10))
        .orElseThrow()
        .getMail();
  }

  private static ReportMail reportMail() {
    var report = SampleReports.report(SampleReports.sts());
    return new ReportMail(
        SampleReports.REPORTER,
        new Mailbox("bob", new DomainName(DOMAIN)),
        report,
        ReportFile.ofJson(SampleReports.REPORTER, report));
  }

  static Stream<Consumer<PrivateInternet>> failures() {
    return Stream.of(
        net -> net.mxWithoutTls(DOMAIN, 10, MX),
        net -> net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX)),
        net -> net.mx(DOMAIN, 10, MX, net.ca().issueExpired(MX)),
        net -> net.goodMx(DOMAIN, 10, "mx.elsewhere.test"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  @Rule(value = "RFC 8460 T5", in = MailDelivery.class)
  @Rule(value = "draft-margolis-smtp-sts-00 A22", in = MailDelivery.class)
  void reportShouldArriveWhateverTheDomainPublishesAndNotBeCounted(
      Consumer<PrivateInternet> failure) throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    failure.accept(world.net);
    Mail report = report();

    world.deliver(world.start(), MailetWorld.stored(report));

    assertThat(world.received(BOB)).hasSize(1);
    ReceivedMail mail = world.received(BOB).get(0);
    assertThat(mail.reversePath()).isEqualTo("tls-reports@ours.example");
    assertThat(mail.content()).contains("TLS-Required: No\r\n", "TLS-Report-Domain: example.com");
    assertThat(world.world.recorded(DOMAIN)).isEmpty();
    assertThat(world.net.policyRequests("mta-sts." + DOMAIN)).isZero();
  }

  @Test
  void reportShouldGoInTlsWhereItCan() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start(), MailetWorld.stored(report()));

    assertThat(world.received(BOB)).singleElement().matches(ReceivedMail::inTls);
    assertThat(world.world.recorded(DOMAIN)).isEmpty();
  }

  @Test
  void reportShouldBeginInTheProcessorThatSignsIt() throws Exception {
    Mail report = report();

    assertThat(report.getState()).isEqualTo("reports");
    assertThat(report.getMaybeSender().get())
        .isEqualTo(new MailAddress("tls-reports@ours.example"));
    assertThat(report.getAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE.getName()))
        .as("may leave")
        .isPresent();
    assertThat(report.getRecipients()).containsExactly(new MailAddress(BOB));
  }

  /** Whatever a stranger can write: all of a report but the mark, which has no words in SMTP. */
  @Test
  void copyOfAReportByAStrangerShouldBeHeldToThePolicyAndCounted() throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    FakeMail.Builder copy =
        FakeMail.builder()
            .name("mail-1")
            .sender("tls-reports@ours.example")
            .recipients(BOB)
            .mimeMessage(report().getMessage());

    world.deliver(world.start(), copy);

    assertThat(world.received(BOB)).isEmpty();
    assertThat(world.onlyWaiting().getRecipients()).hasSize(1);
    assertThat(world.world.recorded(DOMAIN)).isNotEmpty();
  }

  /** Header fields and attributes that a stranger's words can reach are not the mark. */
  @Test
  void headersThatAreNamedLikeTheMarkShouldMeanNothing() throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    FakeMail.Builder mail =
        mail(BOB)
            .mimeMessage(
                MailetWorld.message(
                    "sts.own-report: true\r\nX-sts.own-report: true\r\nTLS-Required: No\r\n\r\nx"))
            .addHeaderForRecipient(
                PerRecipientHeaders.Header.builder().name("sts.own-report").value("true").build(),
                new MailAddress(BOB))
            .attribute(
                new Attribute(AttributeName.of("sts.own-report"), AttributeValue.of("true")));

    world.deliver(world.start(), mail);

    assertThat(world.received(BOB)).isEmpty();
  }
}
