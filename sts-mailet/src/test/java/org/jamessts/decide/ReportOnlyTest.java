package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.decide.Channels.MX;
import static org.jamessts.decide.Promises.DOMAIN;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.testing.SamplePolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What is left of promises where the operator has taken enforcement back. */
class ReportOnlyTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Channel CLEAR = new Channel.NotOffered();

  /** Its policy names other hosts. */
  private static final PolicyLookup ENFORCED =
      new PolicyLookup.Known(
          SamplePolicies.policy(DOMAIN.value(), "1", 3600, NOW), Optional.empty());

  private static TlsRequirement of(DomainPolicy policy, DaneHost host, Enforcement enforcement) {
    return Promises.BOTH.of(policy, host, enforcement);
  }

  private static DomainPolicy with(PolicyLookup published, Minimum... minimum) {
    List<DomainOverride> said =
        List.of(minimum).stream()
            .map(
                one ->
                    new DomainOverride(
                        new DomainPattern(false, DOMAIN),
                        Optional.of(one),
                        Optional.empty(),
                        Set.of(),
                        Optional.empty(),
                        ""))
            .toList();
    return new DomainPolicy(DOMAIN, published, said);
  }

  @Test
  void policyShouldFindWhatItFoundAndStopNothing() {
    DomainName other = new DomainName("mx.attacker.test");
    TlsRequirement enforced = of(with(ENFORCED), Promises.UNVALIDATED, Enforcement.ENFORCE);
    TlsRequirement reported = of(with(ENFORCED), Promises.UNVALIDATED, Enforcement.REPORT_ONLY);

    assertThat(enforced.admit(other)).isInstanceOf(Verdict.NextHost.class);
    assertThat(reported.admit(other)).isInstanceOf(Verdict.Proceed.class);
    assertThat(reported.admit(other).finding()).isEqualTo(enforced.admit(other).finding());
    assertThat(reported.judge(other, CLEAR, NOW)).isInstanceOf(Verdict.Proceed.class);
    assertThat(reported.judge(other, CLEAR, NOW).finding())
        .isEqualTo(enforced.judge(other, CLEAR, NOW).finding())
        .isPresent();
    assertThat(reported.enforced()).isFalse();
    assertThat(reported.verifies()).isTrue();
    assertThat(reported.isVerified(other, CLEAR, NOW)).as("credentials need that").isFalse();
    assertThat(reported.describe())
        .startsWith(enforced.describe())
        .endsWith("(not enforced: enforcement=report-only)");
  }

  @Test
  void tlsaLookupThatFailedShouldBeFoundAndStopNothing() {
    DaneHost host = Promises.host(Promises.FAILED);
    DomainPolicy nothing = with(new PolicyLookup.None("none", Optional.empty()));

    Verdict verdict = of(nothing, host, Enforcement.REPORT_ONLY).admit(MX);

    assertThat(verdict).isInstanceOf(Verdict.Proceed.class);
    assertThat(verdict.finding().orElseThrow().kind()).isEqualTo(FailureKind.DNSSEC_INVALID);
    assertThat(of(nothing, host, Enforcement.OFF)).isEqualTo(new Opportunistic());
  }

  @Test
  void offShouldLeaveNothingOfWhatIsPublished() {
    assertThat(of(with(ENFORCED), Promises.host(Promises.UNUSABLE), Enforcement.OFF))
        .isEqualTo(new Opportunistic());
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ENFORCE")
  void whatTheOperatorDemandsShouldHoldOn(Enforcement lowered) {
    for (Minimum minimum : Minimum.values()) {
      Verdict verdict =
          of(with(ENFORCED, minimum), Promises.host(Promises.UNUSABLE), lowered)
              .judge(MX, CLEAR, NOW);

      assertThat(verdict)
          .as("%s under %s", minimum, lowered)
          .isInstanceOfSatisfying(
              Verdict.NextHost.class, refused -> assertThat(refused.operators()).isTrue());
    }
  }

  @Test
  void policyThatHoldsNothingBackShouldBeAsItWas() {
    DomainPolicy testing =
        with(new PolicyLookup.Known(SamplePolicies.testing(DOMAIN.value(), NOW), Optional.empty()));

    assertThat(of(testing, Promises.UNVALIDATED, Enforcement.REPORT_ONLY))
        .isEqualTo(of(testing, Promises.UNVALIDATED, Enforcement.ENFORCE))
        .isInstanceOf(StsRequirement.class);
  }
}
