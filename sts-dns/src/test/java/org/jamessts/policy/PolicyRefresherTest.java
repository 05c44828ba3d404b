package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jamessts.mtasts.StsMode;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.Rule;
import org.jamessts.testing.SamplePolicies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is fetched again, when, and how often it is tried (RFC 8461 §3.3, §10.2). */
class PolicyRefresherTest extends TwoSystemsWorld {

  static final Duration DAY = Duration.ofDays(1);

  final RecordingLog log = new RecordingLog();
  PolicyRefresher refresher;

  @BeforeEach
  void begin() {
    refresher = new PolicyRefresher(service, stores.refreshes(), clock, log);
  }

  @AfterEach
  void end() {
    refresher.close();
  }

  @ParameterizedTest(name = "max_age {0}: after {1} at the latest")
  @CsvSource({"PT2H, PT1H", "PT24H, PT12H", "PT72H, PT24H", "PT8760H, PT24H"})
  @Rule(value = "RFC 8461 S15", in = PolicyRefresher.class)
  void pollShouldFetchAfterHalfOfTheLifetimeOrADay(Duration maxAge, Duration latest)
      throws Exception {
    publish("1", policy("enforce", maxAge));
    lookup();
    Instant start = clock.instant();

    clock.advance(latest.multipliedBy(9).dividedBy(10).minusSeconds(1));
    refresher.poll();
    assertThat(host.requests(DOMAIN)).as("up to a tenth earlier").isEqualTo(1);

    clock.advance(Duration.between(clock.instant(), start.plus(latest)));
    refresher.poll();
    assertThat(host.requests(DOMAIN)).isEqualTo(2);
    assertThat(kept())
        .singleElement()
        .satisfies(
            policy -> assertThat(policy.expiresAt()).isEqualTo(clock.instant().plus(maxAge)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dnsTroubles")
  @Rule(value = "RFC 8461 S15", in = PolicyRefresher.class)
  void pollShouldFetchWhateverTheDnsSays(String trouble, Consumer<PolicyWorld> happens)
      throws Exception {
    KnownMtaStsPolicy before = publishedAndKept();
    happens.accept(this);
    clock.advance(DAY);

    refresher.poll();

    assertThat(host.requests(DOMAIN)).isEqualTo(2);
    assertThat(kept())
        .containsExactly(
            new KnownMtaStsPolicy(before.domain(), "1", before.policy(), clock.instant()));
    assertThat(log.drain()).filteredOn(line -> !line.startsWith("DEBUG")).isEmpty();
  }

  static Stream<Arguments> dnsTroubles() {
    return Stream.of(
        trouble("no record", w -> w.dns.remove(RECORD)),
        trouble("invalid record", w -> w.announce("v=STSv1; id=-")),
        trouble("two records", w -> w.dns.txt(RECORD, "v=STSv1; id=2")),
        trouble("SERVFAIL", w -> w.dns.fault(RECORD, "TXT", DnsFault.SERVFAIL)),
        trouble("nothing changed", w -> {}));
  }

  private static Arguments trouble(String name, Consumer<PolicyWorld> happens) {
    return arguments(name, happens);
  }

  @Test
  void pollShouldTakeUpWhatIsPublishedNow() throws Exception {
    publishedAndKept();
    publish("2", policy("testing", WEEK));
    clock.advance(DAY);

    refresher.poll();

    assertThat(kept()).singleElement().satisfies(now -> assertThat(now.id()).isEqualTo("2"));
    assertThat(mode(lookup())).isEqualTo(StsMode.TESTING);
  }

  @Test
  void pollShouldTakeUpAnotherBodyUnderTheSameId() throws Exception {
    publishedAndKept();
    publish("1", policy("testing", WEEK));
    clock.advance(DAY);

    refresher.poll();

    assertThat(mode(lookup())).isEqualTo(StsMode.TESTING);
  }

  @Test
  @Rule(value = "RFC 8461 S15", in = PolicyRefresher.class)
  void pollShouldLeaveDomainsAloneThatNobodyMails() throws Exception {
    publishedAndKept();
    for (int day = 0; day < 20; day++) {
      refresher.poll();
      clock.advance(DAY);
    }
    assertThat(host.requests(DOMAIN)).as("for 14 days").isEqualTo(15);

    lookup();
    refresher.poll();
    assertThat(host.requests(DOMAIN)).as("mailed again").isEqualTo(16);
  }

  @Test
  @Rule(value = "RFC 8461 S15", in = PolicyRefresher.class)
  void pollShouldGoOnForDomainsInUse() throws Exception {
    publishedAndKept();
    for (int day = 1; day <= 30; day++) {
      clock.advance(DAY);
      if (day % 10 == 0) {
        lookup();
      }
      refresher.poll();
    }

    assertThat(host.requests(DOMAIN)).isEqualTo(31);
  }

  @Test
  void pollShouldEndForAPolicyThatHoldsForNoTime() throws Exception {
    publish("1", policy("enforce", Duration.ZERO));
    lookup();

    refresher.poll();
    refresher.poll();
    assertThat(host.requests(DOMAIN)).isEqualTo(1);

    clock.advance(Duration.ofMinutes(5));
    refresher.poll();
    refresher.poll();
    assertThat(host.requests(DOMAIN)).isEqualTo(2);
  }

  @Test
  void aFailedRefreshShouldBeTriedAgainEverLaterUpToFourHours() throws Exception {
    publishedAndKept();
    publish("2", "broken");
    clock.advance(DAY);
    refresher.poll();
    int tries = 2;
    assertThat(host.requests(DOMAIN)).isEqualTo(tries);

    for (int minutes : new int[] {5, 10, 20, 40, 80, 160, 240, 240, 240}) {
      clock.advance(Duration.ofMinutes(minutes).minusSeconds(1));
      refresher.poll();
      assertThat(host.requests(DOMAIN)).as("before %d minutes", minutes).isEqualTo(tries);
      clock.advance(Duration.ofSeconds(1));
      refresher.poll();
      tries++;
      assertThat(host.requests(DOMAIN)).as("after %d minutes", minutes).isEqualTo(tries);
    }
  }

  @Test
  void aRefreshThatSucceedsShouldEndTheWaiting() throws Exception {
    publishedAndKept();
    publish("2", "broken");
    clock.advance(DAY);
    refresher.poll();
    clock.advance(Duration.ofMinutes(5));
    refresher.poll();
    publish("2", policy("enforce", WEEK));
    clock.advance(Duration.ofMinutes(10));
    refresher.poll();
    assertThat(kept()).singleElement().satisfies(now -> assertThat(now.id()).isEqualTo("2"));
    publish("3", "broken");
    clock.advance(DAY);
    refresher.poll();
    int requests = host.requests(DOMAIN);

    clock.advance(Duration.ofMinutes(5));
    refresher.poll();

    assertThat(host.requests(DOMAIN)).as("five minutes again").isEqualTo(requests + 1);
  }

  @Test
  void onePolicyShouldNotWaitForAnother() throws Exception {
    publishedAndKept();
    host.remove(DOMAIN);
    clock.advance(DAY);
    refresher.poll();
    clock.advance(Duration.ofMinutes(5));
    refresher.poll(); // now it is left alone for ten minutes
    dns.txt("_mta-sts.other.example", "v=STSv1; id=1").a("mta-sts.other.example", "127.0.0.1");
    host.serve("other.example", CA.issue("mta-sts.other.example"), broken());
    stores.policies().put(SamplePolicies.policy("other.example", clock.instant().minus(DAY)));
    refresher.poll();

    clock.advance(Duration.ofMinutes(5));
    refresher.poll();

    assertThat(host.requests("other.example")).isEqualTo(2);
  }

  private static PolicyHostEffect broken() {
    return PolicyHostEffect.policy("broken");
  }

  @Test
  void aRefreshShouldCountForMailAtOnce() throws Exception {
    StsPolicyService remembering = service(PolicySettings.DEFAULT);
    publish("1", policy("enforce", Duration.ofSeconds(90)));
    dns.remove(RECORD).add(RECORD + ". 86400 IN TXT \"v=STSv1; id=1;\"");
    remembering.lookup(name(DOMAIN));
    publish("1", policy("testing", Duration.ofSeconds(90)));
    assertThat(mode(remembering.lookup(name(DOMAIN)).published())).isEqualTo(StsMode.ENFORCE);

    assertThat(remembering.refresh(known(remembering.lookup(name(DOMAIN)).published()))).isEmpty();

    assertThat(mode(remembering.lookup(name(DOMAIN)).published())).isEqualTo(StsMode.TESTING);
    remembering.close();
  }

  @Test
  void pollShouldProlongADraftPolicyForWhichTheDomainVouchesAgain() throws Exception {
    KnownDraftPolicy before = draftPublishedAndConfirmed(draft(true, WEEK));
    clock.advance(DAY);

    refresher.poll();

    KnownDraftPolicy after = draftOf(lookup());
    assertThat(after.standing()).isEqualTo(KnownDraftPolicy.Standing.CONFIRMED);
    assertThat(after.fetchedAt()).isEqualTo(clock.instant());
    assertThat(after.expiresAt()).isEqualTo(before.expiresAt().plus(DAY));
  }

  @Test
  void aDraftPolicyThatGivesWayToACandidateShouldNotBeFetchedAgainAndAgain() throws Exception {
    draftPublishedAndConfirmed(draft(true, WEEK));
    publishDraft(draft(true, WEEK).replace("mail.", "new."));
    lookup();
    clock.advance(DAY);
    refresher.poll();
    int requests = host.requestsOf(DOMAIN);

    for (int i = 0; i < 23; i++) {
      clock.advance(Duration.ofMinutes(10));
      refresher.poll();
    }

    // The domain does not vouch for it any more: it is asked ever later.
    assertThat(host.requestsOf(DOMAIN))
        .as("in the four hours after")
        .isBetween(requests + 3, requests + 6);
  }

  @Test
  void pollShouldNotProlongADraftPolicyForWhichNobodyVouches() throws Exception {
    KnownDraftPolicy before = draftPublishedAndConfirmed(draft(true, WEEK));
    host.serveHost(DOMAIN, GOOD_DRAFT, PolicyHostEffect.policy("another text"));
    clock.advance(DAY);

    refresher.poll();

    assertThat(draftOf(lookup())).isEqualTo(before);
    assertThat(log.drain())
        .anySatisfy(line -> assertThat(line).startsWith("WARN the policy of example.com cannot"));
  }
}
