package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.attribute;
import static org.jamessts.delivery.MailetWorld.lastRetry;
import static org.jamessts.delivery.MailetWorld.mail;
import static org.jamessts.delivery.MailetWorld.message;

import java.util.EnumSet;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.EnvId;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.DsnParameters.Ret;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext.SentMail;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.StatusReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a sender is told of mail that failed: by the delivery itself, and by the bounce processor.
 */
class DeliveryStatusTest {

  private static final String FULL = "full@" + DOMAIN;
  private static final String GONE = "gone@" + DOMAIN;

  private final MailetWorld world = new MailetWorld();

  @BeforeEach
  void host() {
    world.net.goodMx(DOMAIN, 10, MX);
    world
        .net
        .server(MX)
        .effects(
            SmtpEffect.replyTo(GONE, "550 5.1.1 no such user"),
            SmtpEffect.replyTo(FULL, "552 5.2.2 mailbox full"));
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Delivers a mail that cannot be delivered, with or without a bounce processor. */
  private StatusReport told(boolean processor, FakeMail mail) throws Exception {
    world.start(processor ? "bounceProcessor=bounces" : "bounceProcessor=");
    world.queue.enQueue(mail);
    world.awaitTrials(1);
    if (processor) {
      for (SentMail failed : List.copyOf(world.james.getSentMails())) {
        if (failed.getState().equals("bounces")) {
          world.bounce().service(MailetWorld.stored(failed));
        }
      }
    }
    return world.onlyNotification();
  }

  private static FakeMail with(DsnParameters parameters, FakeMail.Builder mail) throws Exception {
    FakeMail built = mail.build();
    built.setDsnParameters(parameters);
    return built;
  }

  private static FakeMail notifying(String recipient, EnumSet<Notify> notify, String... all)
      throws Exception {
    return with(
        DsnParameters.builder()
            .addRcptParameter(new MailAddress(recipient), RecipientDsnParameters.of(notify))
            .build()
            .orElseThrow(),
        mail(all));
  }

  @ParameterizedTest(name = "with a bounce processor: {0}")
  @CsvSource({"false", "true"})
  void senderShouldReadWhatTheServerSaid(boolean processor) throws Exception {
    StatusReport told = told(processor, mail(BOB, GONE).build());

    assertThat(told.recipients()).containsExactly(GONE);
    assertThat(told.field("Reporting-MTA")).contains("dns; ours.test");
    assertThat(told.field("Arrival-Date")).isPresent();
    assertThat(told.field(0, "Action")).contains("failed");
    assertThat(told.field(0, "Status")).contains("5.1.1");
    assertThat(told.field(0, "Remote-MTA")).contains("dns; mx.example.test");
    assertThat(told.field(0, "Diagnostic-Code")).contains("smtp; 550 5.1.1 no such user");
    assertThat(told.field(0, "Last-Attempt-Date")).isPresent();
    assertThat(told.returnedOctets()).startsWith("Subject: test\r\n");
  }

  @ParameterizedTest(name = "with a bounce processor: {0}")
  @CsvSource({"false", "true"})
  void senderShouldReadWhatTheDomainPromised(boolean processor) throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.replaceMx(MX, PrivateCa.selfSigned(MX));

    StatusReport told = told(processor, mail(BOB).attribute(lastRetry()).build());

    assertThat(told.words())
        .contains("bob@example.test 550 5.7.5 MTA-STS (enforce) example.test: mx.example.test")
        .contains("not trusted", "not sent in any weaker way");
    assertThat(told.field(0, "Status")).contains("5.7.5");
    assertThat(told.field(0, "Remote-MTA")).isEmpty();
    assertThat(told.field(0, "Diagnostic-Code").orElseThrow())
        .startsWith("X-james-sts; 550 5.7.5 MTA-STS (enforce) example.test: ");
  }

  @Test
  void limitThatNoServerWasAskedAboutShouldNotPassForAReply() throws Exception {
    world
        .net
        .server(MX)
        .effects(SmtpEffect.reply(SmtpEffect.Stage.TLS_EHLO, "250-mx.example.test\r\n250 SIZE 10"));

    StatusReport told = told(false, mail(BOB).build());

    assertThat(told.field(0, "Remote-MTA")).isEmpty();
    assertThat(told.field(0, "Diagnostic-Code").orElseThrow())
        .startsWith("X-james-sts; 552 5.3.4 ");
  }

  @Test
  void senderShouldBeToldOnceOfAllRecipients() throws Exception {
    StatusReport told = told(false, mail(GONE, BOB, FULL).build());

    assertThat(told.recipients()).containsExactlyInAnyOrder(GONE, FULL);
    assertThat(told.named()).containsExactlyInAnyOrder(GONE, FULL);
  }

  @Test
  void bounceProcessorShouldGetAMailForEachCode() throws Exception {
    world
        .net
        .server(MX)
        .effects(
            SmtpEffect.replyTo(GONE, "550 5.1.1 no such user"),
            SmtpEffect.replyTo(BOB, "550 5.1.1 nor this one"),
            SmtpEffect.replyTo(FULL, "552 5.2.2 mailbox full"));

    world.deliver(world.start("bounceProcessor=bounces"), mail(GONE, FULL, BOB));

    assertThat(world.james.getSentMails()).extracting(SentMail::getState).containsOnly("bounces");
    assertThat(world.james.getSentMails())
        .extracting(mail -> attribute(mail, "delivery-error").orElseThrow())
        .containsExactlyInAnyOrder(
            "552 5.2.2 mx.example.test said: 552 5.2.2 mailbox full",
            "550 5.1.1 mx.example.test said: 550 5.1.1 no such user;"
                + " mx.example.test said: 550 5.1.1 nor this one");
  }

  /** Who is told of a failure (RFC 3461 §4.1). */
  @ParameterizedTest(name = "NOTIFY={0}")
  @CsvSource({"NEVER, false", "DELAY, false", "SUCCESS, false", "FAILURE, true"})
  void notifyShouldDecideWhetherAFailureIsTold(Notify notify, boolean told) throws Exception {
    world.deliver(world.start(), notifying(GONE, EnumSet.of(notify), GONE));

    assertThat(world.notifications()).hasSize(told ? 1 : 0);
    assertThat(world.queue.getSize()).isZero();
  }

  @ParameterizedTest(name = "with a bounce processor: {0}")
  @CsvSource({"false", "true"})
  void senderShouldHearOnlyOfThoseOfWhomHeWantsTo(boolean processor) throws Exception {
    StatusReport told =
        told(processor, notifying(GONE, EnumSet.of(Notify.NEVER), GONE, "x" + GONE, FULL));

    assertThat(told.recipients()).containsExactly(FULL);
  }

  @Test
  void parametersOfTheSubmissionShouldComeBackDecoded() throws Exception {
    StatusReport told =
        told(
            false,
            with(
                DsnParameters.builder()
                    .envId(EnvId.of("QQ+2B314"))
                    .addRcptParameter(
                        new MailAddress(GONE),
                        RecipientDsnParameters.of(new MailAddress("bob+2Btag@old.test")))
                    .build()
                    .orElseThrow(),
                mail(GONE)));

    assertThat(told.field("Original-Envelope-Id")).contains("QQ+314");
    assertThat(told.field(0, "Original-Recipient")).contains("rfc822; bob+tag@old.test");
    assertThat(told.field(0, "Final-Recipient")).contains("rfc822; gone@example.test");
  }

  @Test
  void envelopeIdShouldAddNoField() throws Exception {
    StatusReport told =
        told(
            false,
            with(
                DsnParameters.builder()
                    .envId(EnvId.of("a+0D+0A+0D+0AFinal-Recipient:+20rfc822;+20x@y.test"))
                    .build()
                    .orElseThrow(),
                mail(GONE)));

    assertThat(told.recipients()).containsExactly(GONE);
    assertThat(told.field("Original-Envelope-Id").orElseThrow()).startsWith("a????Final-Recipient");
  }

  /** How much goes back: RET (RFC 3461 §4.3), the size, and which part that makes. */
  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({
    "none, 100, message/rfc822",
    "none, 100000, text/rfc822-headers",
    "FULL, 100000, message/rfc822",
    "FULL, 2000000, text/rfc822-headers",
    "HDRS, 100, text/rfc822-headers",
  })
  void mailShouldGoBackAsFarAsIsAskedAndBearable(String ret, int size, String mediaType)
      throws Exception {
    FakeMail.Builder mail =
        mail(GONE).mimeMessage(message("Subject: e\r\n\r\n" + "line\r\n".repeat(size / 6)));

    StatusReport told =
        told(
            false,
            ret.equals("none")
                ? mail.build()
                : with(DsnParameters.builder().ret(Ret.valueOf(ret)).build().orElseThrow(), mail));

    assertThat(told.returned().getContentType()).isEqualTo(mediaType);
    assertThat(told.returnedOctets()).startsWith("Subject: e\r\n");
  }

  @Test
  void mailThatDemandsRequireTlsShouldNotGoBack() throws Exception {
    StatusReport told =
        told(
            false,
            mail(BOB)
                .attribute(new Attribute(AttributeName.of("REQUIRETLS"), AttributeValue.of(true)))
                .build());

    assertThat(told.returned().getContentType()).isEqualTo("text/rfc822-headers");
  }

  @Test
  void mailWithoutASenderShouldNotBeAnsweredButGoOn() throws Exception {
    StsBounce bounce = world.bounce("passThrough=true");
    FakeMail mail = mail(GONE).sender(MaybeSender.nullSender()).state("bounces").build();

    bounce.service(mail);

    assertThat(world.james.getSentMails()).isEmpty();
    assertThat(mail.getState()).isEqualTo("bounces");
  }

  @ParameterizedTest(name = "passThrough={0}")
  @CsvSource({"true, bounces", "false, ghost"})
  void mailShouldGoOnAsTold(boolean passThrough, String state) throws Exception {
    FakeMail mail = mail(GONE).state("bounces").build();

    world.bounce("passThrough=" + passThrough).service(mail);

    assertThat(mail.getState()).isEqualTo(state);
    assertThat(world.notifications()).hasSize(1);
  }

  @Test
  void mailThatOthersHaveGivenUpShouldBeToldWithTheirWords() throws Exception {
    Mail mail =
        mail(GONE)
            .attribute(
                new Attribute(
                    AttributeName.of("delivery-error"),
                    AttributeValue.of("554 5.6.0 \r\nBcc: x@y.test")))
            .build();

    world.bounce().service(mail);

    StatusReport told = world.onlyNotification();
    assertThat(told.field(0, "Status")).contains("5.6.0");
    assertThat(told.field(0, "Diagnostic-Code")).contains("X-james-sts; 554 5.6.0 ??Bcc: x@y.test");
    assertThat(told.field(0, "Last-Attempt-Date")).isEmpty();
  }

  @Test
  void strangeAttributesShouldNotKeepTheSenderFromBeingTold() throws Exception {
    Mail mail =
        mail(GONE)
            .errorMessage("gone for good")
            .attribute(new Attribute(GivenUpAttribute.NAME, AttributeValue.of("no map")))
            .attribute(
                new Attribute(AttributeName.of("dsn-notify"), AttributeValue.of("no map either")))
            .attribute(new Attribute(AttributeName.of("dsn-arrival-date"), AttributeValue.of(1)))
            .build();

    world.bounce().service(mail);

    assertThat(world.onlyNotification().words()).contains("550 gone for good");
  }
}
