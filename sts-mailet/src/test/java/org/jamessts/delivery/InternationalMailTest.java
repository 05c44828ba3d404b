package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.mailet.base.test.FakeMail;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.StatusReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Domains in U-labels: A-labels to the world, as given to whoever sent the mail. */
class InternationalMailTest {

  private static final String DOMAIN = "xn--bcher-kva.test";
  private static final String MX = "mx." + DOMAIN;
  private static final String BOB = "bob@b\u00fccher.test";
  private static final String BOB_ON_THE_WIRE = "bob@" + DOMAIN;

  private final MailetWorld world = new MailetWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private static FakeMail.Builder mail(String... recipients) throws Exception {
    List<MailAddress> addresses = new ArrayList<>();
    for (String recipient : recipients) {
      addresses.add(InternationalAddress.of(recipient));
    }
    return MailetWorld.mail().recipients(addresses);
  }

  private List<String> bounced() {
    return world.notifications().stream().flatMap(told -> told.named().stream()).toList();
  }

  @Test
  void mailShouldArriveUnderThePolicyOfTheALabels() throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start("onSuccess=sent"), mail(BOB));

    assertThat(world.received(BOB_ON_THE_WIRE))
        .singleElement()
        .satisfies(mail -> assertThat(mail.inTls()).isTrue());
    assertThat(world.net.server(MX).connections())
        .flatExtracting(SinkConnection::violations)
        .isEmpty();
    assertThat(world.net.dns().queries("_mta-sts." + DOMAIN, "TXT")).isPositive();
    assertThat(world.world.recorded(DOMAIN))
        .singleElement()
        .satisfies(summary -> assertThat(summary.successfulSessions()).isEqualTo(1));
    assertThat(world.james.getSentMails())
        .singleElement()
        .satisfies(
            copy ->
                assertThat(copy.getRecipients())
                    .extracting(MailAddress::asString)
                    .containsExactly(BOB));
    assertThat(world.queue.getSize()).isZero();
    assertThat(bounced()).isEmpty();
  }

  @Test
  void mailShouldWaitForTheAddressAsGivenWhenThePolicyIsBroken() throws Exception {
    world.net.policy(DOMAIN, "enforce", MX);
    world.net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    world.deliver(world.start(), mail(BOB));

    assertThat(world.received(BOB_ON_THE_WIRE)).isEmpty();
    assertThat(world.onlyWaiting().getRecipients())
        .extracting(MailAddress::asString)
        .containsExactly(BOB);

    world.net.replaceMx(MX, world.net.ca().issue(MX));
    world.retry();

    assertThat(world.received(BOB_ON_THE_WIRE)).hasSize(1);
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  void bounceShouldNameTheAddressAsGiven() throws Exception {
    world.net.dns().mx(DOMAIN, 0, ".");

    world.deliver(world.start(), mail(BOB));

    assertThat(world.bounceText()).contains("556 5.1.10", DOMAIN);
    assertThat(bounced()).containsExactly(BOB);
    assertThat(world.onlyNotification().recipients()).containsExactly(BOB_ON_THE_WIRE);
  }

  @Test
  void senderShouldGoAsALabels() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(world.start(), mail(BOB).sender(InternationalAddress.of("alice@fa\u00df.test")));

    assertThat(world.net.server(MX).mails())
        .extracting(ReceivedMail::reversePath)
        .containsExactly("alice@xn--fa-hia.test");
  }

  @Test
  void senderOfNoDomainShouldBeTold() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);

    world.deliver(
        world.start(), mail(BOB).sender(InternationalAddress.of("alice@1\u05d0\u05d1.test")));

    // RFC 3463 §3.2: X.1.8 is about the sender's domain.
    assertThat(world.bounceText()).contains("550 5.1.8", "sender", "right-to-left");
    assertThat(world.net.server(MX).connections()).isEmpty();
  }

  @Test
  void recipientThatNeedsMoreThanALabelsShouldBounceAlone() throws Exception {
    world.net.goodMx(DOMAIN, 10, MX);
    String utf8 = "b\u00f6b@b\u00fccher.test";
    // By default, a sink does not offer SMTPUTF8.
    String noDomain = "bob@1\u05d0\u05d1.test";

    world.start();
    world.queue.enQueue(mail(utf8, BOB, noDomain).build());
    world.awaitTrials(1);

    assertThat(world.net.server(MX).mails())
        .extracting(ReceivedMail::recipients)
        .containsExactly(List.of(BOB_ON_THE_WIRE));
    assertThat(bounced()).containsExactlyInAnyOrder(utf8, noDomain);
    StatusReport told = world.onlyNotification();
    assertThat(told.words())
        .contains(utf8 + " 553 5.6.7", "SMTPUTF8", noDomain + " 550 5.1.2", "right-to-left");
    // RFC 6533 §3: escaped, since the report is in ASCII.
    assertThat(told.recipients())
        .containsExactlyInAnyOrder("b\\x{F6}b@b\\x{FC}cher.test", "bob@1\\x{5D0}\\x{5D1}.test");
    assertThat(world.queue.getSize()).isZero();
  }

  @Test
  void twoFormsOfOneAddressShouldBeOneRecipientAndHaveOneFate() throws Exception {
    world.net.implicitMx("relay." + DOMAIN);
    String gateway = "gateway=relay.b\u00fccher.test:" + world.net.smtpPort();
    StsRemoteDelivery mailet = world.start(gateway, "onSuccess=sent");

    world.deliver(mailet, mail(BOB, BOB_ON_THE_WIRE));

    assertThat(world.net.server("relay." + DOMAIN).mails())
        .extracting(ReceivedMail::recipients)
        .containsExactly(List.of(BOB_ON_THE_WIRE));
    assertThat(world.james.getSentMails())
        .flatExtracting(copy -> copy.getRecipients())
        .extracting(MailAddress::asString)
        .containsExactly(BOB, BOB_ON_THE_WIRE);
    assertThat(world.queue.getSize()).isZero();

    world
        .net
        .server("relay." + DOMAIN)
        .effects(SmtpEffect.replyTo(BOB_ON_THE_WIRE, "550 5.1.1 no such user"));
    world.deliver(mailet, mail(BOB, BOB_ON_THE_WIRE));

    assertThat(bounced()).containsExactly(BOB, BOB_ON_THE_WIRE);
    assertThat(world.queue.getSize()).isZero();
  }

  /** Java makes a final sigma of the one before the hyphen, and that is another domain. */
  @Test
  void caseShouldBeFoldedAsUnicodeDoes() throws Exception {
    world.net.goodMx("xn---1-e9b0buy4d.test", 10, "mx.greek.test");
    world.net.goodMx("xn---1-e9b0bus1e.test", 10, "mx.other.test");

    world.deliver(world.start(), mail("bob@\u0392\u038c\u039b\u039f\u03a3-1.test"));

    assertThat(world.net.server("mx.greek.test").mails()).hasSize(1);
    assertThat(world.net.server("mx.other.test").mails()).isEmpty();
  }

  @Test
  void defaultDomainShouldGreetInALabelsAndKnowItself() throws Exception {
    world.defaultDomain = "b\u00fccher.test";
    world.net.goodMx("other.test", 10, "mx.other.test");
    world.net.goodMx("loop.test", 10, DOMAIN);
    StsRemoteDelivery mailet = world.start();

    world.deliver(mailet, MailetWorld.mail("bob@other.test"));
    world.deliver(mailet, MailetWorld.mail("bob@loop.test"));

    assertThat(world.net.server("mx.other.test").mails())
        .extracting(ReceivedMail::ehloName)
        .containsExactly(DOMAIN);
    assertThat(world.bounceText()).contains("550 5.4.6");
  }
}
