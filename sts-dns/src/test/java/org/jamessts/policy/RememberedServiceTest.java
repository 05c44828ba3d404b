package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jamessts.mtasts.StsMode;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a service that remembers asks the DNS, and when it does not. The TTL is a minute. */
class RememberedServiceTest extends TwoSystemsWorld {

  private StsPolicyService remembering;

  @BeforeEach
  void remember() throws Exception {
    remembering = service(PolicySettings.DEFAULT);
  }

  @AfterEach
  void end() {
    remembering.close();
  }

  private PolicyLookup lookupAgain() {
    return remembering.lookup(name(DOMAIN)).published();
  }

  @Test
  void withinTheTtlThereShouldBeNoQuestionAndAfterItOne() {
    publish("1", policy("enforce", WEEK));
    lookupAgain();
    clock.advance(Duration.ofSeconds(59));
    lookupAgain();
    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    lookupAgain();
    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(2);
    lookupAgain();
    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(2);
  }

  @Test
  void aDomainWithoutAPolicyShouldBeRememberedForItsNegativeTtlInBothSystems() {
    none(lookupAgain());
    clock.advance(Duration.ofSeconds(59));
    none(lookupAgain());
    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(1);
    assertThat(dns.queries(DRAFT_RECORD, "TXT")).isEqualTo(1);

    publish("1", policy("enforce", WEEK));
    clock.advance(Duration.ofSeconds(1));
    assertThat(mode(lookupAgain())).isEqualTo(StsMode.ENFORCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {RECORD, DRAFT_RECORD})
  void theShorterTtlOfTheTwoSystemsShouldCount(String shorter) {
    dns.add(shorter + ". 5 IN TXT \"another thing\"");
    lookupAgain();
    clock.advance(Duration.ofSeconds(4));
    lookupAgain();
    assertThat(dns.queries(shorter, "TXT")).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    lookupAgain();

    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(2);
    assertThat(dns.queries(DRAFT_RECORD, "TXT")).isEqualTo(2);
  }

  @Test
  @Rule(value = "RFC 8461 S14", in = RememberedLookups.class)
  void aPolicyShouldNotBeRememberedLongerThanItHolds() {
    publish("1", policy("enforce", Duration.ofSeconds(10)));
    lookupAgain();
    host.remove(DOMAIN);

    clock.advance(Duration.ofSeconds(10));

    none(lookupAgain());
  }

  @Test
  void failuresShouldNotBeRememberedLong() {
    publish("1", policy("enforce", WEEK));
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);
    none(lookupAgain());
    dns.heal(RECORD, "TXT");
    clock.advance(Duration.ofSeconds(15));
    assertThat(mode(lookupAgain())).isEqualTo(StsMode.ENFORCE);

    clock.advance(Duration.ofMinutes(1));
    publish("2", "broken");
    assertThat(failure(lookupAgain()).kind()).isEqualTo(PolicyFailure.Kind.INVALID);
    publish("3", policy("testing", WEEK));
    assertThat(mode(lookupAgain())).isEqualTo(StsMode.TESTING);
  }

  @Test
  void aRecheckShouldAskAnywayAndCountForTheNextMail() {
    publish("1", policy("enforce", WEEK));
    lookupAgain();
    publish("2", policy("testing", WEEK));
    assertThat(mode(lookupAgain())).isEqualTo(StsMode.ENFORCE);

    assertThat(mode(remembering.recheck(name(DOMAIN)).published())).isEqualTo(StsMode.TESTING);

    assertThat(mode(lookupAgain())).isEqualTo(StsMode.TESTING);
  }

  @Test
  void aFirstSuccessShouldCountForTheNextMail() {
    publishDraft(draft(true, WEEK));
    KnownDraftPolicy candidate = draftOf(lookupAgain());
    assertThat(candidate.standing()).isEqualTo(Standing.CANDIDATE);
    assertThat(draftOf(lookupAgain()).standing()).isEqualTo(Standing.CANDIDATE);

    remembering.confirm(candidate);

    assertThat(draftOf(lookupAgain()).standing()).isEqualTo(Standing.CONFIRMED);
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(1);
  }

  @Test
  void everyServiceShouldNoteUseAndARefreshShouldNot() throws Exception {
    publish("1", policy("enforce", WEEK));
    KnownMtaStsPolicy policy = known(lookupAgain());
    assertThat(remembering.usedDomains().take()).containsExactly(name(DOMAIN));

    assertThat(remembering.refresh(policy)).isEmpty();

    assertThat(remembering.usedDomains().take()).isEmpty();
  }
}
