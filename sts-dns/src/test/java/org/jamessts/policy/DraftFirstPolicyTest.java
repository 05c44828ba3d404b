package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;

/** The first policy of a domain: until it has had a success, no mail is held back for it. */
class DraftFirstPolicyTest extends DraftWorld {

  private static final String A14 = "draft-margolis-smtp-sts-00 A14";
  private static final String A16 = "draft-margolis-smtp-sts-00 A16";
  private static final String A17 = "draft-margolis-smtp-sts-00 A17";
  private static final String A21 = "draft-margolis-smtp-sts-00 A21";

  /** The example of Appendix 2, which says neither how to authenticate it nor how to keep it. */
  private static final String APPENDIX_2 = "v=STS1; to=false; rua=mailto:sts-feedback@example.com ";

  @Test
  @Rule(value = A16, in = DraftSource.class)
  void lookupShouldReturnACandidateHoweverOftenItIsSeen() {
    publishDraft(holding());
    for (int i = 0; i < 5; i++) {
      assertThat(inForce().standing()).isEqualTo(Standing.CANDIDATE);
      clock.advance(Duration.ofHours(1));
    }

    assertThat(host.requestsOf(DOMAIN)).isEqualTo(1);
  }

  @Test
  @Rule(
      value = A16,
      in = {DraftSource.class, StsPolicyService.class})
  void confirmShouldMakeACandidateThePolicyInForce() {
    publishDraft(holding());
    KnownDraftPolicy candidate = inForce();

    service.confirm(candidate);

    KnownDraftPolicy policy = inForce();
    assertThat(policy).isEqualTo(candidate.confirmed());
    assertThat(policy.standing()).isEqualTo(Standing.CONFIRMED);
    assertAlone(lookup(), policy);
    assertThat(kept()).containsExactly(policy);
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(1);
  }

  @Test
  @Rule(value = A16, in = StsPolicyService.class)
  void confirmShouldBeSeenByTheNextLookupThoughTheDnsLetsTheAnswerBeKept() throws Exception {
    publishDraft(holding());
    try (StsPolicyService remembering = service(PolicySettings.DEFAULT)) {
      KnownDraftPolicy candidate = draft(remembering.lookup(name(DOMAIN)).published()).policy();
      assertThat(candidate.standing()).isEqualTo(Standing.CANDIDATE);
      remembering.confirm(candidate);

      assertThat(draft(remembering.lookup(name(DOMAIN)).published()).policy().standing())
          .isEqualTo(Standing.CONFIRMED);
    }
  }

  @Test
  @Rule(value = A16, in = DraftSource.class)
  void confirmShouldDoNothingForAPolicyThatNobodyVouchesFor() {
    announceDraft(holding());
    KnownDraftPolicy forged = inForce();

    service.confirm(forged);

    assertThat(kept()).isEmpty();
    assertReportedOnly(lookup(), holding(), Kind.FETCH);
  }

  @Test
  @Rule(value = A16, in = DraftSource.class)
  void confirmShouldBeIdempotent() {
    publishDraft(holding());
    KnownDraftPolicy candidate = inForce();

    service.confirm(candidate);
    service.confirm(candidate);
    service.confirm(candidate.confirmed());

    assertThat(kept()).containsExactly(candidate.confirmed());
  }

  @Test
  @Rule(value = A17, in = DraftSource.class)
  void lookupShouldReportAFirstPolicyThatIsNotAuthenticatedAndKeepNothingOfIt() {
    announceDraft(holding());

    assertReportedOnly(lookup(), holding(), Kind.FETCH);
    assertThat(kept()).isEmpty();
  }

  @Test
  @Rule(value = A17, in = DraftSource.class)
  void lookupShouldTakeUpAFirstPolicyOnceItIsAuthenticated() {
    announceDraft(holding());
    lookup();
    clock.advance(Duration.ofMinutes(5));
    serveDraft(holding());

    assertThat(inForce().standing()).isEqualTo(Standing.CANDIDATE);
  }

  @Test
  @Rule(value = A21, in = DraftSource.class)
  void lookupShouldReportUnderARecordThatOnlyAsksForReportsAndFindNothingAmiss() {
    announceDraft(APPENDIX_2);

    PolicyLookup.Draft draft = draft(lookup());

    assertThat(draft.policy().text()).isEqualTo(APPENDIX_2);
    assertThat(draft.policy().strength()).isEqualTo(Strength.REPORTED);
    assertThat(draft.policy().standing()).isEqualTo(Standing.UNAUTHENTICATED);
    assertThat(draft.failure()).isEmpty();
    assertThat(kept()).isEmpty();
    assertThat(host.namesAsked()).isEmpty();
  }

  @Test
  @Rule(value = A14, in = DraftSource.class)
  @Rule(value = A17, in = DraftSource.class)
  void lookupShouldTrustAFirstPolicyOnFirstUseWhereThatIsSwitchedOn() throws Exception {
    announceDraft(holding());
    try (StsPolicyService trusting = service(TOFU)) {
      PolicyLookup lookup = trusting.lookup(name(DOMAIN)).published();
      KnownDraftPolicy candidate = draft(lookup).policy();
      assertThat(candidate.standing()).isEqualTo(Standing.CANDIDATE);
      assertAlone(lookup, candidate);

      trusting.confirm(candidate);

      assertAlone(trusting.lookup(name(DOMAIN)).published(), candidate.confirmed());
    }
  }

  @Test
  @Rule(value = A14, in = DraftSource.class)
  void lookupShouldTrustAgainOnceTheTrustedPolicyHasExpired() throws Exception {
    announceDraft(holding());
    try (StsPolicyService trusting = service(TOFU)) {
      trusting.confirm(draft(trusting.lookup(name(DOMAIN)).published()).policy());
      String other = holding("other.example");
      announceDraft(other);
      clock.advance(WEEK);
      assertHolds(
          trusting.lookup(name(DOMAIN)).published(),
          draft(trusting.lookup(name(DOMAIN)).published()).policy(),
          Kind.FETCH);

      clock.advance(TTL);

      KnownDraftPolicy policy = draft(trusting.lookup(name(DOMAIN)).published()).policy();
      assertThat(policy.text()).isEqualTo(other);
      assertThat(policy.standing()).isEqualTo(Standing.CANDIDATE);
    }
  }

  // One forged answer would else say for a year that nothing but DNSSEC counts.
  @Test
  @Rule(value = A14, in = DraftSource.class)
  void lookupShouldNotLetAForgedFirstPolicyKeepTheOwnOneOutBeforeAnySuccess() throws Exception {
    String forged = "v=STS1; to=true; mx=attacker.example; a=dnssec; c=webpki; e=31557600";
    announceDraft(forged);
    try (StsPolicyService trusting = service(TOFU)) {
      assertThat(draft(trusting.lookup(name(DOMAIN)).published()).policy().text())
          .isEqualTo(forged);
      publishDraft(holding());
      clock.advance(Duration.ofSeconds(1));

      PolicyLookup lookup = trusting.lookup(name(DOMAIN)).published();

      assertThat(draft(lookup).policy().text()).isEqualTo(holding());
      assertThat(draft(lookup).policy().standing()).isEqualTo(Standing.CANDIDATE);
      assertThat(kept()).containsExactly(draft(lookup).policy());
    }
  }

  @Test
  @Rule(value = A14, in = DraftSource.class)
  void lookupShouldNotTrustAnotherPolicyOnceOneWasConfirmed() throws Exception {
    announceDraft(holding());
    try (StsPolicyService trusting = service(TOFU)) {
      KnownDraftPolicy first = draft(trusting.lookup(name(DOMAIN)).published()).policy();
      trusting.confirm(first);
      announceDraft(holding("attacker.example"));
      clock.advance(Duration.ofSeconds(1));

      assertHolds(trusting.lookup(name(DOMAIN)).published(), first.confirmed(), Kind.FETCH);
    }
  }

  @Test
  void knownPoliciesShouldHoldTextAndValueInOneObject() {
    publishDraft(holding());
    service.confirm(inForce());
    String next = holding("mx2." + DOMAIN);
    publishDraft(next);
    clock.advance(Duration.ofSeconds(1));
    PolicyLookup.Draft draft = draft(lookup());

    assertThat(draft.policies()).extracting(KnownPolicy::text).containsExactly(holding(), next);
    assertThat(draft.policies())
        .allSatisfy(
            known -> {
              KnownDraftPolicy policy = (KnownDraftPolicy) known;
              SmtpStsRecord record = DraftDiscoveryTest.present(policy.text());
              assertThat(policy.record()).isEqualTo(record);
              assertThat(policy.mx()).isEqualTo(record.mx());
            });
    assertThat(draft.failure()).isEqualTo(Optional.empty());
  }
}
