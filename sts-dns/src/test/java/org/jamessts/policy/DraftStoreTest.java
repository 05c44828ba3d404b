package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.jamessts.guard.Guards;
import org.jamessts.override.Overrides;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;

/** Policies of the draft in a database: over restarts, and between two servers. */
class DraftStoreTest extends DraftWorld {

  private static final String A16 = "draft-margolis-smtp-sts-00 A16";
  private static final String NEXT = holding("mx2." + DOMAIN);

  private void restart() throws Exception {
    service.close();
    stores.close();
    open();
  }

  @Test
  @Rule(value = A16, in = DraftSource.class)
  void restartShouldKeepACandidateACandidate() throws Exception {
    publishDraft(holding());
    KnownDraftPolicy candidate = inForce();

    restart();

    assertAlone(lookup(), candidate);
    assertThat(inForce().standing()).isEqualTo(Standing.CANDIDATE);
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(1);
  }

  @Test
  void restartShouldKeepAPolicyAndItsSuccessor() throws Exception {
    confirmed(holding());
    clock.advance(Duration.ofSeconds(1));
    publishDraft(NEXT);
    PolicyLookup before = lookup();
    assertThat(draft(before).successor()).isPresent();

    restart();

    assertThat(lookup()).isEqualTo(before);
    service.confirm(draft(lookup()).successor().orElseThrow());
    restart();

    assertThat(inForce().text()).isEqualTo(NEXT);
    assertThat(inForce().standing()).isEqualTo(Standing.CONFIRMED);
    assertThat(kept()).containsExactly(inForce());
  }

  @Test
  void anotherServerShouldSeeACandidateAndItsConfirmation() throws Exception {
    publishDraft(holding());
    KnownDraftPolicy candidate = inForce();
    try (Stores others = new Stores(new EmbeddedDatabase(directory, clock), 100, clock);
        StsPolicyService other = on(others)) {
      assertAlone(other.lookup(name(DOMAIN)).published(), candidate);
      other.confirm(candidate);
      assertAlone(other.lookup(name(DOMAIN)).published(), candidate.confirmed());
    }

    assertAlone(lookup(), candidate.confirmed());
    assertThat(kept()).containsExactly(candidate.confirmed());
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(1);
  }

  // Its memory still has the old one: the new text shows it that there is something to do.
  @Test
  void anotherServerThatUsedThePolicyBeforeShouldComeToItsSuccessorToo() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    try (Stores others = new Stores(new EmbeddedDatabase(directory, clock), 100, clock);
        StsPolicyService other = on(others)) {
      assertAlone(other.lookup(name(DOMAIN)).published(), policy);
      clock.advance(Duration.ofSeconds(1));
      publishDraft(NEXT);
      service.confirm(draft(lookup()).successor().orElseThrow());
      assertThat(inForce().text()).isEqualTo(NEXT);

      PolicyLookup.Draft seen = draft(other.lookup(name(DOMAIN)).published());
      assertThat(seen.policies()).extracting(KnownPolicy::text).contains(NEXT);
      seen.successor().ifPresent(other::confirm);

      assertThat(draft(other.lookup(name(DOMAIN)).published()).policy().text()).isEqualTo(NEXT);
      assertThat(draft(other.lookup(name(DOMAIN)).published()).successor()).isEmpty();
    }
    assertAlone(lookup(), inForce());
    assertThat(inForce().text()).isEqualTo(NEXT);
  }

  @Test
  void anotherServerShouldSeeThatAPolicyHoldsNoMailBackAnyMore() throws Exception {
    confirmed(holding());
    clock.advance(Duration.ofSeconds(1));
    publishDraft(holding().replace("to=true", "to=false"));
    KnownDraftPolicy weaker = inForce();
    try (Stores others = new Stores(new EmbeddedDatabase(directory, clock), 100, clock);
        StsPolicyService other = on(others)) {
      assertAlone(other.lookup(name(DOMAIN)).published(), weaker);
    }
  }

  private StsPolicyService on(Stores others) throws Exception {
    return new StsPolicyService(
        new PolicyParts(
            resolver,
            fetcher,
            others.policies(),
            others.alarms(),
            Preloads.NONE,
            clock,
            Guards.ALL),
        Overrides.open(Optional.empty(), others.overrides(), clock),
        NOTHING_REMEMBERED);
  }
}
