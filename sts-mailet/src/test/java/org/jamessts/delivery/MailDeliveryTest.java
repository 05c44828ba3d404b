package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.delivery.RecipientOutcome.Deferred;
import org.jamessts.dns.DomainName;
import org.jamessts.engine.Turnstile;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.settings.StsSettings;
import org.jamessts.smtp.Envelope;
import org.jamessts.smtp.MailContent;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.testing.SmtpEffect.HandshakeFault;
import org.jamessts.testing.SmtpEffect.Stage;
import org.jamessts.testing.SmtpSink;
import org.jamessts.tls.TlsHandshaker;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ResultType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What leaves, read at the receiving servers; then what is said about it. */
class MailDeliveryTest {

  private static final String DOMAIN = "example.test";
  private static final String MX = "mx.example.test";

  private final DeliveryWorld world = new DeliveryWorld();
  private final PrivateInternet net = world.internet;

  @AfterEach
  void stop() {
    world.close();
  }

  private DeliveryReport deliver() {
    return world.delivery().deliver(world.mailTo(DOMAIN));
  }

  private List<ReceivedMail> received() {
    return net.receivedFor("bob@" + DOMAIN);
  }

  /** A way to break an enforced policy: rule, what the MX is like, code, words, and its type. */
  static List<Arguments> breaches() {
    return List.of(
        breach(
            "RFC 8461 §4.2 wrong name",
            (net) -> mx(net, net.ca().issue("other.test")),
            "450 4.7.5",
            "certificate is for other.test",
            ResultType.CERTIFICATE_HOST_MISMATCH),
        breach(
            "RFC 8461 §4.2 name only in CN",
            (net) -> mx(net, net.ca().issueCommonNameOnly(MX)),
            "450 4.7.5",
            "no DNS name",
            ResultType.CERTIFICATE_HOST_MISMATCH),
        breach(
            "RFC 8461 §4.2 the recipient domain's name",
            (net) -> mx(net, net.ca().issue(DOMAIN)),
            "450 4.7.5",
            "certificate is for example.test",
            ResultType.CERTIFICATE_HOST_MISMATCH),
        breach(
            "RFC 8461 §4.2 partial wildcard",
            (net) -> mx(net, net.ca().issue("m*.example.test")),
            "450 4.7.5",
            "certificate is for m*.example.test",
            ResultType.CERTIFICATE_HOST_MISMATCH),
        breach(
            "RFC 8461 §4.2 expired",
            (net) -> mx(net, net.ca().issueExpired(MX)),
            "450 4.7.5",
            "expired",
            ResultType.CERTIFICATE_EXPIRED),
        breach(
            "RFC 8461 §4.2 self-signed",
            (net) -> mx(net, PrivateCa.selfSigned(MX)),
            "450 4.7.5",
            "not trusted",
            ResultType.CERTIFICATE_NOT_TRUSTED),
        breach(
            "RFC 8461 §4.2 another authority",
            (net) -> mx(net, PrivateCa.create("Mallory").issue(MX)),
            "450 4.7.5",
            "not trusted",
            ResultType.CERTIFICATE_NOT_TRUSTED),
        breach(
            "RFC 8461 §4 STARTTLS stripped",
            (net) -> mx(net, net.ca().issue(MX), SmtpEffect.hideStartTls()),
            "450 4.7.4",
            "does not offer STARTTLS",
            ResultType.STARTTLS_NOT_SUPPORTED),
        breach(
            "RFC 3207 §4 STARTTLS refused for now",
            (net) -> mx(net, net.ca().issue(MX), SmtpEffect.reply(Stage.STARTTLS, "454 4.7.0 no")),
            "450 4.7.4",
            "refuses STARTTLS",
            ResultType.STARTTLS_NOT_SUPPORTED),
        breach(
            "RFC 3207 §4 STARTTLS refused for good",
            (net) -> mx(net, net.ca().issue(MX), SmtpEffect.reply(Stage.STARTTLS, "502 5.5.1 no")),
            "450 4.7.4",
            "refuses STARTTLS",
            ResultType.STARTTLS_NOT_SUPPORTED),
        breach(
            "RFC 3207 §6 plaintext injected",
            (net) ->
                mx(net, net.ca().issue(MX), new SmtpEffect.InjectAfterStartTls("250 hello\r\n")),
            "450 4.7.5",
            "in clear",
            ResultType.VALIDATION_FAILURE),
        breach(
            "handshake answered with an alert",
            (net) -> mx(net, net.ca().issue(MX), new SmtpEffect.Handshake(HandshakeFault.ALERT)),
            "450 4.7.5",
            "TLS handshake failed",
            ResultType.VALIDATION_FAILURE),
        breach(
            "handshake answered with garbage",
            (net) -> mx(net, net.ca().issue(MX), new SmtpEffect.Handshake(HandshakeFault.GARBAGE)),
            "450 4.7.5",
            "TLS handshake failed",
            ResultType.VALIDATION_FAILURE),
        breach(
            "alert right after the handshake",
            (net) ->
                mx(net, net.ca().issue(MX), new SmtpEffect.Handshake(HandshakeFault.ALERT_AFTER)),
            "450 4.7.5",
            "TLS handshake failed",
            ResultType.VALIDATION_FAILURE),
        breach(
            "RFC 8461 §4.1 host not listed",
            (net) -> net.goodMx(DOMAIN, 10, "mx.attacker.test"),
            "450 4.7.0",
            "mx.attacker.test is not among",
            ResultType.VALIDATION_FAILURE));
  }

  /** Makes an MX host. */
  @FunctionalInterface
  interface SetUp {
    void make(PrivateInternet net);
  }

  private static void mx(
      PrivateInternet net, PrivateCa.Credential credential, SmtpEffect... effects) {
    net.mx(DOMAIN, 10, MX, credential, effects);
  }

  private static Arguments breach(
      String rule, SetUp setUp, String code, String words, ResultType type) {
    return Arguments.of(rule, setUp, code, words, type);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaches")
  @Rule(
      value = "RFC 8461 S19",
      in = {MailDelivery.class, HostConversation.class})
  @Rule(value = "RFC 8461 S21", in = HostConversation.class)
  @Rule(
      value = "RFC 8461 S23",
      in = {MailDelivery.class, HostConversation.class})
  @Rule(value = "RFC 8461 S29", in = SessionLog.class)
  void nothingShouldLeaveUnderEnforceWhen(
      String rule, SetUp setUp, String code, String words, ResultType type) {
    net.policy(DOMAIN, "enforce", MX);
    setUp.make(net);

    DeliveryReport report = deliver();

    assertThat(received()).as(rule).isEmpty();
    DeliveryWorld.assertDeferred(report, code, words);
    assertThat(report.deferred().get(0).reason().explanation())
        .startsWith("MTA-STS (enforce) example.test: ");
    assertThat(world.recorded(DOMAIN))
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.policy().type()).isEqualTo(AppliedPolicy.Type.STS);
              assertThat(summary.successfulSessions()).isZero();
              assertThat(summary.failures().get(0).failure().type()).isEqualTo(type);
            });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaches")
  @Rule(
      value = "RFC 8461 S24",
      in = {MailDelivery.class, HostConversation.class})
  @Rule(value = "RFC 8461 S29", in = SessionLog.class)
  void mailShouldLeaveOnceUnderTestingWhen(
      String rule, SetUp setUp, String code, String words, ResultType type) {
    net.policy(DOMAIN, "testing", MX);
    setUp.make(net);

    DeliveryReport report = deliver();

    assertThat(received()).as(rule).hasSize(1);
    assertThat(received().get(0).content()).isEqualTo(DeliveryWorld.BODY);
    assertThat(report.delivered())
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.how()).contains("finding=\"", words));
    assertThat(world.recorded(DOMAIN).get(0).failures().get(0).failure().type()).isEqualTo(type);
  }

  @Test
  @Rule(value = "RFC 8461 S19", in = HostConversation.class)
  @Rule(value = "RFC 8461 S22", in = TlsHandshaker.class)
  void mailShouldLeaveInVerifiedTlsWhenThePolicyIsKept() {
    net.policy(DOMAIN, "enforce", "*.example.test");
    net.goodMx(DOMAIN, 10, MX);

    DeliveryReport report = deliver();

    assertThat(received())
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.tls().orElseThrow().serverName()).contains(MX);
              assertThat(mail.content()).isEqualTo(DeliveryWorld.BODY);
              assertThat(mail.ehloName()).isEqualTo("ours.test");
              assertThat(mail.reversePath()).isEqualTo("alice@ours.test");
            });
    assertThat(report.delivered().get(0).how())
        .contains("mx=mx.example.test", "channel=\"TLSv1.3 verified", "MTA-STS (enforce)");
    assertThat(world.recorded(DOMAIN).get(0).successfulSessions()).isEqualTo(1);
  }

  @Test
  @Rule(value = "RFC 8461 S23", in = MailDelivery.class)
  @Rule(value = "RFC 8461 S27", in = MailDelivery.class)
  void nextHostShouldBeTriedWhenTheFirstBreaksThePolicy() {
    net.policy(DOMAIN, "enforce", "*.example.test");
    net.mx(DOMAIN, 10, "mx1.example.test", PrivateCa.selfSigned("mx1.example.test"));
    net.goodMx(DOMAIN, 20, "mx2.example.test");

    assertThat(deliver().delivered()).hasSize(1);
    assertThat(net.server("mx1.example.test").transactions()).isEmpty();
    assertThat(net.server("mx2.example.test").mails()).hasSize(1);
  }

  @Test
  @Rule(value = "RFC 8461 S23", in = MailDelivery.class)
  void hostThatIsNotListedShouldNotEvenBeContacted() {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, "mx.attacker.test");

    deliver();

    assertThat(net.server("mx.attacker.test").connections()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S13", in = StsPolicyService.class)
  void cachedPolicyShouldHoldWhenEverythingAroundItIsAttacked() {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, MX);
    assertThat(deliver().delivered()).hasSize(1);

    net.blockPolicy(DOMAIN);
    net.replaceMx(MX, PrivateCa.selfSigned(MX));

    DeliveryWorld.assertDeferred(deliver(), "450 4.7.5", "not trusted");
    assertThat(received()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("brokenTls")
  void clearTextShouldBeTriedOnANewConnectionWhenNothingRequiresTls(SmtpEffect effect) {
    net.mx(DOMAIN, 10, MX, net.ca().issue(MX), effect);

    assertThat(deliver().delivered()).hasSize(1);

    assertThat(received()).singleElement().matches(mail -> !mail.inTls());
    assertThat(net.server(MX).connections()).hasSize(2);
    assertThat(world.recorded(DOMAIN).get(0))
        .satisfies(
            summary -> {
              assertThat(summary.policy().type()).isEqualTo(AppliedPolicy.Type.NO_POLICY_FOUND);
              assertThat(summary.failedSessions()).isEqualTo(1);
            });
  }

  static List<SmtpEffect> brokenTls() {
    return List.of(
        SmtpEffect.reply(Stage.STARTTLS, "454 4.7.0 not now"),
        new SmtpEffect.Handshake(HandshakeFault.ALERT),
        new SmtpEffect.Handshake(HandshakeFault.CLOSE),
        new SmtpEffect.Handshake(HandshakeFault.CLOSE_AFTER),
        new SmtpEffect.InjectAfterStartTls("250 x\r\n"));
  }

  @Test
  void anyCertificateShouldDoWhenThereIsNoPolicy() {
    mx(net, PrivateCa.selfSigned("whatever.test"));

    assertThat(deliver().delivered().get(0).how()).contains("TLSv1.3 unverified", "no policy");
    assertThat(received()).singleElement().matches(ReceivedMail::inTls);
  }

  @Test
  void domainShouldBeItsOwnHostWhenItHasNoMx() {
    net.policy(DOMAIN, "enforce", DOMAIN);
    net.implicitMx(DOMAIN);

    assertThat(deliver().delivered()).hasSize(1);
    assertThat(received().get(0).tls().orElseThrow().serverName()).contains(DOMAIN);
  }

  @Test
  void nullMxShouldBounceWithoutAskingForAPolicy() {
    net.dns().mx(DOMAIN, 0, ".");

    assertBounced(deliver(), "556 5.1.10");
    assertThat(net.dns().queries("_mta-sts." + DOMAIN, "TXT")).isZero();
  }

  @Test
  void missingDomainShouldBounce() {
    assertBounced(deliver(), "550 5.1.2");
  }

  private static void assertBounced(DeliveryReport report, String code) {
    assertThat(report.bounced())
        .extracting(outcome -> outcome.reason().ultimate())
        .containsExactly(code);
  }

  @Test
  void mailShouldWaitWhenTheMxLookupFails() {
    net.goodMx(DOMAIN, 10, MX);
    net.dns().fault(DOMAIN, "MX", DnsFault.SERVFAIL);

    DeliveryWorld.assertDeferred(deliver(), "450 4.4.3", "MX lookup of example.test failed");
  }

  @Test
  void oneHostWithBrokenDnsShouldNotPoisonTheDomain() {
    net.dns().mx(DOMAIN, 5, "mx0.example.test");
    net.dns().fault("mx0.example.test", "A", DnsFault.SERVFAIL);
    net.dns().fault("mx0.example.test", "AAAA", DnsFault.SERVFAIL);
    net.goodMx(DOMAIN, 10, MX);

    assertThat(deliver().delivered()).hasSize(1);
  }

  @Test
  void mailShouldNotComeBackToUsWhenWeAreAmongTheHosts() {
    net.goodMx(DOMAIN, 10, MX);
    net.goodMx(DOMAIN, 20, "ours.test");
    net.goodMx(DOMAIN, 30, "mx3.example.test");
    net.server(MX).effects(SmtpEffect.reply(Stage.BANNER, "421 4.3.2 later"));

    assertThat(deliver().deferred()).hasSize(1);
    assertThat(net.server("ours.test").connections()).isEmpty();
    assertThat(net.server("mx3.example.test").connections()).isEmpty();
  }

  @Test
  void mailShouldBounceWhenWeAreTheBestHost() {
    net.goodMx(DOMAIN, 10, "ours.test");
    net.goodMx(DOMAIN, 10, MX);

    assertBounced(deliver(), "550 5.4.6");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  void ourAddressShouldBeUsUnderAnyName() {
    net.dns().mx(DOMAIN, 10, MX);
    net.dns().a(MX, "192.0.2.7");

    MailDelivery delivery =
        world.delivery(
            new StsSettings.Mx(true, 10, 20),
            new OwnHosts(Set.of(), Set.of(DeliveryWorld.address(192, 0, 2, 7))));

    assertBounced(delivery.deliver(world.mailTo(DOMAIN)), "550 5.4.6");
  }

  @Test
  void loopbackShouldBeRefusedUnlessAllowed() {
    net.goodMx(DOMAIN, 10, MX);

    DeliveryReport report =
        world
            .delivery(new StsSettings.Mx(false, 10, 20), new OwnHosts(Set.of(), Set.of()))
            .deliver(world.mailTo(DOMAIN));

    DeliveryWorld.assertDeferred(report, "450 4.4.4", "mx.allowLoopbackAddresses");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  void hostsShouldBeTriedOnlyAsOftenAsAllowed() {
    for (int i = 1; i <= 6; i++) {
      String mx = "mx" + i + ".example.test";
      net.goodMx(DOMAIN, i, mx);
      net.server(mx).effects(SmtpEffect.reply(Stage.BANNER, "421 4.3.2 later"));
    }

    world
        .delivery(new StsSettings.Mx(true, 4, 3), new OwnHosts(Set.of(), Set.of()))
        .deliver(world.mailTo(DOMAIN));

    assertThat(contacted()).isEqualTo(3);
    world
        .delivery(new StsSettings.Mx(true, 2, 20), new OwnHosts(Set.of(), Set.of()))
        .deliver(world.mailTo(DOMAIN));
    assertThat(contacted()).isEqualTo(3 + 2);
  }

  private int contacted() {
    int connections = 0;
    for (int i = 1; i <= 6; i++) {
      connections += net.server("mx" + i + ".example.test").connections().size();
    }
    return connections;
  }

  @Test
  void recipientsShouldHaveTheirOwnOutcomes() {
    net.goodMx(DOMAIN, 10, MX);
    SmtpSink second = secondMx();
    net.server(MX)
        .effects(
            SmtpEffect.replyTo("gone@" + DOMAIN, "550 5.1.1 no such user"),
            SmtpEffect.replyTo("full@" + DOMAIN, "452 4.2.2 mailbox full"));
    second.effects(SmtpEffect.replyTo("full@" + DOMAIN, "452 4.2.2 mailbox full"));

    DeliveryReport report = world.delivery().deliver(world.mailTo(DOMAIN, "gone", "full"));

    assertThat(report.delivered())
        .extracting(RecipientOutcome::recipient)
        .containsExactly("bob@" + DOMAIN);
    assertThat(report.bounced()).extracting(Bounced::recipient).containsExactly("gone@" + DOMAIN);
    assertThat(report.bounced().get(0).reason().ultimate()).isEqualTo("550 5.1.1");
    assertThat(report.deferred()).extracting(Deferred::recipient).containsExactly("full@" + DOMAIN);
    assertThat(report.deferred().get(0).reason())
        .extracting(Reason::queued, Reason::ultimate)
        .containsExactly("452 4.2.2", "550 5.2.2");
    // The second host was asked for the one who still waited, and for nobody else.
    assertThat(second.transactions()).isEmpty();
    assertThat(second.connections()).hasSize(1);
    assertThat(received()).hasSize(1);
  }

  private SmtpSink secondMx() {
    net.goodMx(DOMAIN, 20, "mx2.example.test");
    return net.server("mx2.example.test");
  }

  @Test
  void mailShouldNotGoToASecondHostWhenTheFirstMayHaveTakenIt() {
    net.goodMx(DOMAIN, 10, MX);
    net.server(MX).effects(new SmtpEffect.Drop(Stage.FINAL_DOT));
    SmtpSink second = secondMx();

    assertThat(deliver().deferred()).hasSize(1);
    assertThat(second.connections()).isEmpty();
  }

  @Test
  void secondHostShouldBeTriedWhenTheFirstIsNotThere() {
    net.dns().mx(DOMAIN, 5, "mx0.example.test");
    net.dns().a("mx0.example.test", "127.77.1.2");
    net.goodMx(DOMAIN, 10, MX);

    assertThat(deliver().delivered()).hasSize(1);
  }

  @Test
  @Rule(
      value = "RFC 8461 S17",
      in = {NextHop.class, MailDelivery.class})
  void policyOfTheGatewayShouldHoldWhenMailGoesThroughOne() throws Exception {
    net.policy("relay.test", "enforce", "relay.test");
    net.implicitMx("relay.test");
    net.policy(DOMAIN, "enforce", "nobody.test");
    OutboundMail mail =
        new OutboundMail(
            "mail-1",
            List.of(new NextHop.Gateway(new DomainName("relay.test"), net.smtpPort())),
            Envelope.parse("", List.of("bob@" + DOMAIN)),
            world.mailTo(DOMAIN).content());

    // A gateway may be on this very machine: the operator says so.
    MailDelivery strict =
        world.delivery(
            new StsSettings.Mx(false, 10, 20),
            new OwnHosts(Set.of(new DomainName("relay.test")), Set.of()));
    assertThat(strict.deliver(mail).delivered().get(0).how())
        .contains("MTA-STS (enforce) relay.test");
    assertThat(net.dns().queries("_mta-sts." + DOMAIN, "TXT")).isZero();
    assertThat(received().get(0).reversePath()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S29", in = SessionLog.class)
  void policyFailureShouldBeRecordedUnderStsWhenNothingIsCached() {
    net.policy(DOMAIN, "enforce", MX, PrivateInternet.PolicyHostFault.UNTRUSTED);
    mx(net, PrivateCa.selfSigned(MX));

    assertThat(deliver().delivered()).hasSize(1);
    assertThat(world.recorded(DOMAIN))
        .anySatisfy(
            summary -> {
              assertThat(summary.policy())
                  .isEqualTo(AppliedPolicy.unavailableSts(new DomainName(DOMAIN)));
              assertThat(summary.failures().get(0).failure().type())
                  .isEqualTo(ResultType.STS_WEBPKI_INVALID);
            });
  }

  @Test
  void policyShouldNotBeMissedWhenTheThreadIsInterrupted() {
    net.policy(DOMAIN, "enforce", MX);
    mx(net, PrivateCa.selfSigned(MX));
    DeliveryReport report;
    Thread.currentThread().interrupt();
    try {
      report = deliver();
    } finally {
      Thread.interrupted();
    }

    assertThat(received()).isEmpty();
    DeliveryWorld.assertDeferred(report, "451 4.3.5", "the server is stopping");
  }

  @Test
  void ourselvesShouldBeBlamedWhenTheContentCannotBeReadWhileItIsSent() {
    net.goodMx(DOMAIN, 10, MX);
    OutboundMail mail = world.mailTo(DOMAIN);

    DeliveryReport report =
        world
            .delivery()
            .deliver(
                new OutboundMail(
                    mail.name(), mail.nextHops(), mail.envelope(), new UnreadableContent()));

    DeliveryWorld.assertDeferred(report, "451 4.3.5", "the store is away");
    assertThat(net.server(MX).transactions()).isEmpty();
  }

  /** Breaks in the middle. */
  private record UnreadableContent() implements MailContent {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write("Subject: test\r\n\r\nHal".getBytes(StandardCharsets.US_ASCII));
      throw new IOException("the store is away");
    }

    @Override
    public long size() {
      return 100;
    }

    @Override
    public boolean eightBit() {
      return false;
    }
  }

  @Test
  void noMoreDomainsThanSoManyShouldBeLookedUpAtOnce() throws Exception {
    world.lookups = new Turnstile(3, Duration.ofHours(1));
    MailDelivery delivery = world.delivery();
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    net.goodMx(DOMAIN, 10, MX);
    for (int i = 0; i < 12; i++) {
      String domain = "d" + i + ".test";
      net.dns().mx(domain, 10, MX);
      net.dns().fault(domain, "MX", slowly(now, most));
      threads.add(new Thread(() -> delivery.deliver(world.mailTo(domain))));
    }

    threads.forEach(Thread::start);

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(net.server(MX).mails()).hasSize(12);
    assertThat(most).hasValue(3);
  }

  /** Name servers may be a stranger's, who has them hang. */
  @Test
  void lookupsThatHangShouldHoldUpOthersForAMomentOnly() throws Exception {
    world.lookups = new Turnstile(3, Duration.ofMillis(200));
    MailDelivery delivery = world.delivery();
    net.goodMx(DOMAIN, 10, MX);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    List<Thread> hanging = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      String domain = "h" + i + ".test";
      net.dns()
          .fault(
              domain,
              "MX",
              (answer, tcp) -> {
                release.await();
                return List.of(answer.toWire());
              });
      hanging.add(
          new Thread(
              () -> {
                delivery.deliver(world.mailTo(domain));
                ended.incrementAndGet();
              }));
    }
    hanging.forEach(Thread::start);
    await().until(() -> net.dns().queries().stream().anyMatch(query -> query.type().equals("MX")));

    assertThat(delivery.deliver(world.mailTo(DOMAIN)).delivered()).hasSize(1);

    assertThat(ended).hasValue(0);
    release.countDown();
    for (Thread thread : hanging) {
      thread.join();
    }
  }

  private static DnsFault slowly(AtomicInteger now, AtomicInteger most) {
    return (answer, tcp) -> {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      Thread.sleep(100);
      now.decrementAndGet();
      return List.of(answer.toWire());
    };
  }

  /** Many refuse a second connection that follows at once. */
  @Test
  @Rule(value = "RFC 8461 S25", in = SessionLog.class)
  void failureUnderTestingShouldBeRecordedThoughNoSecondConnectionIsTaken() throws Exception {
    InetSocketAddress address = new InetSocketAddress("127.0.3.9", net.smtpPort());
    net.policy(DOMAIN, "testing", MX);
    net.dns().mx(DOMAIN, 10, MX).a(MX, address.getHostString());
    try (ServerSocket listener = new ServerSocket()) {
      listener.bind(address);
      Thread host = new Thread(() -> takeOneConnection(listener));
      host.start();

      assertThat(deliver().deferred()).hasSize(1);
      host.join();
    }

    assertThat(world.recorded(DOMAIN))
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.policy().type()).isEqualTo(AppliedPolicy.Type.STS);
              assertThat(summary.failedSessions()).isEqualTo(1);
            });
  }

  /** Ends it where the handshake would begin. */
  private static void takeOneConnection(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      listener.close();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String reply : List.of("220 mx ESMTP", "250-mx\r\n250 STARTTLS", "220 go")) {
        socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        if (!reply.equals("220 go")) {
          assertThat(in.readLine()).isNotEmpty();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
