package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.jamessts.testing.Latest.latest;

import java.time.Duration;
import java.util.Optional;
import org.jamessts.dns.DnsAnswer.Security;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.testing.PolicyHost;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;

/** What takes the place of a policy that is in force (draft -00 §3.3, §3.5). */
class DraftReplacementTest extends DraftWorld {

  private static final String A15 = "draft-margolis-smtp-sts-00 A15";
  private static final String A16 = "draft-margolis-smtp-sts-00 A16";
  private static final String A21 = "draft-margolis-smtp-sts-00 A21";
  private static final String NEXT = holding("mx2." + DOMAIN);
  private static final String WEAKER = holding().replace("to=true", "to=false");

  /** The domain publishes another text a moment later. */
  private void publishNext(String text) {
    clock.advance(Duration.ofSeconds(1));
    publishDraft(text);
  }

  private void assertSuccessor(KnownDraftPolicy policy, String successor) {
    PolicyLookup.Draft draft = draft(lookup());
    assertThat(draft.policy()).isEqualTo(policy);
    assertThat(draft.failure()).isEmpty();
    assertThat(draft.successor())
        .hasValueSatisfying(
            next -> {
              assertThat(next.text()).isEqualTo(successor);
              assertThat(next.standing()).isEqualTo(Standing.CANDIDATE);
            });
  }

  private void assertAlarms(PolicyAlarm.Kind... kinds) {
    assertThat(latest(stores.alarms(), 10)).extracting(PolicyAlarm::kind).containsExactly(kinds);
  }

  @Test
  @Rule(value = A16, in = DraftSource.class)
  void lookupShouldPutASuccessorBesideThePolicyInForceUntilItsFirstSuccess() {
    KnownDraftPolicy policy = confirmed(holding());
    publishNext(NEXT);

    assertSuccessor(policy, NEXT);
    assertSuccessor(policy, NEXT);
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(2);

    service.confirm(draft(lookup()).successor().orElseThrow());

    assertThat(inForce().text()).isEqualTo(NEXT);
    assertThat(inForce().standing()).isEqualTo(Standing.CONFIRMED);
    assertAlone(lookup(), inForce());
    assertThat(kept()).containsExactly(inForce());
    assertAlarms(PolicyAlarm.Kind.MX_REMOVED);
  }

  @Test
  @Rule(value = A15, in = DraftSource.class)
  void lookupShouldAskForTheCopyWhereThePolicyInForceHasIt() {
    KnownDraftPolicy policy = confirmed(holding());
    String moved = NEXT.replace(PLACE, "/elsewhere");
    publishNext(moved);

    assertSuccessor(policy, moved);
    assertThat(host.requests())
        .extracting(PolicyHost.Request::line)
        .containsExactly("GET " + PLACE + " HTTP/1.1", "GET " + PLACE + " HTTP/1.1");

    service.confirm(draft(lookup()).successor().orElseThrow());
    publishNext(holding());
    lookup();
    assertThat(host.requests().get(2).line()).isEqualTo("GET /elsewhere HTTP/1.1");
  }

  @Test
  @Rule(value = A15, in = DraftSource.class)
  void lookupShouldNotBelieveTheMechanismOfTheNewTextWhereTheKeptOneNamesAnother()
      throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    String byDnssec = NEXT.replaceAll(" a=[^;]*", " a=dnssec");
    clock.advance(Duration.ofSeconds(1));
    announceDraft(byDnssec);
    try (StsPolicyService secure =
        asking(new Validating(resolver, Security.SECURE), NOTHING_REMEMBERED)) {
      assertHolds(secure.lookup(name(DOMAIN)).published(), policy, Kind.INVALID);
    }
    assertThat(kept()).containsExactly(policy);
  }

  // Draft -00 §3.4: to be unable is to fail. It lasts until the kept policy expires.
  @Test
  @Rule(value = A15, in = DraftSource.class)
  void lookupShouldNotBelieveACopyWhereTheKeptPolicyWantsDnssec() throws Exception {
    String byDnssec = holding().replaceAll(" a=[^;]*", " a=dnssec");
    announceDraft(byDnssec);
    KnownDraftPolicy policy;
    try (StsPolicyService secure =
        asking(new Validating(resolver, Security.SECURE), NOTHING_REMEMBERED)) {
      policy = draft(secure.lookup(name(DOMAIN)).published()).policy().confirmed();
      secure.confirm(draft(secure.lookup(name(DOMAIN)).published()).policy());
    }
    publishNext(NEXT);

    assertHolds(lookup(), policy, Kind.UNSUPPORTED);
    clock.advance(WEEK.plus(TTL));
    assertThat(inForce().text()).isEqualTo(NEXT);
  }

  @Test
  @Rule(value = A15, in = DraftSource.class)
  void lookupShouldHoldOnToThePolicyWhenAnotherTextIsNotAuthenticated() {
    KnownDraftPolicy policy = confirmed(holding());
    dns.a("attacker.example", "127.0.0.1");
    String forged =
        "v=STS1; to=false; mx=attacker.example; a=webpki:https://attacker.example/; c=webpki; e=1";
    host.serveHost(
        "attacker.example", CA.issue("attacker.example"), PolicyHostEffect.policy(forged));
    announceDraft(forged);
    clock.advance(Duration.ofSeconds(1));

    assertHolds(lookup(), policy, Kind.INVALID);
    assertThat(kept()).containsExactly(policy);
    assertThat(host.namesAsked()).containsExactly(DOMAIN);
    assertAlarms();
  }

  @Test
  @Rule(value = A21, in = DraftSource.class)
  void lookupShouldLetAPolicyThatHoldsNoMailBackTakeThePlaceAtOnceAndRaiseTheAlarm() {
    confirmed(holding());
    publishNext(WEAKER);

    KnownDraftPolicy weaker = inForce();

    assertThat(weaker.text()).isEqualTo(WEAKER);
    assertThat(weaker.standing()).isEqualTo(Standing.CONFIRMED);
    assertThat(weaker.strength()).isEqualTo(Strength.REPORTED);
    assertAlone(lookup(), weaker);
    assertThat(kept()).containsExactly(weaker);
    assertThat(latest(stores.alarms(), 10))
        .extracting(PolicyAlarm::kind, PolicyAlarm::before, PolicyAlarm::after)
        .containsExactly(tuple(PolicyAlarm.Kind.WEAKENED, holding(), WEAKER));
  }

  @Test
  void lookupShouldLetAWeakerPolicyEndASuccessorToo() {
    confirmed(holding());
    publishNext(NEXT);
    lookup();
    publishNext(WEAKER);

    assertAlone(lookup(), inForce());
    assertThat(kept()).extracting(KnownPolicy::text).containsExactly(WEAKER);
  }

  // The copy is the domain's word. What it does not say ends with the TTL of its record.
  @Test
  void lookupShouldLetARecordWithoutMechanismAndLifetimeEndAPolicy() {
    confirmed(holding());
    String bare = "v=STS1; to=false";
    publishNext(bare);

    KnownDraftPolicy policy = inForce();
    assertThat(policy.text()).isEqualTo(bare);
    assertThat(policy.expiresAt()).isEqualTo(clock.instant().plus(TTL));
    assertAlarms(PolicyAlarm.Kind.MX_REMOVED, PolicyAlarm.Kind.WEAKENED);

    clock.advance(TTL);
    assertThat(inForce().standing()).isEqualTo(Standing.UNAUTHENTICATED);
    assertThat(lookup().failure()).isEmpty();
  }

  @Test
  void lookupShouldHoldOnToThePolicyWhenARecordWithoutMechanismIsForged() {
    KnownDraftPolicy policy = confirmed(holding());
    announceDraft("v=STS1; to=false");

    assertHolds(lookup(), policy, Kind.INVALID);
  }

  @Test
  void lookupShouldDropASuccessorThatTheDomainTookBack() {
    KnownDraftPolicy policy = confirmed(holding());
    publishNext(NEXT);
    assertSuccessor(policy, NEXT);
    publishNext(holding());

    assertAlone(lookup(), renewed(policy));
    assertThat(kept()).containsExactly(renewed(policy));
  }

  @Test
  void refreshShouldDropASuccessorThatTheDomainTookBack() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    publishNext(NEXT);
    KnownDraftPolicy successor = draft(lookup()).successor().orElseThrow();
    publishNext(holding());

    assertThat(service.refresh(successor)).isEmpty();

    assertThat(kept()).extracting(KnownPolicy::text).containsExactly(holding());
    assertThat(inForce()).isEqualTo(renewed(policy));
  }

  @Test
  void lookupShouldLetALaterSuccessorReplaceAnEarlierOne() {
    KnownDraftPolicy policy = confirmed(holding());
    publishNext(NEXT);
    lookup();
    String third = holding("mx3." + DOMAIN);
    publishNext(third);

    assertSuccessor(policy, third);
    assertThat(kept()).hasSize(2);
  }

  // A slow delivery proves a successor that the domain has taken back meanwhile.
  @Test
  @Rule(value = A16, in = DraftSource.class)
  void confirmShouldDoNothingForASuccessorThatWasTakenBack() {
    KnownDraftPolicy policy = confirmed(holding());
    publishNext(NEXT);
    KnownDraftPolicy successor = draft(lookup()).successor().orElseThrow();
    publishNext(holding());
    lookup();

    service.confirm(successor);

    assertAlone(lookup(), renewed(policy));
    assertThat(kept()).containsExactly(renewed(policy));
  }

  @Test
  @Rule(value = A16, in = DraftSource.class)
  void confirmShouldDoNothingForASuccessorThatAnotherReplaced() {
    KnownDraftPolicy policy = confirmed(holding());
    publishNext(NEXT);
    KnownDraftPolicy successor = draft(lookup()).successor().orElseThrow();
    String third = holding("mx3." + DOMAIN);
    publishNext(third);
    lookup();

    service.confirm(successor);

    assertSuccessor(policy, third);
  }

  // Else it would end the policy that holds, and be at its end itself.
  @Test
  @Rule(value = A16, in = DraftSource.class)
  void confirmShouldDoNothingForASuccessorThatHasExpired() {
    KnownDraftPolicy policy = confirmed(holding());
    publishNext(NEXT.replaceAll("e=[0-9]+", "e=60"));
    KnownDraftPolicy successor = draft(lookup()).successor().orElseThrow();
    clock.advance(Duration.ofSeconds(60).plus(TTL));

    service.confirm(successor);

    assertThat(inForce()).isEqualTo(policy);
  }

  @Test
  void lookupShouldAuthenticateASuccessorAnewThatExpiredBeforeThePolicy() {
    KnownDraftPolicy policy = confirmed(holding());
    String brief = NEXT.replaceAll("e=[0-9]+", "e=60");
    publishNext(brief);
    Optional<KnownDraftPolicy> first = draft(lookup()).successor();
    clock.advance(Duration.ofSeconds(60).plus(TTL));

    assertSuccessor(policy, brief);
    assertThat(draft(lookup()).successor()).isNotEqualTo(first);
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(3);
  }

  @Test
  void lookupShouldKeepACandidateThatOutlivesThePolicy() {
    confirmed(holding());
    clock.advance(WEEK.minusSeconds(1));
    publishNext(NEXT);
    KnownDraftPolicy successor = draft(lookup()).successor().orElseThrow();
    clock.advance(TTL);

    assertAlone(lookup(), successor);
    assertThat(successor.standing()).isEqualTo(Standing.CANDIDATE);

    service.confirm(successor);
    assertAlone(lookup(), successor.confirmed());
  }

  // As after a crash between the two steps of a confirmation.
  @Test
  void lookupShouldDropACandidateOfTheSameTextAsThePolicy() {
    KnownDraftPolicy policy = confirmed(holding());
    stores
        .policies()
        .put(
            new KnownDraftPolicy(
                policy.domain(),
                policy.record(),
                Standing.CANDIDATE,
                policy.fetchedAt(),
                policy.expiresAt()));

    assertAlone(lookup(), policy);
    assertThat(kept()).containsExactly(policy);
  }

  /** The same policy, for which the domain has just vouched again. */
  private KnownDraftPolicy renewed(KnownDraftPolicy policy) {
    return new KnownDraftPolicy(
        policy.domain(),
        policy.record(),
        policy.standing(),
        clock.instant(),
        clock.instant().plus(Duration.between(policy.fetchedAt(), policy.expiresAt())));
  }
}
