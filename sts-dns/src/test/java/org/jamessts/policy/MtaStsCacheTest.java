package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jamessts.mtasts.StsMode;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A domain whose policy is kept (RFC 8461 §3.3, §5.1, §10.2). */
class MtaStsCacheTest extends PolicyWorld {

  @Test
  @Rule(value = "RFC 8461 S14", in = MtaStsSource.class)
  void lookupShouldUseTheKeptPolicyWhileTheIdIsTheSame() {
    KnownMtaStsPolicy kept = publishedAndKept();
    clock.advance(WEEK.minusSeconds(1));

    PolicyLookup lookup = lookup();

    assertThat(lookup).isEqualTo(new PolicyLookup.Known(kept, Optional.empty()));
    assertThat(host.requests(DOMAIN)).isEqualTo(1);
  }

  @Test
  void lookupShouldFetchWhenTheIdHasChangedInAnyDirection() {
    publish("2", policy("enforce", WEEK));
    lookup();
    publish("1", policy("testing", WEEK));

    KnownMtaStsPolicy known = known(lookup());

    assertThat(known.id()).isEqualTo("1");
    assertThat(known.policy().mode()).isEqualTo(StsMode.TESTING);
    assertThat(known.policy().text()).contains("mode: testing");
    assertThat(kept()).containsExactly(known);
  }

  @Test
  void lookupShouldTakeTheBodyOfAnEqualIdOnlyAtTheNextFetch() {
    publishedAndKept();
    publish("1", policy("testing", WEEK));

    assertThat(mode(lookup())).isEqualTo(StsMode.ENFORCE);

    clock.advance(WEEK);

    assertThat(mode(lookup())).isEqualTo(StsMode.TESTING);
  }

  @Test
  void lookupShouldLetAFetchedNoneEndAPolicyAtOnce() {
    publishedAndKept();
    publish("2", policy("none", Duration.ofDays(1)));

    assertThat(mode(lookup())).isEqualTo(StsMode.NONE);
    // RFC 8461 §8.3: the domain may then take the record away, and nothing is amiss.
    dns.remove(RECORD);
    assertThat(mode(lookup())).isEqualTo(StsMode.NONE);
    assertThat(lookup().failure()).isEmpty();
  }

  @Test
  void lookupShouldLetAFetchedMaxAgeZeroReplaceTheKeptPolicy() {
    publishedAndKept();
    publish("2", policy("testing", Duration.ZERO));
    lookup();
    host.remove(DOMAIN);

    none(lookup());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule(value = "RFC 8461 S3", in = MtaStsSource.class)
  @Rule(value = "RFC 8461 S13", in = MtaStsSource.class)
  void lookupShouldHoldOnToTheKeptPolicy(
      String rule, Consumer<PolicyWorld> attack, PolicyFailure.Kind failure) {
    KnownMtaStsPolicy kept = publishedAndKept();
    clock.advance(WEEK.minusSeconds(1));
    attack.accept(this);

    assertHolds(lookup(), kept, failure);
    assertHolds(lookup(), kept, failure);
    assertThat(kept()).containsExactly(kept);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule(value = "RFC 8461 S12", in = MtaStsSource.class)
  @Rule(value = "RFC 8461 S14", in = MtaStsSource.class)
  void lookupShouldNotHoldOnToAnExpiredPolicy(
      String rule, Consumer<PolicyWorld> attack, PolicyFailure.Kind failure) {
    publishedAndKept();
    clock.advance(WEEK);
    attack.accept(this);

    none(lookup());
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
        attack("TXT vanished", w -> w.dns.remove(RECORD), PolicyFailure.Kind.VANISHED),
        attack("TXT invalid", w -> w.announce("v=STSv1; id=-"), PolicyFailure.Kind.VANISHED),
        attack("two TXT", w -> w.dns.txt(RECORD, "v=STSv1; id=1"), PolicyFailure.Kind.VANISHED),
        attack("TXT SERVFAIL", w -> w.dns.fault(RECORD, "TXT", DnsFault.SERVFAIL), dns()),
        attack("TXT garbage", w -> w.dns.fault(RECORD, "TXT", DnsFault.REFUSED), dns()),
        attack(
            "forged id, host gone",
            w -> {
              w.announce("v=STSv1; id=forged");
              w.dns.remove("mta-sts." + DOMAIN);
            },
            PolicyFailure.Kind.FETCH),
        attack(
            "forged id, host of the attacker",
            w -> {
              w.announce("v=STSv1; id=forged");
              w.host.serve(
                  DOMAIN,
                  PrivateCa.create("attacker").issue("mta-sts." + DOMAIN),
                  PolicyHostEffect.policy(policy("none", WEEK)));
            },
            PolicyFailure.Kind.WEBPKI),
        attack(
            "forged id, redirect to the attacker",
            w -> {
              w.announce("v=STSv1; id=forged");
              w.host.serve(DOMAIN, GOOD, PolicyHostEffect.redirect("https://attacker.example/"));
            },
            PolicyFailure.Kind.FETCH),
        attack(
            "new id, invalid body",
            w -> w.publish("2", "mode: none\n"),
            PolicyFailure.Kind.INVALID),
        attack(
            "new id, body cut short",
            w -> {
              w.announce("v=STSv1; id=forged");
              String cut = policy("enforce", WEEK).substring(0, 62);
              w.host.serve(
                  DOMAIN,
                  GOOD,
                  new PolicyHostEffect.Raw(
                      PolicyHostEffect.head("200 OK", "Content-Type: text/plain\r\n") + cut));
            },
            PolicyFailure.Kind.FETCH));
  }

  private static PolicyFailure.Kind dns() {
    return PolicyFailure.Kind.DNS;
  }

  private static Arguments attack(
      String rule, Consumer<PolicyWorld> attack, PolicyFailure.Kind failure) {
    return arguments(rule, attack, failure);
  }

  @Test
  @Rule(value = "RFC 8461 S14", in = MtaStsSource.class)
  void lookupShouldNotRenewAnExpiredPolicyForAnEqualId() {
    publishedAndKept();
    host.remove(DOMAIN);
    clock.advance(WEEK);

    assertThat(none(lookup()).failure()).isPresent();
  }

  @Test
  @Rule(value = "RFC 8461 S14", in = MtaStsSource.class)
  void lookupShouldCountMaxAgeFromTheFetchHoweverOftenTheIdIsSeen() {
    publishedAndKept();
    for (int day = 1; day < 7; day++) {
      clock.advance(Duration.ofDays(1));
      lookup();
    }
    clock.advance(Duration.ofDays(1));
    host.remove(DOMAIN);

    none(lookup());
  }

  @Test
  void lookupShouldFetchAnExpiredPolicyAnew() {
    publishedAndKept();
    clock.advance(WEEK);

    assertThat(known(lookup()).fetchedAt()).isEqualTo(clock.instant());
    assertThat(host.requests(DOMAIN)).isEqualTo(2);
  }

  // RFC 8461 §3.3: five minutes per id.
  @Test
  @Rule(value = "RFC 8461 S10", in = MtaStsSource.class)
  void lookupShouldLeaveAnIdAloneForFiveMinutesAfterAFailedFetch() {
    KnownMtaStsPolicy kept = publishedAndKept();
    publish("2", "broken");

    for (int minute = 0; minute < 5; minute++) {
      assertHolds(lookup(), kept, PolicyFailure.Kind.INVALID);
      clock.advance(Duration.ofMinutes(1));
    }
    assertThat(host.requests(DOMAIN)).isEqualTo(2);

    lookup();
    assertThat(host.requests(DOMAIN)).isEqualTo(3);
  }

  @Test
  @Rule(value = "RFC 8461 S10", in = MtaStsSource.class)
  void lookupShouldFetchAnotherIdAtOnceAfterAFailedFetch() {
    publish("1", "broken");
    none(lookup());
    publish("2", policy("enforce", WEEK));

    assertThat(mode(lookup())).isEqualTo(StsMode.ENFORCE);
  }

  @Test
  void lookupShouldForgetAFailureAfterASuccess() {
    publish("1", "broken");
    lookup();
    clock.advance(Duration.ofMinutes(5));
    publish("1", policy("enforce", Duration.ofSeconds(1)));
    lookup();
    clock.advance(Duration.ofSeconds(1));

    assertThat(mode(lookup())).isEqualTo(StsMode.ENFORCE);
    assertThat(host.requests(DOMAIN)).isEqualTo(3);
  }

  // RFC 8461 §5.1: before a failure becomes final, the DNS is asked for a newer policy.
  @Test
  @Rule(value = "RFC 8461 S26", in = MtaStsSource.class)
  void recheckShouldFetchANewPolicy() {
    publishedAndKept();
    publish("2", policy("testing", WEEK));

    assertThat(mode(recheck())).isEqualTo(StsMode.TESTING);
  }

  @Test
  @Rule(value = "RFC 8461 S26", in = MtaStsSource.class)
  void recheckShouldAskTheDnsAndNothingElseWhenNothingChanged() {
    KnownMtaStsPolicy kept = publishedAndKept();

    assertThat(known(recheck())).isEqualTo(kept);
    assertThat(dns.queries(RECORD, "TXT")).isEqualTo(2);
    assertThat(host.requests(DOMAIN)).isEqualTo(1);
  }
}
