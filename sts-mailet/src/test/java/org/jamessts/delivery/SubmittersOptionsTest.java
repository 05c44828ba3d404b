package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.DOMAIN;
import static org.jamessts.delivery.MailetWorld.MX;
import static org.jamessts.delivery.MailetWorld.mail;
import static org.jamessts.delivery.MailetWorld.message;

import java.util.EnumSet;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.EnvId;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.DsnParameters.Ret;
import org.apache.mailet.base.test.FakeMail;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a submitter asked James for, and what a message needs, as a receiving server sees it. */
class SubmittersOptionsTest {

  private final MailetWorld world = new MailetWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private static FakeMail.Builder mailBeyondAscii() throws Exception {
    return mail().recipients(List.of(InternationalAddress.of("b\u00f6b@" + DOMAIN)));
  }

  private SmtpSink host(String mx, int preference, String... keywords) {
    world.net.dns().mx(DOMAIN, preference, mx);
    return world.net.host(mx, host -> host.keywords(keywords).tls(world.net.ca().issue(mx)));
  }

  private ReceivedMail only(SmtpSink sink) {
    assertThat(sink.connections()).flatExtracting(SinkConnection::violations).isEmpty();
    assertThat(sink.mails()).hasSize(1);
    return sink.mails().get(0);
  }

  private static FakeMail withDsn(FakeMail mail) throws Exception {
    mail.setDsnParameters(
        DsnParameters.builder()
            .envId(EnvId.of("QQ+20314"))
            .ret(Ret.FULL)
            .addRcptParameter(
                new MailAddress(BOB),
                RecipientDsnParameters.of(
                    EnumSet.of(Notify.FAILURE, Notify.SUCCESS), new MailAddress("b+x@list.test")))
            .build()
            .orElseThrow());
    return mail;
  }

  @Test
  void wishesForReportsShouldReachAServerWithDsn() throws Exception {
    SmtpSink sink = host(MX, 10, "DSN", "PIPELINING");

    world.start().service(withDsn(mail(BOB, "carol@" + DOMAIN).build()));
    world.awaitTrials(1);

    assertThat(only(sink).mailParameters()).containsExactly("RET=FULL", "ENVID=QQ+20314");
    assertThat(only(sink).recipientParameters())
        .containsExactlyInAnyOrder(
            List.of("NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;b+2Bx@list.test"), List.of());
  }

  @Test
  void mailShouldGoThoughWhatIsWantedCannotBeRead() throws Exception {
    SmtpSink sink = host(MX, 10, "DSN", "PIPELINING");
    FakeMail mail = mail(BOB).build();
    mail.setAttribute(
        new Attribute(AttributeName.of("dsn-envid"), AttributeValue.of("x SIZE=1\r\nDATA")));
    mail.setAttribute(new Attribute(AttributeName.of("dsn-ret"), AttributeValue.of("some")));

    world.start().service(mail);
    world.awaitTrials(1);

    assertThat(only(sink).mailParameters()).isEmpty();
  }

  /** A positive priority that came with the mail, not the marks that queues need. */
  @ParameterizedTest
  @CsvSource({
    "4, false, MT-PRIORITY=4",
    "4, true, MT-PRIORITY=4",
    "0, true,",
    ", true,",
    ", false,"
  })
  void onlyTheSubmittersPriorityShouldBeHandedOn(Integer given, String usePriority, String expected)
      throws Exception {
    SmtpSink sink = host(MX, 10, "MT-PRIORITY");
    FakeMail mail = mail(BOB).build();
    if (given != null) {
      mail.setAttribute(new Attribute(MailPrioritySupport.MAIL_PRIORITY, AttributeValue.of(given)));
    }

    StsRemoteDelivery mailet = world.start("usePriority=" + usePriority);
    mailet.service(mail);
    world.awaitTrials(1);

    assertThat(only(sink).mailParameters())
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @Test
  void aMailThatComesBackShouldNotTakeTheQueuesMarkForItsPriority() throws Exception {
    SmtpSink sink = host(MX, 10, "MT-PRIORITY");
    StsRemoteDelivery mailet = world.start("usePriority=true");
    FakeMail mail = mail(BOB).build();
    mailet.service(mail);
    world.awaitTrials(1);

    mail.setRecipients(List.of(new MailAddress(BOB)));
    mailet.service(mail);
    world.awaitTrials(2);

    assertThat(sink.mails()).hasSize(2).allMatch(one -> one.mailParameters().isEmpty());
  }

  @Test
  void eightBitContentShouldBeEncodedForAServerWithout8bitmime() throws Exception {
    SmtpSink sink = host(MX, 10, "SIZE");
    String header =
        "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=latin1\r\n";

    world.deliver(
        world.start(),
        mail(BOB)
            .mimeMessage(
                message(header + "Content-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n")));

    ReceivedMail received = only(sink);
    assertThat(received.content())
        .isEqualTo(header + "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n");
    assertThat(received.mailParameters()).containsExactly("SIZE=" + received.content().length());
  }

  @Test
  void anotherHostShouldBeTriedWhenOneLacksAnExtension() throws Exception {
    SmtpSink old = host("old.example.test", 10, "8BITMIME");
    SmtpSink modern = host(MX, 20, "8BITMIME", "SMTPUTF8");

    world.deliver(world.start(), mailBeyondAscii());

    assertThat(old.transactions()).isEmpty();
    assertThat(only(modern).mailParameters()).containsExactly("SMTPUTF8");
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  void mailShouldBounceWhenEveryHostLacksTheExtension() throws Exception {
    host("old.example.test", 10, "8BITMIME");
    host(MX, 20, "8BITMIME");

    world.deliver(world.start(), mailBeyondAscii());

    assertThat(world.bounceText()).contains("553 5.6.7", "SMTPUTF8");
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  void mailShouldWaitWhileAHostThatMayHaveTheExtensionIsAway() throws Exception {
    host("old.example.test", 10, "8BITMIME");
    world.net.dns().mx(DOMAIN, 20, "away.example.test");
    world.net.dns().a("away.example.test", "127.77.1.2");

    world.deliver(world.start(), mailBeyondAscii());

    assertThat(world.notifications()).isEmpty();
    assertThat(world.queue.getSize()).isEqualTo(1);
  }
}
