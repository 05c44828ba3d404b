package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.jamessts.guard.Guards;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.Overrides;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.FailingDatabase;
import org.jamessts.store.FailingDatabase.Failure;
import org.jamessts.store.Stores;
import org.jamessts.store.TestStores;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A policy by the draft of 2016 that waits for its first success beside the one in force (draft -00
 * §3.5): what takes it away, and what does not.
 */
class DraftCandidateTest extends PolicyWorld {

  private static final String DRAFT_RECORD = "_smtp_sts." + DOMAIN;
  private static final PrivateCa.Credential OWN = CA.issue(DOMAIN);
  private static final String FIRST = text("mx1", WEEK);
  private static final String SECOND = text("mx2", Duration.ofDays(1));

  private FailingDatabase database;
  private Stores failing;

  private static String text(String mx, Duration lifetime) {
    return "v=STS1; to=true; mx=%s.%s; a=webpki:https://%s/sts; c=webpki; e=%d"
        .formatted(mx, DOMAIN, DOMAIN, lifetime.toSeconds());
  }

  @BeforeEach
  void openFailingStores() throws InvalidOverrideFileException {
    dns.a(DOMAIN, "127.0.0.1");
    database = new FailingDatabase(new EmbeddedDatabase(directory.resolve("failing"), clock));
    failing = TestStores.open(database, 100, clock, Guards.ALL);
    service.close();
    service =
        new StsPolicyService(
            new PolicyParts(
                resolver,
                fetcher,
                failing.policies(),
                failing.alarms(),
                Preloads.NONE,
                clock,
                Guards.ALL),
            Overrides.open(Optional.empty(), failing.overrides(), clock),
            NOTHING_REMEMBERED);
    firstIsConfirmedAndSecondIsCandidate();
  }

  @AfterEach
  void closeFailingStores() {
    failing.close();
    database.closeForGood();
  }

  private void firstIsConfirmedAndSecondIsCandidate() {
    announceDraft(FIRST);
    serveDraft(FIRST);
    service.confirm(draft().policy());
    clock.advance(Duration.ofMinutes(1));
    announceDraft(SECOND);
    serveDraft(SECOND);
    assertThat(successor()).contains(SECOND);
  }

  private void announceDraft(String text) {
    dns.remove(DRAFT_RECORD).txt(DRAFT_RECORD, text);
  }

  private void serveDraft(String text) {
    host.serveHost(DOMAIN, OWN, PolicyHostEffect.policy(text));
  }

  private PolicyLookup.Draft draft() {
    PolicyLookup lookup = lookup();
    assertThat(lookup).isInstanceOf(PolicyLookup.Draft.class);
    return (PolicyLookup.Draft) lookup;
  }

  private Optional<String> successor() {
    return draft().successor().map(KnownPolicy::text);
  }

  @Test
  void candidateShouldOutlastAForgedRecordThatRepeatsTheConfirmedPolicy() {
    announceDraft(FIRST);

    assertThat(draft().policy().text()).isEqualTo(FIRST);
    assertThat(successor()).contains(SECOND);
  }

  @Test
  void candidateShouldGoWhenTheDomainItselfTakesItBack() {
    announceDraft(FIRST);
    serveDraft(FIRST);

    assertThat(draft().policy().fetchedAt()).isEqualTo(clock.instant());
    assertThat(successor()).isEmpty();
  }

  @Test
  void confirmationShouldNotReplaceThePolicyInForceByAnExpiredOne() {
    KnownDraftPolicy candidate = draft().successor().orElseThrow();
    clock.advance(Duration.ofDays(2));

    service.confirm(candidate);
    dns.remove(DRAFT_RECORD);

    assertThat(draft().policy().text()).isEqualTo(FIRST);
  }

  @Test
  void confirmedCandidateShouldNotComeBackWithADatabaseThatMissedItsRemoval() {
    KnownDraftPolicy candidate = draft().successor().orElseThrow();
    database.fail(Failure.ALL);

    service.confirm(candidate);
    database.fail(Failure.NONE);
    TestStores.recover(failing);
    dns.remove(DRAFT_RECORD);

    assertThat(draft().policy()).isEqualTo(candidate.confirmed());
    assertThat(successor()).isEmpty();
  }
}
