package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamessts.delivery.MailetWorld.BOB;
import static org.jamessts.delivery.MailetWorld.mail;

import java.util.List;
import java.util.function.Supplier;
import org.jamessts.dns.DomainName;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.jamessts.tlsrpt.ResultType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Mail while the operator has taken enforcement back; read at the receiving server. */
class LoweredEnforcementTest extends DaneWorld {

  private static final String BACKUP = "backup.good.example";

  private void under(Enforcement mode) {
    world.enforcement = () -> mode;
  }

  private void publish(String mx) {
    net.policy(DOMAIN, "enforce", mx);
  }

  @Test
  void brokenPolicyShouldBeReportedAndHoldNothingBack() {
    publish(MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    assertHeldBack(deliver(), "450 4.7.5", "MTA-STS (enforce) good.example");

    under(Enforcement.REPORT_ONLY);

    assertThat(how())
        .contains(
            "TLSv1.3 unverified",
            "MTA-STS (enforce) good.example (not enforced: enforcement=report-only)",
            "finding=\"MTA-STS (enforce) good.example: mx.good.example");
    assertThat(received()).singleElement().matches(mail -> mail.inTls());
    assertThat(world.recorded(DOMAIN).get(0).failures())
        .last()
        .satisfies(
            counted -> {
              assertThat(counted.failure().type()).isEqualTo(ResultType.CERTIFICATE_NOT_TRUSTED);
              assertThat(counted.sessions()).isEqualTo(2);
            });

    under(Enforcement.ENFORCE);
    DeliveryWorld.assertDeferred(deliver(), "450 4.7.5", "MTA-STS (enforce)");
    assertThat(received()).hasSize(1);
  }

  @Test
  void hostWithoutTlsShouldGetTheMailInClearText() {
    publish(MX);
    net.goodMx(DOMAIN, 10, MX);
    net.server(MX).effects(SmtpEffect.hideStartTls());
    under(Enforcement.REPORT_ONLY);

    assertThat(how()).contains("channel=clear");
    net.server(MX).effects(new SmtpEffect.Handshake(HandshakeFault.ALERT));
    assertThat(how()).contains("channel=clear");
    assertThat(received()).hasSize(2).noneMatch(mail -> mail.inTls());
  }

  @Test
  void goodHostShouldStillBeVerified() {
    publish(MX);
    net.goodMx(DOMAIN, 10, MX);
    under(Enforcement.REPORT_ONLY);

    assertThat(how()).contains("TLSv1.3 verified");
  }

  @Test
  void hostThatThePolicyNamesShouldComeFirst() {
    publish(BACKUP);
    net.goodMx(DOMAIN, 10, "mx.attacker.test");
    net.goodMx(DOMAIN, 20, BACKUP);
    under(Enforcement.REPORT_ONLY);

    assertThat(how()).contains("mx=" + BACKUP);
    assertThat(net.server("mx.attacker.test").connections()).isEmpty();
  }

  @Test
  void hostThatThePolicyDoesNotNameShouldGetTheMailWhereThereIsNoOther() {
    publish(BACKUP);
    net.goodMx(DOMAIN, 10, MX);
    under(Enforcement.REPORT_ONLY);

    assertThat(how()).contains("mx=" + MX, "is not among the policy's mx patterns");
  }

  @Test
  void offShouldAskForNoPolicyAndCountNoSession() {
    publish(MX);
    signed(OTHER, key(ODD.leaf()));
    under(Enforcement.OFF);

    assertThat(how()).contains("TLSv1.3 unverified", "no policy");
    assertThat(net.policyRequests("mta-sts." + DOMAIN)).isZero();
    assertThat(world.recorded(DOMAIN)).isEmpty();
  }

  @Test
  void lastAttemptShouldAskForNoPolicyEitherWhileItIsOff() {
    publish(MX);
    net.goodMx(DOMAIN, 10, MX);
    under(Enforcement.OFF);

    assertThat(world.delivery().policies(world.mailTo(DOMAIN).nextHops()))
        .containsExactly(List.of());
    assertThat(world.delivery().recheckedPolicies(world.mailTo(DOMAIN).nextHops()))
        .containsExactly(List.of());
    assertThat(net.policyRequests("mta-sts." + DOMAIN)).isZero();
  }

  @Test
  void tlsaRecordsShouldBeReportedAndHoldNothingBack() {
    signed(OTHER, key(ODD.leaf()));
    assertHeldBack(deliver(), "450 4.7.5", "DANE mx.good.example");
    under(Enforcement.REPORT_ONLY);
    assertThat(how()).contains("finding=\"DANE mx.good.example");

    failing(MX);

    assertThat(how()).contains("TLSA lookup failed");
    assertThat(received()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ENFORCE")
  void daneThatTheOperatorDemandsShouldHoldOn(Enforcement lowered) {
    signed(OTHER, key(ODD.leaf()));
    demand(DOMAIN);
    under(lowered);

    assertHeldBack(deliver(), "450 4.7.5", "mandatory DANE mx.good.example");

    net.replaceMx(MX, ODD);
    assertThat(how()).contains("TLSv1.3 verified", "mandatory DANE");
  }

  @Test
  void mailThatWouldLoopShouldWaitAndNotBounce() {
    publish(MX);
    net.dns().mx(DOMAIN, 5, "ours.test");
    under(Enforcement.REPORT_ONLY);

    DeliveryWorld.assertDeferred(deliver(), "450 4.7.0", "ours.test is not among");
  }

  /** As soon as a host was contacted, the operator changes his mind. */
  private Supplier<Enforcement> changed(Enforcement before, Enforcement after) {
    return () -> net.server(MX).connections().isEmpty() ? before : after;
  }

  private void publishTwoHostsWithBadCertificates() {
    net.policy(DOMAIN, "enforce", "*.good.example");
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    net.mx(DOMAIN, 20, BACKUP, PrivateCa.selfSigned(BACKUP));
    net.server(MX).effects(SmtpEffect.reply(Stage.RCPT, "451 4.3.0 not now"));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ENFORCE")
  void mailUnderWayShouldBeHeldToThePolicyAtTheNextHostWhenItIsBack(Enforcement lowered) {
    publishTwoHostsWithBadCertificates();
    world.enforcement = changed(lowered, Enforcement.ENFORCE);

    DeliveryWorld.assertDeferred(deliver(), "450 4.7.5", "MTA-STS (enforce) good.example");

    assertThat(net.server(MX).connections()).isNotEmpty();
    assertThat(net.server(BACKUP).transactions()).isEmpty();
    assertThat(received()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ENFORCE")
  void mailUnderWayShouldGoToTheNextHostWhenItIsLowered(Enforcement lowered) {
    publishTwoHostsWithBadCertificates();
    world.enforcement = changed(Enforcement.ENFORCE, lowered);

    assertThat(how()).contains("mx=" + BACKUP);
    assertThat(received()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ENFORCE")
  void storedMailShouldBeTriedAgainAtOnceWhenItIsLowered(Enforcement lowered) throws Exception {
    try (MailetWorld mailets = new MailetWorld()) {
      mailets.net.policy(MailetWorld.DOMAIN, "enforce", MailetWorld.MX);
      mailets.net.mx(MailetWorld.DOMAIN, 10, MailetWorld.MX, PrivateCa.selfSigned(MailetWorld.MX));
      mailets.deferred.start();
      mailets.deliver(mailets.startDeferring("delayTime=4 hours"), mail(BOB));
      assertThat(mailets.deferred.waitingFor(new DomainName(MailetWorld.DOMAIN), 0, 10)).hasSize(1);

      mailets.world.order(lowered);

      await().untilAsserted(() -> assertThat(mailets.received(BOB)).hasSize(1));
      await()
          .until(
              () ->
                  mailets.deferred.waitingFor(new DomainName(MailetWorld.DOMAIN), 0, 10).isEmpty());
      mailets.world.order(Enforcement.ENFORCE);
      mailets.deferred.stop();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ENFORCE")
  void credentialsShouldGoToNoGatewayThatHasNotProvedItsName(Enforcement lowered) throws Exception {
    try (MailetWorld mailets = new MailetWorld()) {
      SmtpSink relay =
          mailets.net.host(
              "relay.test",
              host ->
                  host.keywords("AUTH PLAIN")
                      .user("ours", "opensesame")
                      .tls(PrivateCa.selfSigned("relay.test")));
      StsRemoteDelivery mailet =
          mailets.start(
              "gateway=relay.test:" + mailets.net.smtpPort(),
              "gatewayUsername=ours",
              "gatewayPassword=opensesame");
      mailets.world.order(lowered);

      mailets.deliver(mailet, mail(BOB));

      assertThat(relay.connections())
          .isNotEmpty()
          .flatExtracting(connection -> connection.commands())
          .noneMatch(command -> command.startsWith("AUTH"));
      assertThat(relay.transactions()).isEmpty();
      assertThat(mailets.queue.getSize()).isEqualTo(1);
    }
  }

  @Test
  void credentialsShouldGoToAGatewayThatDaneProvesAlsoWhileItIsOff() throws Exception {
    try (MailetWorld mailets = new MailetWorld()) {
      PrivateCa.Credential credential = PrivateCa.selfSigned("relay.example");
      SmtpSink relay =
          mailets.net.host(
              "relay.example",
              host -> host.keywords("AUTH PLAIN").user("ours", "opensesame").tls(credential));
      int port = mailets.net.smtpPort();
      mailets
          .net
          .dns()
          .add("_%d._tcp.relay.example. 60 IN TLSA %s".formatted(port, key(credential.leaf())));
      StsRemoteDelivery mailet =
          mailets.start(
              "gateway=relay.example:" + port,
              "gatewayUsername=ours",
              "gatewayPassword=opensesame");
      mailets.world.order(Enforcement.OFF);

      mailets.deliver(mailet, mail(BOB));

      assertThat(relay.mails()).hasSize(1);
    }
  }
}
