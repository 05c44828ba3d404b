package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.name;
import static org.jamessts.testing.SamplePolicies.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.PolicyLookup.Draft;
import org.jamessts.policy.PolicyLookup.Known;
import org.jamessts.policy.PolicyLookup.None;
import org.jamessts.testing.SamplePolicies;
import org.junit.jupiter.api.Test;

class RememberedLookupsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final PolicyFailure FAILURE =
      new PolicyFailure(PolicyFailure.Kind.FETCH, "no answer");

  private final UsedDomains used = new UsedDomains();
  private final RememberedLookups remembered = new RememberedLookups(100, used);

  private static PolicyLookup known(KnownMtaStsPolicy policy) {
    return new Known(policy, Optional.empty());
  }

  private static PolicyLookup none() {
    return new None("announces no policy", Optional.empty());
  }

  @Test
  void getShouldGiveAnAnswerUntilItsTtlIsOver() {
    PolicyLookup lookup = known(policy("a.example", NOW));
    remembered.put(
        name("a.example"), new TimedLookup(lookup, TTL), NOW, remembered.ticket(name("a.example")));

    assertThat(remembered.get(name("a.example"), NOW.plus(TTL).minusMillis(1))).contains(lookup);
    assertThat(remembered.get(name("a.example"), NOW.plus(TTL))).isEmpty();
    assertThat(remembered.get(name("b.example"), NOW)).isEmpty();
  }

  @Test
  void getShouldNotGiveAPolicyThatHasExpired() {
    remembered.put(
        name("a.example"),
        new TimedLookup(known(policy("a.example", "1", 60, NOW)), Duration.ofDays(1)),
        NOW,
        remembered.ticket(name("a.example")));

    assertThat(remembered.get(name("a.example"), NOW.plusMillis(59_999))).isPresent();
    assertThat(remembered.get(name("a.example"), NOW.plusSeconds(60))).isEmpty();
  }

  @Test
  void getShouldNotGiveASuccessorThatHasExpired() {
    PolicyLookup lookup =
        new Draft(
            SamplePolicies.draft("a.example", Standing.CONFIRMED, 1_000, NOW),
            Optional.of(SamplePolicies.draft("a.example", Standing.CANDIDATE, 60, NOW)),
            false,
            Optional.empty());
    remembered.put(
        name("a.example"),
        new TimedLookup(lookup, Duration.ofDays(1)),
        NOW,
        remembered.ticket(name("a.example")));

    assertThat(remembered.get(name("a.example"), NOW.plusSeconds(59))).contains(lookup);
    assertThat(remembered.get(name("a.example"), NOW.plusSeconds(60))).isEmpty();
  }

  @Test
  void putShouldRememberNoFailureAndForgetWhatWasBefore() {
    remembered.put(
        name("a.example"), new TimedLookup(none(), TTL), NOW, remembered.ticket(name("a.example")));

    remembered.put(
        name("a.example"),
        new TimedLookup(new Known(policy("a.example", NOW), Optional.of(FAILURE)), TTL),
        NOW,
        remembered.ticket(name("a.example")));

    assertThat(remembered.get(name("a.example"), NOW)).isEmpty();
  }

  @Test
  void putShouldRememberNothingForNoTime() {
    remembered.put(
        name("a.example"), TimedLookup.notKept(none()), NOW, remembered.ticket(name("a.example")));

    assertThat(remembered.get(name("a.example"), NOW)).isEmpty();
  }

  @Test
  void forgetShouldForgetOneDomain() {
    remembered.put(
        name("a.example"), new TimedLookup(none(), TTL), NOW, remembered.ticket(name("a.example")));
    remembered.put(
        name("b.example"), new TimedLookup(none(), TTL), NOW, remembered.ticket(name("b.example")));

    remembered.forget(name("a.example"));

    assertThat(remembered.get(name("a.example"), NOW)).isEmpty();
    assertThat(remembered.get(name("b.example"), NOW)).isPresent();
  }

  @Test
  void thereShouldBeRoomForSoManyPoliciesAndNoMore() {
    for (int i = 0; i < 1_000; i++) {
      remembered.put(
          name("d" + i + ".example"),
          new TimedLookup(known(policy("d" + i + ".example", NOW)), TTL),
          NOW,
          remembered.ticket(name("d" + i + ".example")));
    }

    assertThat(rememberedOf(1_000)).isBetween(90L, 100L);
  }

  @Test
  void longPoliciesShouldTakeTheRoomOfMany() {
    for (int i = 0; i < 1_000; i++) {
      remembered.put(
          name("d" + i + ".example"),
          new TimedLookup(known(large("d" + i + ".example")), TTL),
          NOW,
          remembered.ticket(name("d" + i + ".example")));
    }

    // 40,000 characters are 51 ordinary policies; one more for the answer.
    assertThat(rememberedOf(1_000)).isBetween(1L, 3L);
  }

  private long rememberedOf(int domains) {
    return IntStream.range(0, domains)
        .filter(i -> remembered.get(name("d" + i + ".example"), NOW).isPresent())
        .count();
  }

  private static KnownMtaStsPolicy large(String domain) {
    StsPolicy small = policy(domain, NOW).policy();
    return new KnownMtaStsPolicy(
        name(domain),
        "1",
        new StsPolicy(small.mode(), small.mx(), small.maxAge(), "x".repeat(40_000)),
        NOW);
  }

  @Test
  void useShouldBeNotedOnceADay() {
    TimedLookup lookup = new TimedLookup(none(), Duration.ofDays(10));
    remembered.put(name("a.example"), lookup, NOW, remembered.ticket(name("a.example")));
    assertThat(used.take()).containsExactly(name("a.example"));

    remembered.get(name("a.example"), NOW.plus(Duration.ofHours(11)));
    assertThat(used.take()).as("the same day").isEmpty();
    remembered.get(name("a.example"), NOW.plus(Duration.ofHours(12)));
    remembered.get(name("a.example"), NOW.plus(Duration.ofHours(13)));
    assertThat(used.take()).as("the next").containsExactly(name("a.example"));
    remembered.get(name("a.example"), NOW.plus(Duration.ofHours(14)));
    assertThat(used.take()).isEmpty();
  }

  @Test
  void useShouldBeNotedAlsoWhenNothingIsRemembered() {
    remembered.put(
        name("a.example"), TimedLookup.notKept(none()), NOW, remembered.ticket(name("a.example")));

    assertThat(used.take()).containsExactly(name("a.example"));
  }

  @Test
  void usedDomainsShouldBeBounded() {
    IntStream.range(0, 100_050).forEach(i -> used.add(name("d" + i + ".example")));

    assertThat(used.take()).hasSize(100_000);
    assertThat(used.take()).isEmpty();
    used.add(name("d0.example"));
    assertThat(used.take()).hasSize(1);
  }

  @Test
  void answerShouldNotBeRememberedWhenItsDomainWasToBeForgottenMeanwhile() {
    int ticket = remembered.ticket(name("a.example"));
    remembered.forget(name("a.example"));

    remembered.put(name("a.example"), new TimedLookup(none(), TTL), NOW, ticket);

    assertThat(remembered.get(name("a.example"), NOW)).isEmpty();
  }

  @Test
  void silenceOfTheDnsShouldBeRememberedForAShortWhileWhereNoPolicyHolds() {
    PolicyFailure silence = new PolicyFailure(PolicyFailure.Kind.DNS, "no answer");
    PolicyLookup lookup = new PolicyLookup.None("no answer", Optional.of(silence));

    remembered.put(
        name("a.example"), TimedLookup.notKept(lookup), NOW, remembered.ticket(name("a.example")));

    assertThat(remembered.get(name("a.example"), NOW.plusSeconds(14))).contains(lookup);
    assertThat(remembered.get(name("a.example"), NOW.plusSeconds(15))).isEmpty();
  }
}
