package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.Latest.latest;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a policy of the draft is kept, and what does not end it sooner (draft -00 §3.2). */
class DraftLifetimeTest extends DraftWorld {

  private static final String A13 = "draft-margolis-smtp-sts-00 A13";

  @Test
  @Rule(value = A13, in = DraftSource.class)
  void policyShouldHoldForItsLifetimeAndTheTtlOfItsRecord() {
    KnownDraftPolicy policy = confirmed(holding());
    assertThat(policy.expiresAt()).isEqualTo(policy.fetchedAt().plus(WEEK).plus(TTL));
    dns.remove(DRAFT_RECORD);

    clock.advance(WEEK.plus(TTL).minusNanos(1_000));
    assertHolds(lookup(), policy, Kind.VANISHED);

    clock.advance(Duration.ofNanos(1_000));
    none(lookup());
  }

  @ParameterizedTest(name = "e={0}: {1} s")
  @CsvSource({
    "0, 60",
    "1, 61",
    "31557539, 31557599",
    "31557540, 31557600",
    "31557541, 31557600",
    "31557601, 31557600",
    "9999999999, 31557600"
  })
  @Rule(value = A13, in = DraftSource.class)
  void lifetimeShouldEndAtTheMaximumOfRfc8461(String e, long seconds) {
    publishDraft(holding().replaceAll("e=[0-9]+", "e=" + e));

    assertThat(Duration.between(clock.instant(), inForce().expiresAt()))
        .isEqualTo(Duration.ofSeconds(seconds))
        .isLessThanOrEqualTo(DraftSource.LONGEST_LIFETIME);
  }

  @Test
  @Rule(value = A13, in = DraftSource.class)
  void repeatedRecordShouldNotProlongAPolicy() {
    KnownDraftPolicy policy = confirmed(holding());
    for (int day = 1; day < 7; day++) {
      clock.advance(Duration.ofDays(1));
      assertThat(inForce()).isEqualTo(policy);
    }
    serveDraft("gone");
    clock.advance(Duration.ofDays(1).plus(TTL));

    assertReportedOnly(lookup(), holding(), Kind.INVALID);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void lookupShouldHoldOnToAConfirmedPolicy(
      String attack, Consumer<DraftWorld> happens, Kind failure) {
    KnownDraftPolicy policy = confirmed(holding());
    clock.advance(WEEK);
    happens.accept(this);

    assertHolds(lookup(), policy, failure);
    assertHolds(lookup(), policy, failure);
    assertThat(kept()).containsExactly(policy);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void lookupShouldHoldOnToACandidateAndASuccessor(
      String attack, Consumer<DraftWorld> happens, Kind failure) {
    confirmed(holding());
    clock.advance(Duration.ofSeconds(1));
    publishDraft(holding("mx2." + DOMAIN));
    PolicyLookup.Draft before = draft(lookup());
    assertThat(before.successor()).isPresent();
    happens.accept(this);

    PolicyLookup.Draft after = draft(lookup());

    assertThat(after.policies()).isEqualTo(before.policies());
    assertThat(failure(after).kind()).isEqualTo(failure);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule(value = A13, in = DraftSource.class)
  void lookupShouldNotHoldOnToAnExpiredPolicy(
      String attack, Consumer<DraftWorld> happens, Kind failure) {
    KnownDraftPolicy policy = confirmed(holding());
    clock.advance(WEEK.plus(TTL));
    happens.accept(this);

    assertThat(lookup().policies()).doesNotContain(policy);
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
        attack("TXT vanished", w -> w.dns.remove(DRAFT_RECORD), Kind.VANISHED),
        attack("TXT invalid", w -> w.announceDraft("v=STS1; to=no"), Kind.VANISHED),
        attack("TXT of a later draft", w -> w.announceDraft("v=STS1; id=1"), Kind.VANISHED),
        attack("two TXT", w -> w.dns.txt(DRAFT_RECORD, "v=STS1; to=false"), Kind.VANISHED),
        attack("SERVFAIL", w -> fault(w, DnsFault.SERVFAIL), Kind.DNS),
        attack("REFUSED", w -> fault(w, DnsFault.REFUSED), Kind.DNS),
        attack("forged text", w -> w.announceDraft("v=STS1; to=false"), Kind.INVALID),
        attack(
            "forged text, host gone",
            w -> {
              w.announceDraft(holding("attacker.example"));
              w.dns.remove(DOMAIN);
            },
            Kind.FETCH),
        attack(
            "forged text that wants DNSSEC",
            w -> w.announceDraft(holding("b.example").replaceAll(" a=[^;]*", " a=dnssec")),
            Kind.INVALID));
  }

  private static void fault(DraftWorld world, DnsFault fault) {
    world.dns.fault(DRAFT_RECORD, "TXT", fault);
  }

  private static Arguments attack(String name, Consumer<DraftWorld> happens, Kind failure) {
    return arguments(name, happens, failure);
  }

  @Test
  void vanishedRecordShouldRaiseOneAlarm() {
    confirmed(holding());
    dns.remove(DRAFT_RECORD);
    lookup();
    lookup();

    assertThat(latest(stores.alarms(), 10))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.kind()).isEqualTo(PolicyAlarm.Kind.VANISHED));
  }

  @Test
  @Rule(value = A13, in = DraftSource.class)
  void refreshShouldProlongAPolicyThatTheDomainStillServes() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    clock.advance(Duration.ofDays(6));

    assertThat(service.refresh(policy)).isEmpty();

    assertThat(inForce())
        .isEqualTo(
            new KnownDraftPolicy(
                policy.domain(),
                policy.record(),
                policy.standing(),
                clock.instant(),
                clock.instant().plus(WEEK).plus(TTL)));
    assertThat(host.requestsOf(DOMAIN)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(KnownDraftPolicy.Standing.class)
  void refreshShouldLeaveThePolicyInItsStanding(KnownDraftPolicy.Standing standing)
      throws Exception {
    if (standing == KnownDraftPolicy.Standing.UNAUTHENTICATED) {
      announceDraft(holding());
    } else {
      publishDraft(holding());
    }
    if (standing == KnownDraftPolicy.Standing.CONFIRMED) {
      service.confirm(inForce());
    }
    KnownDraftPolicy policy = inForce();
    Instant fetched = policy.fetchedAt();
    clock.advance(Duration.ofHours(1));

    service.refresh(policy);

    assertThat(inForce().standing()).isEqualTo(standing);
    assertThat(inForce().fetchedAt()).isAfter(fetched);
  }

  @Test
  @Rule(value = A13, in = DraftSource.class)
  void refreshShouldNotProlongWhatTheDomainDoesNotVouchForAnyMore() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    serveDraft("something else");
    clock.advance(Duration.ofDays(6));

    assertThat(service.refresh(policy))
        .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));

    assertAlone(lookup(), policy);
  }

  @Test
  void refreshShouldFindASuccessorAndTellThatThePolicyIsNotVouchedForAnyMore() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    String next = holding("mx2." + DOMAIN);
    publishDraft(next);
    clock.advance(Duration.ofDays(1));

    assertThat(service.refresh(policy))
        .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));

    assertThat(draft(lookup()).policy()).isEqualTo(policy);
    assertThat(draft(lookup()).successor().map(KnownPolicy::text)).contains(next);
  }

  // Who can block the DNS must not thereby let the policy run out.
  @Test
  void refreshShouldProlongWhatTheDomainVouchesForWhenTheDnsFails() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    fault(this, DnsFault.SERVFAIL);
    clock.advance(Duration.ofDays(1));

    assertThat(service.refresh(policy)).isEmpty();

    assertThat(kept())
        .singleElement()
        .satisfies(known -> assertThat(known.fetchedAt()).isEqualTo(clock.instant()));
  }

  @Test
  void refreshShouldHoldOnToThePolicyWhenAllIsBlocked() throws Exception {
    KnownDraftPolicy policy = confirmed(holding());
    fault(this, DnsFault.SERVFAIL);
    dns.remove(DOMAIN);

    assertThat(service.refresh(policy))
        .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(Kind.FETCH));
    assertThat(kept()).containsExactly(policy);
  }
}
