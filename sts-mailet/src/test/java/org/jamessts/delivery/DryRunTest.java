package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.delivery.DeliveryWorld.PATIENCE;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.deferral.DeferredMail;
import org.jamessts.dns.DomainName;
import org.jamessts.explain.DnsStep;
import org.jamessts.explain.ExplainedDelivery;
import org.jamessts.explain.ExplainedDelivery.Outcome;
import org.jamessts.explain.ExplainedHost;
import org.jamessts.explain.ExplainedHost.Contact;
import org.jamessts.explain.ExplainedReason;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.OverrideParse;
import org.jamessts.testing.DraftPolicy;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.SinkConnection;
import org.jamessts.testing.SmtpEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dry runs beside deliveries, in one world. */
class DryRunTest {

  private static final String DOMAIN = "example.test";
  private static final String MX = "mx.example.test";

  private final DeliveryWorld world = new DeliveryWorld();
  private final PrivateInternet net = world.internet;

  @AfterEach
  void close() {
    world.close();
  }

  private ExplainedDelivery run(boolean connect, String... parameters) throws Exception {
    return world
        .dryRuns(DryRuns.LIMIT, parameters)
        .explain(new DomainName(DOMAIN), connect)
        .orElseThrow();
  }

  private static Outcome outcome(ExplainedDelivery run) {
    return run.verdict().outcome();
  }

  private static ExplainedHost onlyHost(ExplainedDelivery run) {
    assertThat(run.hosts()).hasSize(1);
    return run.hosts().get(0);
  }

  private static Contact onlyContact(ExplainedDelivery run) {
    assertThat(onlyHost(run).contacts()).hasSize(1);
    return onlyHost(run).contacts().get(0);
  }

  private static DnsStep step(ExplainedDelivery run, String name, String type) {
    return run.dns().stream()
        .filter(step -> step.name().equals(name) && step.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private List<String> commands() {
    net.server(MX).awaitNoConnection(PATIENCE);
    return net.server(MX).connections().stream()
        .map(SinkConnection::commands)
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void hostShouldHearNoMoreThanGreetingAndStartTls() throws Exception {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, MX);

    ExplainedDelivery run = run(true);

    assertThat(outcome(run)).isEqualTo(Outcome.DELIVERED);
    assertThat(run.verdict().host()).contains(MX);
    assertThat(run.verdict().how())
        .startsWith("TLSv1.3 ")
        .endsWith(" verified, under: MTA-STS (enforce) example.test");
    assertThat(commands()).containsExactly("EHLO ours.test", "STARTTLS", "EHLO ours.test", "QUIT");
    Contact contact = onlyContact(run);
    assertThat(contact.outcome()).isEqualTo("would-send");
    assertThat(contact.port()).isEqualTo(net.smtpPort());
    assertThat(contact.certificates().get(0).dnsNames()).containsExactly(MX);
    assertThat(contact.checks())
        .singleElement()
        .satisfies(check -> assertThat(check.promise()).isEqualTo("sts"))
        .matches(ExplainedHost.Check::satisfied);
  }

  @Test
  void everyStepShouldBeTold() throws Exception {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, MX);

    ExplainedDelivery run = run(true);

    assertThat(step(run, "_mta-sts.example.test", "TXT").records())
        .singleElement()
        .asString()
        .startsWith("v=STSv1; id=");
    assertThat(step(run, DOMAIN, "MX").records()).containsExactly("10 mx.example.test");
    assertThat(step(run, DOMAIN, "MX").status()).isEqualTo("insecure");
    assertThat(step(run, DOMAIN, "MX").keepSeconds()).isPositive();
    assertThat(step(run, MX, "A").keepSeconds()).isPositive();
    assertThat(step(run, MX, "AAAA").status()).isEqualTo("absent");
    assertThat(run.fetches())
        .singleElement()
        .satisfies(
            fetch -> {
              assertThat(fetch.url())
                  .isEqualTo("https://mta-sts.example.test/.well-known/mta-sts.txt");
              assertThat(fetch.outcome()).isEqualTo("fetched");
            });
    assertThat(run.policy().orElseThrow().inForce().orElseThrow().source()).isEqualTo("fetched");
    assertThat(run.routes())
        .singleElement()
        .satisfies(route -> assertThat(route.hosts()).containsExactly("10 " + MX));
    assertThat(onlyHost(run).tlsa().lookup()).isEqualTo("none");
    assertThat(run.toText())
        .startsWith("Mail to example.test would be delivered to mx.example.test over TLSv1.3 ")
        .contains("\nPolicy\n  MTA-STS (enforce) example.test, id ")
        .contains("\n  _mta-sts.example.test TXT: insecure [v=STSv1; id=");
  }

  @Test
  void certificateShouldBeLookedAtThoughNobodyDemandsAGoodOne() throws Exception {
    net.mx(DOMAIN, 10, MX, net.ca().issueExpired("mx.other.test"));

    ExplainedDelivery run = run(true);

    assertThat(outcome(run)).isEqualTo(Outcome.DELIVERED);
    assertThat(onlyContact(run).webPkiFaults())
        .hasSize(2)
        .anyMatch(fault -> fault.contains("expired"))
        .anyMatch(fault -> fault.contains("mx.other.test"));
    assertThat(run.toText()).contains("\n    by the web PKI: ").doesNotContain("valid, and for");
  }

  @Test
  void namesInACertificateShouldNotWriteToTheTerminal() throws Exception {
    net.mx(DOMAIN, 10, MX, net.ca().issue("\u001b[2J.other.test"));

    ExplainedDelivery run = run(true);

    assertThat(onlyContact(run).webPkiFaults())
        .singleElement()
        .asString()
        .contains("?[2J.other.test");
    assertThat(run.toText()).doesNotContain("\u001b");
  }

  @Test
  void goodCertificateShouldBeCalledGood() throws Exception {
    net.goodMx(DOMAIN, 10, MX);

    ExplainedDelivery run = run(true);

    assertThat(onlyContact(run).webPkiFaults()).isEmpty();
    assertThat(run.toText()).contains("\n    by the web PKI: valid, and for this host\n");
  }

  @Test
  void nothingShouldBeKeptNorRecorded() throws Exception {
    net.policy(DOMAIN, "enforce", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    run(true);
    run(false);

    assertThat(world.kept()).isEmpty();
    assertThat(world.recorded(DOMAIN)).isEmpty();
    assertThat(world.alarms().latest(Optional.empty(), 0, 10)).hasValue(List.of());
  }

  @Test
  void keptPolicyShouldHoldAndStayWhereTheDomainHasAnother() throws Exception {
    net.policy(DOMAIN, "enforce", MX);
    net.goodMx(DOMAIN, 10, MX);
    world.delivery().deliver(world.mailTo(DOMAIN));
    var kept = List.copyOf(world.kept());
    assertThat(run(false).policy().orElseThrow().inForce().orElseThrow().source())
        .isEqualTo("kept");

    net.dns().remove("_mta-sts." + DOMAIN, "TXT");
    net.policy(DOMAIN, "testing", "other.example.test");
    net.dns().remove("_mta-sts." + DOMAIN, "TXT");
    net.dns().add("_mta-sts.example.test. 60 IN TXT \"v=STSv1; id=another;\"");
    ExplainedDelivery run = run(false);

    assertThat(run.policy().orElseThrow().inForce().orElseThrow().mode()).isEqualTo("testing");
    assertThat(world.kept()).containsExactlyElementsOf(kept);
    assertThat(world.alarms().latest(Optional.empty(), 0, 10)).hasValue(List.of());
  }

  /** What holds a mail back is told in the same words. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void verdictShouldBeThatOfDelivery(boolean byName) throws Exception {
    net.policy(DOMAIN, "enforce", byName ? "other.example.test" : MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    Reason told = world.delivery().deliver(world.mailTo(DOMAIN)).deferred().get(0).reason();

    ExplainedDelivery run = run(true);

    assertThat(outcome(run)).isEqualTo(Outcome.DEFERRED);
    assertThat(run.verdict().code()).contains(told.queued());
    ExplainedReason why = run.verdict().why().orElseThrow();
    assertThat(why.text()).isEqualTo(told.explanation());
    assertThat(why.rule()).isEqualTo("RFC 8461 section " + (byName ? "4.1" : "4.2"));
    assertThat(why.basis()).isEqualTo("policy fetched");
    assertThat(Instant.parse(why.until().orElseThrow()))
        .isAfter(Instant.parse(why.since().orElseThrow()));
    assertThat(why.remedy()).contains("the operator of this server exempts ");
    assertThat(onlyHost(run).obstacles()).containsExactly(why);
    assertThat(onlyHost(run).contacts()).hasSize(byName ? 0 : 1);
  }

  @Test
  void nobodyShouldBeContactedUnlessAskedFor() throws Exception {
    net.policy(DOMAIN, "enforce", MX);
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));

    ExplainedDelivery run = run(false);

    assertThat(outcome(run)).isEqualTo(Outcome.TRIED);
    assertThat(run.verdict().host()).contains(MX);
    assertThat(onlyContact(run).outcome()).isEqualTo("not-tried");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  void mailShouldGoToTheFirstHostThatKeepsThePromise() throws Exception {
    net.policy(DOMAIN, "enforce", "*.example.test");
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    net.goodMx(DOMAIN, 20, "mx2.example.test");

    ExplainedDelivery run = run(true);

    assertThat(outcome(run)).isEqualTo(Outcome.DELIVERED);
    assertThat(run.verdict().host()).contains("mx2.example.test");
    assertThat(run.hosts()).extracting(ExplainedHost::host).containsExactly(MX, "mx2.example.test");
    assertThat(run.hosts().get(0).contacts().get(0).outcome()).isEqualTo("refused");
    assertThat(run.hosts().get(0).obstacles()).hasSize(1);
  }

  @Test
  void clearTextShouldBeCalledThatWhereNothingForbidsIt() throws Exception {
    net.mxWithoutTls(DOMAIN, 10, MX);

    ExplainedDelivery run = run(true);

    assertThat(run.verdict().how())
        .isEqualTo("clear text (STARTTLS not offered), under: no policy");
    assertThat(run.policy().orElseThrow().found()).isEqualTo("none");
  }

  @Test
  void domainWithoutMailShouldBounce() throws Exception {
    net.dns().mx(DOMAIN, 0, ".");

    ExplainedDelivery run = run(true);

    assertThat(outcome(run)).isEqualTo(Outcome.BOUNCED);
    assertThat(run.verdict().code()).contains("556 5.1.10");
    assertThat(run.verdict().why().orElseThrow().rule()).isEqualTo("RFC 7505 section 3");
    assertThat(run.routes().get(0).answer()).isEqualTo("null-mx");
    assertThat(run.policy()).isEmpty();
  }

  @Test
  void hostThatDoesNotAnswerShouldStayOneThatDeliveryTries() throws Exception {
    net.dns().mx(DOMAIN, 10, MX).a(MX, "127.77.3.3");
    MailDelivery delivery = world.delivery();

    for (int i = 0; i < 4; i++) {
      ExplainedDelivery run = run(true);
      assertThat(outcome(run)).isEqualTo(Outcome.DEFERRED);
      assertThat(onlyContact(run).outcome()).isEqualTo("failed");
    }

    assertThat(delivery.deliver(world.mailTo(DOMAIN)).deferred().get(0).reason().explanation())
        .contains("no connection")
        .doesNotContain("it is tried again after");
  }

  @Test
  void candidateShouldNotHaveItsFirstSuccessHere() throws Exception {
    net.draftPolicy(DraftPolicy.tlsOnly(DOMAIN, MX));
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    world.delivery().deliver(world.mailTo(DOMAIN));
    net.replaceMx(MX, net.ca().issue(MX));
    var kept = List.copyOf(world.kept());

    ExplainedDelivery run = run(true);

    assertThat(outcome(run)).isEqualTo(Outcome.DELIVERED);
    assertThat(run.policy().orElseThrow().inForce().orElseThrow().description())
        .contains("candidate");
    assertThat(world.kept()).containsExactlyElementsOf(kept);
  }

  @Test
  void operatorsWordShouldBeTold() throws Exception {
    net.mx(DOMAIN, 10, MX, PrivateCa.selfSigned(MX));
    said(
        "{\"domain\": \"*.test\", \"minimum\": \"verified\", \"until\": \"2040-01-01T00:00:00Z\","
            + " \"comment\": \"as agreed\"}");

    ExplainedDelivery run = run(true);

    assertThat(outcome(run)).isEqualTo(Outcome.DEFERRED);
    assertThat(run.overrides().get(0).pattern()).isEqualTo("*.test");
    assertThat(run.toText())
        .contains("  *.test: minimum verified; until 2040-01-01T00:00:00Z; comment: as agreed\n");
    ExplainedReason why = run.verdict().why().orElseThrow();
    assertThat(why.rule()).isEqualTo("operator's minimum (verified) example.test");
    assertThat(why.basis()).isEqualTo("set by the operator");
    assertThat(why.until()).contains("2040-01-01T00:00:00Z");
    assertThat(why.remedy()).endsWith("or the operator of this server changes what he demands");
  }

  private void said(String json) {
    DomainOverride override =
        ((OverrideParse.Parsed) DomainOverride.parse(json.getBytes(StandardCharsets.UTF_8)))
            .override();
    world.overrides.put(override, "the test");
  }

  @Test
  void mailThatWaitsShouldBeTold() throws Exception {
    net.goodMx(DOMAIN, 10, MX);
    Instant due = Instant.parse("2040-01-01T00:00:00Z");
    world
        .deferrals()
        .put(
            new DeferredMail(
                "1",
                "mail-1",
                "outgoing",
                new DeferredMail.Cause(
                    DOMAIN, "policy", "certificate-expired", "450 4.7.5 expired"),
                "{}",
                due,
                due),
            out -> out.write(1));

    ExplainedDelivery.DeferredSummary deferred = run(false).deferred().orElseThrow();

    assertThat(deferred)
        .isEqualTo(
            new ExplainedDelivery.DeferredSummary(
                1, false, Optional.of(due.toString()), Optional.of("450 4.7.5 expired")));
  }

  @Test
  void gatewayShouldBeAskedInPlaceOfTheDomain() throws Exception {
    net.policy("relay.test", "enforce", "relay.test");
    net.implicitMx("relay.test");

    ExplainedDelivery run = run(true, "gateway=relay.test:" + net.smtpPort());

    assertThat(outcome(run)).isEqualTo(Outcome.DELIVERED);
    assertThat(run.domain()).isEqualTo(DOMAIN);
    assertThat(run.routes().get(0).nextHop()).isEqualTo("relay.test");
    assertThat(run.verdict().how()).endsWith("under: MTA-STS (enforce) relay.test");
  }

  @Test
  void gatewayThatWouldNotGetTheCredentialsShouldNotCountAsDelivery() throws Exception {
    net.mxWithoutTls("relay.test", 10, "relay.test");

    ExplainedDelivery run =
        run(
            true,
            "gateway=relay.test:" + net.smtpPort(),
            "gatewayUsername=us",
            "gatewayPassword=secret");

    assertThat(outcome(run)).isEqualTo(Outcome.DEFERRED);
    assertThat(run.verdict().why().orElseThrow().evidence())
        .contains("this server does not log in where that is not safe");
    assertThat(run.toText()).doesNotContain("secret");
  }

  @Test
  void hostShouldNotBeAskedWhenNoTimeIsLeftForItsAnswer() throws Exception {
    net.goodMx(DOMAIN, 10, MX);

    ExplainedDelivery run =
        world.dryRuns(Duration.ofSeconds(9)).explain(new DomainName(DOMAIN), true).orElseThrow();

    assertThat(outcome(run)).isEqualTo(Outcome.UNKNOWN);
    assertThat(onlyContact(run).detail()).isEqualTo("no time is left");
    assertThat(net.server(MX).connections()).isEmpty();
  }

  @Test
  void onlySoManyAddressesShouldBeAsked() throws Exception {
    for (int i = 1; i <= 14; i++) {
      String host = "mx" + i + ".example.test";
      net.dns().mx(DOMAIN, i, host).a(host, "127.77.4." + i);
    }

    ExplainedDelivery run = run(true);

    assertThat(run.hosts()).hasSize(10);
    assertThat(outcome(run)).isEqualTo(Outcome.DEFERRED);
  }

  @Test
  void textsOfStrangersShouldBePrintable() throws Exception {
    net.goodMx(DOMAIN, 10, MX);
    net.server(MX).effects(SmtpEffect.reply(SmtpEffect.Stage.BANNER, "554 \u001b[2J go away"));

    assertThat(run(true).toText()).contains("go away").doesNotContain("\u001b");
  }
}
