package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;

import java.util.EnumSet;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.EnvId;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext.SentMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.StatusReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who wants to hear of success hears it from us where the next server would say nothing. */
class RelayedReportTest {

  private static final String CAROL = "carol@" + DOMAIN;

  private final MailetWorld world = new MailetWorld();

  @AfterEach
  void close() {
    world.close();
  }

  /** From a sender who wants this told of bob. */
  private static FakeMail wanting(Notify what, FakeMail.Builder mail) throws MessagingException {
    FakeMail built = mail.build();
    built.setDsnParameters(
        DsnParameters.builder()
            .envId(EnvId.of("QQ314"))
            .addRcptParameter(new MailAddress(BOB), RecipientDsnParameters.of(EnumSet.of(what)))
            .build()
            .orElseThrow());
    return built;
  }

  @Test
  @Rule(value = "RFC 3461 R1", in = Notices.class)
  void senderShouldBeToldThatTheMailWasRelayedWhenTheServerHasNoDsn() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start(), wanting(Notify.SUCCESS, mail(BOB, CAROL)));

    StatusReport told = world.onlyNotification();
    assertThat(told.recipients()).containsExactly(BOB);
    assertThat(told.header("Subject")).contains("Delivery Status Notification (Relayed)");
    assertThat(told.field("Original-Envelope-Id")).contains("QQ314");
    assertThat(told.field(0, "Action")).contains("relayed");
    assertThat(told.field(0, "Status")).contains("2.0.0");
    assertThat(told.field(0, "Remote-MTA")).contains("dns; mx.example.test");
    assertThat(told.field(0, "Diagnostic-Code")).contains("smtp; 250 2.0.0 stored");
    assertThat(told.words()).contains("was taken by the servers", "these servers do not tell");
    assertThat(told.returnedOctets()).contains("Subject: test").doesNotContain("Hello.");
    assertThat(world.net.server(MX).mails()).hasSize(1);
  }

  @Test
  @Rule(value = "RFC 3461 R1", in = Notices.class)
  void senderShouldHearItFromTheServerWhereThatHasDsn() throws Exception {
    world.net.host(DOMAIN, host -> host.keywords("DSN").tls(world.net.ca().issue(DOMAIN)));

    world.deliver(world.start(), wanting(Notify.SUCCESS, mail(BOB)));

    assertThat(world.net.server(DOMAIN).mails().get(0).recipientParameters())
        .containsExactly(List.of("NOTIFY=SUCCESS"));
    assertThat(world.notifications()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Notify.class,
      names = {"NEVER", "FAILURE", "DELAY"})
  void senderShouldHearNothingUnlessHeAskedForIt(Notify other) throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start(), wanting(other, mail(BOB, CAROL)));

    assertThat(world.notifications()).isEmpty();
    assertThat(world.net.server(MX).mails()).hasSize(1);
  }

  @Test
  void nobodyShouldBeToldWhereThereIsNoSender() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(
        world.start(), wanting(Notify.SUCCESS, mail(BOB).sender(MaybeSender.nullSender())));

    assertThat(world.james.getSentMails()).isEmpty();
    assertThat(world.net.server(MX).mails()).hasSize(1);
  }

  @Test
  void senderShouldHearOfSuccessAndOfFailureEachForItself() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    world.net.server(MX).effects(SmtpEffect.replyTo(CAROL, "550 5.1.1 no such user"));

    world.deliver(world.start(), wanting(Notify.SUCCESS, mail(BOB, CAROL)));

    assertThat(world.notifications())
        .extracting(told -> told.field(0, "Action").orElseThrow() + " " + told.recipients())
        .containsExactlyInAnyOrder("relayed [" + BOB + "]", "failed [" + CAROL + "]");
  }

  /** It may have James's {@code DSNBounce}, which would tell the same once more. */
  @Test
  void tellingShouldBeLeftToTheProcessorForSuccessWhereThereIsOne() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start("onSuccess=relayed"), wanting(Notify.SUCCESS, mail(BOB)));

    assertThat(world.notifications()).isEmpty();
    assertThat(world.james.getSentMails())
        .extracting(SentMail::getState)
        .containsExactly("relayed");
  }
}
