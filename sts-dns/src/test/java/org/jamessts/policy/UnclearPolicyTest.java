package org.jamessts.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Consumer;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.policy.PolicyLookup.Unclear;
import org.jamessts.policy.PolicySettings.Draft;
import org.jamessts.policy.PolicySettings.FirstDraftPolicy;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The DNS does not answer, and the operator wants mail to wait then. */
class UnclearPolicyTest extends TwoSystemsWorld {

  private PolicyLookup lookup(WithoutPolicy onDnsFailure) {
    return lookup(onDnsFailure, Draft.ON, FirstDraftPolicy.AUTHENTICATED);
  }

  private PolicyLookup lookup(WithoutPolicy onDnsFailure, Draft draft, FirstDraftPolicy first) {
    PolicySettings settings =
        new PolicySettings(
            Duration.ofSeconds(60), WithoutPolicy.DELIVER, onDnsFailure, draft, first, 0);
    try (StsPolicyService waiting = service(settings)) {
      return waiting.lookup(name(DOMAIN)).published();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RECORD, DRAFT_RECORD})
  void mailShouldWaitWhenEitherSystemIsNotKnown(String record) {
    dns.fault(record, "TXT", DnsFault.SERVFAIL);

    PolicyLookup lookup = lookup(WithoutPolicy.DEFER);

    assertThat(lookup).isInstanceOf(Unclear.class);
    assertThat(failure(lookup).kind()).isEqualTo(Kind.DNS);
    assertThat(failure(lookup).detail()).contains("TXT of " + record);
  }

  @ParameterizedTest
  @ValueSource(strings = {RECORD, DRAFT_RECORD})
  void mailShouldGoAndTheFailureBeKnownWhenSoSet(String record) {
    dns.fault(record, "TXT", DnsFault.SERVFAIL);

    PolicyLookup lookup = lookup(WithoutPolicy.DELIVER);

    none(lookup);
    assertThat(failure(lookup).kind()).isEqualTo(Kind.DNS);
  }

  @Test
  void theDraftShouldKeepNoMailWaitingWhenItIsOff() {
    dns.fault(DRAFT_RECORD, "TXT", DnsFault.SERVFAIL);

    assertThat(
            none(lookup(WithoutPolicy.DEFER, Draft.OFF, FirstDraftPolicy.AUTHENTICATED)).failure())
        .isEmpty();
  }

  @Test
  void aDomainWithoutAPolicyShouldNotWait() {
    assertThat(none(lookup(WithoutPolicy.DEFER)).failure()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S13", in = MtaStsSource.class)
  void aKeptPolicyShouldHoldInsteadOfWaiting() {
    KnownMtaStsPolicy kept = publishedAndKept();
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);
    dns.fault(DRAFT_RECORD, "TXT", DnsFault.SERVFAIL);

    assertHolds(lookup(WithoutPolicy.DEFER), kept, Kind.DNS);
  }

  @Test
  void anExpiredPolicyShouldNotKeepMailFromWaiting() {
    publishedAndKept();
    clock.advance(WEEK);
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);

    assertThat(lookup(WithoutPolicy.DEFER)).isInstanceOf(Unclear.class);
  }

  @ParameterizedTest
  @EnumSource
  void aKeptDraftShouldHoldInsteadOfWaiting(WithoutPolicy onDnsFailure) {
    KnownDraftPolicy kept = draftPublishedAndConfirmed(draft(true, WEEK));
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);
    dns.fault(DRAFT_RECORD, "TXT", DnsFault.SERVFAIL);

    PolicyLookup lookup = lookup(onDnsFailure);

    assertThat(draftOf(lookup)).isEqualTo(kept);
    assertThat(failure(lookup).kind()).isEqualTo(Kind.DNS);
  }

  // Who can keep one answer away can forge the other.
  @ParameterizedTest
  @EnumSource
  void aDraftThatIsNotConfirmedShouldNotKeepMailFromWaitingForMtaSts(FirstDraftPolicy first) {
    dns.fault(RECORD, "TXT", DnsFault.SERVFAIL);
    announceDraft("v=STS1; to=false; e=1000");

    assertThat(lookup(WithoutPolicy.DEFER, Draft.ON, first)).isInstanceOf(Unclear.class);
    assertThat(lookup(WithoutPolicy.DELIVER, Draft.ON, first))
        .isInstanceOf(PolicyLookup.Draft.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("policiesThatCannotBeHad")
  @Rule(value = "RFC 8461 S12", in = MtaStsSource.class)
  void mailShouldGoWhenAnAnnouncedPolicyCannotBeHadWhateverIsSet(
      String why, Consumer<PolicyWorld> happens) {
    publish("1", policy("enforce", WEEK));
    happens.accept(this);

    for (WithoutPolicy onDnsFailure : WithoutPolicy.values()) {
      PolicyLookup lookup = lookup(onDnsFailure);

      none(lookup);
      assertThat(lookup.failure()).isPresent();
    }
  }

  static Arguments[] policiesThatCannotBeHad() {
    return new Arguments[] {
      cause("no policy host", w -> w.dns.remove("mta-sts." + DOMAIN)),
      cause("no site", w -> w.host.remove(DOMAIN)),
      cause("no policy", w -> w.publish("1", "broken")),
      cause(
          "redirect",
          w -> w.host.serve(DOMAIN, GOOD, PolicyHostEffect.redirect("https://a.example/"))),
      cause(
          "the address of the policy host is not known",
          w -> w.dns.fault("mta-sts." + DOMAIN, "A", DnsFault.SERVFAIL)),
      cause(
          "and the draft is not known",
          w -> {
            w.host.remove(DOMAIN);
            w.dns.fault(DRAFT_RECORD, "TXT", DnsFault.SERVFAIL);
          })
    };
  }

  private static Arguments cause(String why, Consumer<PolicyWorld> happens) {
    return Arguments.of(why, happens);
  }
}
