package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jamessts.settings.StsSettings.Reuse;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that carry several mails, as the receiving server sees them. */
class SessionReuseTest {

  private static final String DOMAIN = "example.test";
  private static final String MX = "mx.example.test";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DeliveryWorld world = new DeliveryWorld();
  private final PrivateInternet net = world.internet;
  private MailDelivery delivery = world.delivery();

  @AfterEach
  void stop() {
    delivery.close();
    world.close();
  }

  private void reuse(int maxMails, Duration maxAge, Duration idle) {
    world.reuse = new Reuse(maxMails, maxAge, idle);
    delivery = world.delivery();
  }

  private DeliveryReport deliver(String domain) {
    return delivery.deliver(world.mailTo(domain));
  }

  private void shouldArrive(String domain) {
    assertThat(deliver(domain).delivered()).hasSize(1);
  }

  private List<SinkConnection> connections() {
    return net.server(MX).connections();
  }

  private void enforced() {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, MX);
  }

  /** Another domain, without a policy, whose mail goes to the same host. */
  private void neighbour(String domain) {
    net.dns().mx(domain, 10, MX);
  }

  @Test
  void aSecondMailShouldGoInTheSessionOfTheFirstAfterReset() {
    enforced();

    shouldArrive(DOMAIN);
    shouldArrive(DOMAIN);
    shouldArrive(DOMAIN);

    assertThat(connections())
        .singleElement()
        .satisfies(
            session -> {
              assertThat(session.violations()).isEmpty();
              assertThat(session.commands().stream().filter("RSET"::equals)).hasSize(2);
              assertThat(session.commands().stream().filter("STARTTLS"::equals)).hasSize(1);
            });
    assertThat(net.server(MX).mails()).hasSize(3);
  }

  @Test
  void resetShouldCostNoRoundTripWhereTheServerPipelines() {
    enforced();

    shouldArrive(DOMAIN);
    shouldArrive(DOMAIN);

    List<String> commands = connections().get(0).commands();
    int reset = commands.indexOf("RSET");
    assertThat(connections().get(0).pipelined()).isTrue();
    assertThat(commands.get(reset + 1)).startsWith("MAIL FROM:");
  }

  @Test
  void aSessionShouldCountOnceUnderAPolicyHoweverManyMailsItCarries() {
    enforced();

    shouldArrive(DOMAIN);
    shouldArrive(DOMAIN);
    shouldArrive(DOMAIN);

    assertThat(world.recorded(DOMAIN))
        .extracting(PolicySummary::successfulSessions)
        .containsExactly(1L);
  }

  @Test
  void aPolicyThatCannotBeHadShouldCountOncePerSession() {
    net.policy(DOMAIN, "enforce", MX, PrivateInternet.PolicyHostFault.UNTRUSTED);
    net.goodMx(DOMAIN, 10, MX);

    shouldArrive(DOMAIN);
    shouldArrive(DOMAIN);
    shouldArrive(DOMAIN);

    assertThat(connections()).hasSize(1);
    assertThat(world.recorded(DOMAIN))
        .filteredOn(summary -> summary.policy().type() == AppliedPolicy.Type.STS)
        .extracting(PolicySummary::failedSessions)
        .containsExactly(1L);
  }

  @Test
  void aSessionShouldCountForEachDomainWhoseMailItCarries() {
    enforced();
    neighbour("neighbour.test");

    shouldArrive(DOMAIN);
    shouldArrive("neighbour.test");
    shouldArrive("neighbour.test");

    assertThat(connections()).hasSize(1);
    assertThat(world.recorded("neighbour.test"))
        .extracting(PolicySummary::successfulSessions)
        .containsExactly(1L);
  }

  @Test
  void aSessionThatIsGoodEnoughForOneDomainShouldNotCarryMailOfAStricterOne() {
    net.policy(DOMAIN, "enforce", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    neighbour("neighbour.test");
    shouldArrive("neighbour.test");

    DeliveryReport refused = deliver(DOMAIN);

    DeliveryWorld.assertDeferred(refused, "450 4.7.5", "not trusted");
    assertThat(net.receivedFor("bob@" + DOMAIN)).isEmpty();
    // The old session was good for others, and goes on being so.
    assertThat(connections()).hasSize(2);
    shouldArrive("neighbour.test");
    assertThat(connections()).hasSize(2);
  }

  @Test
  void aHostThatHasBecomeGoodShouldNotBeJudgedByAnOldSession() {
    net.policy(DOMAIN, "enforce", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    neighbour("neighbour.test");
    shouldArrive("neighbour.test");

    net.server(MX).present(net.ca().issue(MX).serverContext());

    shouldArrive(DOMAIN);
    assertThat(connections()).hasSize(2);
  }

  @Test
  void aPolicyThatDoesNotNameTheHostShouldNotUseASessionToIt() {
    enforced();
    shouldArrive(DOMAIN);
    net.policy("strict.test", "enforce", "other.strict.test");
    net.dns().mx("strict.test", 10, MX);

    // The same session, under a policy that does not name this host.
    DeliveryWorld.assertDeferred(deliver("strict.test"), "450 4.7.0", MX);

    assertThat(net.receivedFor("bob@strict.test")).isEmpty();
  }

  /** Where the host breaks off before it has accepted MAIL, and what it does there. */
  @ParameterizedTest
  @CsvSource({
    "RSET, drop",
    "MAIL, drop",
    "RSET, 421 4.4.2 idle for too long",
    "MAIL, 421 4.7.0 too many mails",
    "MAIL, 450 4.7.1 too many mails in one session",
    "MAIL, 550 5.7.1 not in this session",
    "RSET, 500 5.5.1 what",
    "RSET, nonsense"
  })
  void aMailShouldGoInANewSessionWhereTheOldOneIsNoGood(Stage stage, String what) {
    enforced();
    shouldArrive(DOMAIN);
    // Of both sessions, only the old one comes to a second mail.
    net.server(MX)
        .effects(
            new SmtpEffect.OnLaterMail(
                what.equals("drop") ? new SmtpEffect.Drop(stage) : SmtpEffect.reply(stage, what)));

    shouldArrive(DOMAIN);

    assertThat(net.server(MX).mails()).hasSize(2);
    assertThat(connections()).hasSize(2);
  }

  @Test
  void aSessionThatBreaksAfterTheFinalDotShouldLeaveTheMailInDoubtAsEver() {
    enforced();
    shouldArrive(DOMAIN);
    net.server(MX).effects(new SmtpEffect.Drop(Stage.FINAL_DOT));

    assertThat(deliver(DOMAIN).deferred()).hasSize(1);

    assertThat(connections()).hasSize(1);
  }

  @Test
  void aSessionShouldCarryNoMoreMailsThanItMay() {
    reuse(2, Duration.ofMinutes(5), Duration.ofSeconds(5));
    enforced();

    for (int i = 0; i < 5; i++) {
      shouldArrive(DOMAIN);
    }

    assertThat(connections()).hasSize(3);
  }

  @Test
  void aSessionShouldEndWithGoodbyeWhenNobodyNeedsIt() {
    reuse(100, Duration.ofMinutes(5), Duration.ofMillis(200));
    enforced();

    shouldArrive(DOMAIN);

    net.server(MX).awaitNoConnection(PATIENCE);
    assertThat(connections().get(0).commands()).endsWith("QUIT");
  }

  @Test
  void noSessionShouldBeLeftAfterTheEnd() {
    reuse(100, Duration.ofMinutes(5), Duration.ofMinutes(5));
    enforced();
    shouldArrive(DOMAIN);

    delivery.close();

    net.server(MX).awaitNoConnection(PATIENCE);
    assertThat(connections().get(0).commands()).endsWith("QUIT");
  }

  @Test
  void aSessionInClearShouldNotBeKept() {
    net.mxWithoutTls(DOMAIN, 10, MX);

    shouldArrive(DOMAIN);
    shouldArrive(DOMAIN);

    assertThat(connections()).hasSize(2);
  }

  @Test
  void aSessionShouldNotServeAnotherNameOfTheSameAddress() {
    enforced();
    net.policy("second.test", "enforce", "mx.second.test");
    net.dns().mx("second.test", 10, "mx.second.test");
    net.dns().a("mx.second.test", net.server(MX).address().getAddress().getHostAddress());
    shouldArrive(DOMAIN);

    DeliveryReport second = deliver("second.test");

    // The server's certificate is for its first name only.
    DeliveryWorld.assertDeferred(second, "450 4.7.5", "certificate is for");
    assertThat(connections().get(1).tls().orElseThrow().serverName()).contains("mx.second.test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"421 4.3.2 going down\r\n", "250 2.0.0 one more\r\n"})
  void aSessionInWhichTheServerSpeaksUnaskedShouldNotBeUsedAgain(String words) {
    enforced();
    net.server(MX)
        .effects(new SmtpEffect.Reply(Stage.FINAL_DOT, "250 2.0.0 mine\r\n" + words.strip()));
    shouldArrive(DOMAIN);
    net.server(MX).effects();

    shouldArrive(DOMAIN);

    assertThat(net.server(MX).mails()).hasSize(2);
    assertThat(connections()).hasSize(2);
  }

  @Test
  void aDeadAddressShouldNotBeTriedByEveryMail() {
    enforced();
    net.server(MX).close();

    for (int i = 0; i < 3; i++) {
      DeliveryWorld.assertDeferred(deliver(DOMAIN), "451 4.4.2", "no connection");
    }
    DeliveryWorld.assertDeferred(deliver(DOMAIN), "451 4.4.2", "it is tried again after");

    OutboundMail mail = world.mailTo(DOMAIN);
    DeliveryReport last =
        delivery.deliver(
            new OutboundMail(
                mail.name(), mail.nextHops(), mail.envelope(), mail.content(), false, true));
    assertThat(last.deferred().get(0).reason().explanation())
        .as("a mail that has no other chance is not given up for what others found")
        .contains("no connection");
  }
}
