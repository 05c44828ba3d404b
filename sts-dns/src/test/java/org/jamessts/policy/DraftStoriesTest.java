package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jamessts.dns.DnsJavaResolver;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;

/**
 * Stories along the control flow of draft -00 §3.5 and Appendix 1, from the side of the policies:
 * what a sender is told at each step. What it then does with its session is shown elsewhere.
 */
class DraftStoriesTest extends DraftWorld {

  private static final String A19 = "draft-margolis-smtp-sts-00 A19";
  private static final String A20 = "draft-margolis-smtp-sts-00 A20";
  private static final String NEXT = holding("mx2." + DOMAIN);

  /** As ordinary servers are: what the DNS lets be kept is kept, as answers and as lookups. */
  private StsPolicyService remembering() throws Exception {
    return asking(
        new DnsJavaResolver(List.of(dns.address()), Duration.ofSeconds(5), 100, clock),
        PolicySettings.DEFAULT);
  }

  private PolicyLookup lookup(StsPolicyService sender) {
    return sender.lookup(name(DOMAIN)).published();
  }

  private PolicyLookup recheck(StsPolicyService sender) {
    return sender.recheck(name(DOMAIN)).published();
  }

  private static List<String> texts(PolicyLookup lookup) {
    return lookup.policies().stream().map(KnownPolicy::text).toList();
  }

  @Test
  @Rule(
      value = A19,
      in = {DraftSource.class, StsPolicyService.class})
  @Rule(
      value = A20,
      in = {DraftSource.class, StsPolicyService.class})
  void theDomainMovesItsMailAndTheSenderFindsOutByAFailure() throws Exception {
    publishDraft(holding());
    try (StsPolicyService sender = remembering()) {
      // 1. A first mail finds, fetches and keeps the policy, and proves it.
      sender.confirm(draft(lookup(sender)).policy());
      assertThat(draft(lookup(sender)).policy().standing()).isEqualTo(Standing.CONFIRMED);
      int asked = dns.queries(DRAFT_RECORD, "TXT");

      // 2. The domain moves. The next mail is judged by the kept policy, and fails.
      clock.advance(Duration.ofSeconds(30));
      publishDraft(NEXT);
      assertThat(texts(lookup(sender))).containsExactly(holding());
      assertThat(dns.queries(DRAFT_RECORD, "TXT")).isEqualTo(asked);

      // 3. Before that becomes fatal, a new authenticated policy is looked for past the cache.
      PolicyLookup rechecked = recheck(sender);
      assertThat(texts(rechecked)).containsExactly(holding(), NEXT);
      assertThat(rechecked.failure()).isEmpty();

      // 4. From the start once more, and the host meets the new policy.
      assertThat(lookup(sender)).isEqualTo(rechecked);
      sender.confirm(draft(lookup(sender)).successor().orElseThrow());

      // 5. From now on the new one holds, alone.
      assertThat(texts(lookup(sender))).containsExactly(NEXT);
      assertThat(draft(lookup(sender)).policy().standing()).isEqualTo(Standing.CONFIRMED);
      assertThat(host.requestsOf(DOMAIN)).isEqualTo(2);
    }
  }

  @Test
  @Rule(
      value = A20,
      in = {DraftSource.class, StsPolicyService.class})
  void somebodyStandsBetweenAndTheSenderFindsNothingNew() throws Exception {
    publishDraft(holding());
    try (StsPolicyService sender = remembering()) {
      sender.confirm(draft(lookup(sender)).policy());
      List<String> before = texts(lookup(sender));

      // The session fails. The same policy again ends the search.
      assertThat(texts(recheck(sender))).isEqualTo(before);

      // He forges records too, and is no further than before.
      announceDraft(holding("attacker.example"));
      assertThat(texts(recheck(sender))).isEqualTo(before);
      announceDraft("v=STS1; to=false");
      assertThat(texts(recheck(sender))).isEqualTo(before);
      dns.remove(DRAFT_RECORD);
      assertThat(texts(recheck(sender))).isEqualTo(before);
      assertThat(texts(lookup(sender))).isEqualTo(before);

      // He has gone: the policy is as it was.
      announceDraft(holding());
      assertThat(recheck(sender).failure()).isEmpty();
      assertThat(texts(lookup(sender))).isEqualTo(before);
    }
  }

  @Test
  @Rule(
      value = A19,
      in = {DraftSource.class, StsPolicyService.class})
  void theDomainGivesUpTlsAndTheSenderFindsOutByAFailure() throws Exception {
    publishDraft(holding());
    try (StsPolicyService sender = remembering()) {
      sender.confirm(draft(lookup(sender)).policy());
      assertThat(texts(lookup(sender))).containsExactly(holding());
      String weaker = holding().replace("to=true", "to=false");
      clock.advance(Duration.ofSeconds(30));
      publishDraft(weaker);

      assertThat(texts(lookup(sender))).containsExactly(holding());
      assertThat(texts(recheck(sender))).containsExactly(weaker);
      assertThat(draft(lookup(sender)).policy().strength()).isEqualTo(Strength.REPORTED);
    }
  }

  @Test
  @Rule(
      value = A19,
      in = {DraftSource.class, StsPolicyService.class})
  void theFirstPolicyIsWrongAndTheDomainMendsIt() throws Exception {
    publishDraft(holding("typo." + DOMAIN));
    try (StsPolicyService sender = remembering()) {
      assertThat(draft(lookup(sender)).policy().standing()).isEqualTo(Standing.CANDIDATE);
      clock.advance(Duration.ofSeconds(30));
      publishDraft(holding());

      PolicyLookup.Draft rechecked = draft(recheck(sender));

      assertThat(texts(rechecked)).containsExactly(holding());
      assertThat(rechecked.policy().standing()).isEqualTo(Standing.CANDIDATE);
      sender.confirm(rechecked.policy());
      assertThat(draft(lookup(sender)).policy().standing()).isEqualTo(Standing.CONFIRMED);
    }
  }

  // The record changes between lookup and recheck, and its copy is late.
  @Test
  void theCopyComesAfterTheRecordAndTheSenderTriesAgain() throws Exception {
    publishDraft(holding());
    try (StsPolicyService sender = remembering()) {
      sender.confirm(draft(lookup(sender)).policy());
      KnownDraftPolicy policy = draft(lookup(sender)).policy();
      announceDraft(NEXT);
      assertHolds(recheck(sender), policy, Kind.INVALID);

      serveDraft(NEXT);
      clock.advance(Duration.ofMinutes(5));

      assertThat(texts(recheck(sender))).containsExactly(holding(), NEXT);
    }
  }
}
