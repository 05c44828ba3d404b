package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.jamessts.mtasts.StsMode;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.policy.PolicySettings.Draft;
import org.jamessts.policy.PolicySettings.FirstDraftPolicy;
import org.jamessts.testing.DnsFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A domain that publishes by RFC 8461 and by the draft of 2016, and what the operator allows. */
class DraftPrecedenceTest extends DraftWorld {

  private static PolicySettings with(Draft draft) {
    return settings(draft, FirstDraftPolicy.AUTHENTICATED, WithoutPolicy.DELIVER);
  }

  private static PolicySettings deferring() {
    return settings(Draft.ON, FirstDraftPolicy.AUTHENTICATED, WithoutPolicy.DEFER);
  }

  @ParameterizedTest
  @EnumSource(StsMode.class)
  void lookupShouldNotAskForTheDraftWhereThereIsAnMtaStsPolicy(StsMode mode) {
    publish("1", policy(mode.keyword(), WEEK));
    publishDraft(holding());

    assertThat(mode(lookup())).isEqualTo(mode);
    assertThat(mode(recheck())).isEqualTo(mode);
    assertThat(dns.queries(DRAFT_RECORD, "TXT")).isZero();
  }

  @ParameterizedTest
  @EnumSource(StsMode.class)
  void lookupShouldPreferAnMtaStsPolicyThatComesLater(StsMode mode) {
    KnownDraftPolicy draft = confirmed(holding());
    publish("1", policy(mode.keyword(), WEEK));

    assertThat(mode(lookup())).isEqualTo(mode);
    assertThat(kept()).contains(draft).hasSize(2);
  }

  @Test
  void lookupShouldReturnToTheDraftWhenTheMtaStsPolicyHasExpired() {
    KnownDraftPolicy draft = confirmed(holding());
    publish("1", policy("none", Duration.ofDays(1)));
    lookup();
    dns.remove(RECORD);
    assertThat(mode(lookup())).isEqualTo(StsMode.NONE);

    clock.advance(Duration.ofDays(1));

    assertAlone(lookup(), draft);
  }

  @Test
  void lookupShouldPreferAKeptMtaStsPolicyAlsoWhenTheDnsFails() {
    confirmed(holding());
    KnownMtaStsPolicy kept = publishedAndKept();
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);

    assertHolds(lookup(), kept, Kind.DNS);
  }

  @Test
  void lookupShouldLetTheDraftHoldWhereMtaStsCannotBeHadAndReportThatAllTheSame() {
    KnownDraftPolicy draft = confirmed(holding());
    announce("v=STSv1; id=1");

    assertHolds(lookup(), draft, Kind.FETCH);
    assertHolds(recheck(), draft, Kind.FETCH);
    assertThat(failure(lookup()).detail()).contains("mta-sts." + DOMAIN);
  }

  @ParameterizedTest(name = "_mta-sts {0}, _smtp_sts {1}: {2}")
  @CsvSource({
    "absent, SERVFAIL, DNS",
    "SERVFAIL, absent, DNS",
    "SERVFAIL, SERVFAIL, DNS",
    "unfetchable, absent, FETCH",
    "unfetchable, SERVFAIL, FETCH"
  })
  void lookupShouldReportWhatFailedWhereNothingIsFound(String mtaSts, String draft, Kind failure) {
    happens(RECORD, mtaSts);
    happens(DRAFT_RECORD, draft);

    assertThat(failure(none(lookup())).kind()).isEqualTo(failure);
  }

  private void happens(String record, String what) {
    switch (what) {
      case "SERVFAIL" -> dns.fault(record, "TXT", DnsFault.SERVFAIL);
      case "unfetchable" -> announce("v=STSv1; id=1");
      default -> dns.remove(record);
    }
  }

  // Else one forged record would lead past the operator's word: who cannot tell waits.
  @ParameterizedTest(name = "_mta-sts {0}, _smtp_sts {1}")
  @CsvSource({
    "SERVFAIL, absent",
    "SERVFAIL, SERVFAIL",
    "SERVFAIL, v=STS1; to=false",
    "SERVFAIL, v=STS1; to=false; a=webpki:https://attacker.example/",
    "absent, SERVFAIL"
  })
  void lookupShouldWaitForTheDnsWhereTheOperatorWantsThat(String mtaSts, String draft)
      throws Exception {
    happens(RECORD, mtaSts);
    if (draft.startsWith("v=")) {
      announceDraft(draft);
    } else {
      happens(DRAFT_RECORD, draft);
    }
    try (StsPolicyService waiting = service(deferring())) {
      assertThat(waiting.lookup(name(DOMAIN)).published()).isInstanceOf(PolicyLookup.Unclear.class);
    }
  }

  @Test
  void lookupShouldNotWaitForTheDnsWhereAConfirmedDraftHolds() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    dns.fault(DRAFT_RECORD, "TXT", DnsFault.SERVFAIL);
    try (StsPolicyService waiting = service(deferring())) {
      assertHolds(waiting.lookup(name(DOMAIN)).published(), policy, Kind.DNS);
    }
  }

  @Test
  void offShouldAskNothingAndUseNothing() throws Exception {
    confirmed(holding());
    int asked = dns.queries(DRAFT_RECORD, "TXT");
    try (StsPolicyService off = service(with(Draft.OFF))) {
      assertThat(none(off.lookup(name(DOMAIN)).published()).failure()).isEmpty();
      assertThat(none(off.recheck(name(DOMAIN)).published()).failure()).isEmpty();
    }
    assertThat(dns.queries(DRAFT_RECORD, "TXT")).isEqualTo(asked);
  }

  @Test
  void reportOnlyShouldMarkWhatIsFoundAndLoseNothing() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    try (StsPolicyService reportOnly = service(with(Draft.REPORT_ONLY))) {
      assertThat(reportOnly.lookup(name(DOMAIN)).published())
          .isEqualTo(new PolicyLookup.Draft(policy, Optional.empty(), true, Optional.empty()));
      announce("v=STSv1; id=1");
      assertThat(draft(reportOnly.lookup(name(DOMAIN)).published()).reportOnly()).isTrue();
    }
    announce("v=STSv2");
    assertAlone(lookup(), policy);
  }
}
