package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.decide.Channels.MX;
import static org.jamessts.decide.Channels.NOW;
import static org.jamessts.decide.Channels.STRANGER;
import static org.jamessts.decide.Channels.UNTRUSTED;
import static org.jamessts.decide.Channels.VALID;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a domain publishes, and beside it what the operator asks for. */
class SeveralRequirementsTest {

  private static final DomainName DOMAIN = new DomainName("example.com");
  private static final DomainName MX2 = new DomainName("mx2.example.com");
  private static final PolicyLookup NOTHING = new PolicyLookup.None("none", Optional.empty());
  private static final Channel GOOD = Channels.tls(VALID, "mx1.example.com", "mx2.example.com");
  private static final Channel SELF_SIGNED = Channels.tls(UNTRUSTED, "mx1.example.com");
  private static final Channel CLEAR = new Channel.NotOffered();

  private static StsPolicy policy(StsMode mode, DomainName... mx) {
    return new StsPolicy(
        mode,
        List.of(mx).stream().map(name -> new MxPattern(MxPattern.Kind.HOST, name)).toList(),
        Duration.ofDays(7),
        "text");
  }

  private static PolicyLookup published(StsMode mode, DomainName... mx) {
    return new PolicyLookup.Known(
        new KnownMtaStsPolicy(DOMAIN, "1", policy(mode, mx), NOW), Optional.empty());
  }

  private static KnownDraftPolicy candidate() {
    String text =
        "v=STS1; to=true; mx=mx1.example.com; a=webpki:https://example.com/sts; c=webpki; e=9";
    SmtpStsRecord record = ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse(text)).record();
    return new KnownDraftPolicy(
        DOMAIN, record, KnownDraftPolicy.Standing.CANDIDATE, NOW, NOW.plusSeconds(9));
  }

  private static PolicyLookup draft() {
    return new PolicyLookup.Draft(candidate(), Optional.empty(), false, Optional.empty());
  }

  private static DomainOverride override(
      Optional<Minimum> minimum, Optional<StsPolicy> said, FailureKind... exempt) {
    return new DomainOverride(
        new DomainPattern(false, DOMAIN),
        minimum,
        said,
        Set.of(exempt),
        Optional.of(NOW.plusSeconds(60)),
        "");
  }

  private static DomainOverride minimum(Minimum minimum, FailureKind... exempt) {
    return override(Optional.of(minimum), Optional.empty(), exempt);
  }

  private static DomainOverride said(StsMode mode, DomainName... mx) {
    return override(Optional.empty(), Optional.of(policy(mode, mx)));
  }

  private static TlsRequirement of(PolicyLookup published, DomainOverride override) {
    return Promises.nothing(new DomainPolicy(DOMAIN, published, List.of(override)));
  }

  private static void assertStops(Verdict verdict, FailureKind kind, String start) {
    assertThat(verdict).isInstanceOf(Verdict.NextHost.class);
    assertThat(verdict.finding())
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.kind()).isEqualTo(kind);
              assertThat(finding.why().evidence()).startsWith(start);
            });
  }

  @Test
  void minimumShouldAskForTlsWithAnyCertificate() {
    TlsRequirement tls = of(NOTHING, minimum(Minimum.REQUIRE_TLS));

    assertThat(tls.admit(STRANGER)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertThat(tls.judge(MX, SELF_SIGNED, NOW)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertStops(
        tls.judge(MX, CLEAR, NOW),
        FailureKind.STARTTLS_NOT_SUPPORTED,
        "operator's minimum (require-tls) example.com: ");
    assertThat(tls.enforced()).isTrue();
    assertThat(tls.verifies()).isFalse();
  }

  @Test
  void minimumShouldAskForAVerifiedCertificate() {
    TlsRequirement verified = of(NOTHING, minimum(Minimum.VERIFIED));

    assertThat(verified.admit(STRANGER)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertThat(verified.judge(MX, GOOD, NOW)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    String start = "operator's minimum (verified) example.com: ";
    assertStops(verified.judge(MX, SELF_SIGNED, NOW), FailureKind.CERTIFICATE_NOT_TRUSTED, start);
    // RFC 8461 §4.2 is the yardstick here: common names do not count.
    assertStops(
        verified.judge(MX, Channels.commonName(VALID, "mx1.example.com"), NOW),
        FailureKind.CERTIFICATE_HOST_MISMATCH,
        start);
    assertStops(verified.judge(MX, CLEAR, NOW), FailureKind.STARTTLS_NOT_SUPPORTED, start);
    assertThat(verified.enforced()).isTrue();
    assertThat(verified.verifies()).isTrue();
  }

  @Test
  void staticPolicyShouldBeAPolicyOfItsOwn() {
    TlsRequirement alone = of(NOTHING, said(StsMode.ENFORCE, MX));

    assertThat(alone.judge(MX, GOOD, NOW)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertStops(
        alone.admit(STRANGER),
        FailureKind.MX_MISMATCH,
        "operator's policy (enforce) example.com: ");
  }

  @Test
  void policyInModeNoneShouldNotLowerTheMinimum() {
    TlsRequirement requirement = of(published(StsMode.NONE), minimum(Minimum.VERIFIED));

    assertThat(requirement)
        .isEqualTo(
            new MinimumRequirement(
                DOMAIN, Minimum.VERIFIED, Optional.of(NOW.plusSeconds(60)), Set.of()));
  }

  @Test
  void overrideThatOnlyExemptsShouldAskForNothing() {
    TlsRequirement requirement =
        of(NOTHING, override(Optional.empty(), Optional.empty(), FailureKind.CERTIFICATE_EXPIRED));

    assertThat(requirement).isEqualTo(new Opportunistic());
  }

  // A policy that a domain publishes may raise what holds, never lower it.
  @Test
  void testingPolicyShouldNotLowerAnEnforcedOneOfTheOperator() {
    TlsRequirement both = of(published(StsMode.TESTING, MX, STRANGER), said(StsMode.ENFORCE, MX));

    String start = "operator's policy (enforce) example.com: ";
    assertStops(both.admit(STRANGER), FailureKind.MX_MISMATCH, start);
    assertStops(both.judge(MX, SELF_SIGNED, NOW), FailureKind.CERTIFICATE_NOT_TRUSTED, start);
    assertThat(both.judge(MX, GOOD, NOW)).isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertThat(both.enforced()).isTrue();
    assertThat(both.verifies()).isTrue();
    assertThat(both.describe())
        .isEqualTo("MTA-STS (testing) example.com and operator's policy (enforce) example.com");
  }

  @Test
  void testingPolicyOfTheOperatorShouldNotLowerAnEnforcedOne() {
    TlsRequirement both = of(published(StsMode.ENFORCE, MX), said(StsMode.TESTING, MX, MX2));

    assertStops(both.admit(MX2), FailureKind.MX_MISMATCH, "MTA-STS (enforce) example.com: mx2");
  }

  @Test
  void everyRequirementShouldHaveToAgree() {
    TlsRequirement three =
        of(
            published(StsMode.ENFORCE, MX, MX2),
            override(Optional.of(Minimum.VERIFIED), Optional.of(policy(StsMode.ENFORCE, MX))));

    assertThat(((AllOf) three).members()).hasSize(3);
    assertThat(three.admit(MX).finding()).isEmpty();
    assertStops(three.admit(MX2), FailureKind.MX_MISMATCH, "operator's policy (enforce)");
    assertStops(
        three.judge(MX2, GOOD, NOW), FailureKind.MX_MISMATCH, "operator's policy (enforce)");
    assertThat(three.judge(MX, GOOD, NOW)).isEqualTo(new Verdict.Proceed(Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(names = {"ENFORCE", "TESTING"})
  @Rule(value = "RFC 8461 S1", in = AllOf.class)
  void whatMtaStsFindsRightShouldNotLetAMailPassThatAnotherRequirementStops(StsMode mode) {
    PolicyLookup right = published(mode, MX, MX2);

    assertThat(Promises.nothing(DomainPolicy.of(DOMAIN, right)).judge(MX2, GOOD, NOW))
        .isEqualTo(new Verdict.Proceed(Optional.empty()));
    assertStops(
        of(right, said(StsMode.ENFORCE, MX)).judge(MX2, GOOD, NOW),
        FailureKind.MX_MISMATCH,
        "operator's policy (enforce)");
    // Nor when the other one is asked first.
    assertStops(
        new AllOf(
                List.of(
                    new MinimumRequirement(DOMAIN, Minimum.VERIFIED, Set.of()),
                    new StsRequirement(
                        ((PolicyLookup.Known) published(StsMode.TESTING, MX)).policy(), Set.of())))
            .judge(MX, SELF_SIGNED, NOW),
        FailureKind.CERTIFICATE_NOT_TRUSTED,
        "operator's minimum (verified)");
  }

  @Test
  void firstFindingShouldBeToldWhenTheMailMayGo() {
    TlsRequirement both = of(published(StsMode.TESTING, MX), said(StsMode.TESTING, MX2));

    assertThat(both.judge(MX, SELF_SIGNED, NOW).finding())
        .map(finding -> finding.why().evidence())
        .hasValueSatisfying(words -> assertThat(words).startsWith("MTA-STS (testing)"));
    assertThat(both.admit(MX).finding())
        .map(finding -> finding.why().evidence())
        .hasValueSatisfying(words -> assertThat(words).startsWith("operator's policy (testing)"));
    assertThat(both.enforced()).isFalse();
  }

  @Test
  void candidateShouldBeProvenOnlyWhereTheMailMayGo() {
    TlsRequirement both = of(draft(), minimum(Minimum.VERIFIED));

    assertThat(both.judge(MX, GOOD, NOW))
        .isEqualTo(new Verdict.Proceed(Optional.empty(), Optional.of(candidate())));
    // The draft takes a common name, the minimum does not.
    assertStops(
        both.judge(MX, Channels.commonName(VALID, "mx1.example.com"), NOW),
        FailureKind.CERTIFICATE_HOST_MISMATCH,
        "operator's minimum (verified)");
    assertThat(both.describe())
        .isEqualTo(
            "SMTP STS draft (to=true, candidate) example.com"
                + " and operator's minimum (verified) example.com");
  }

  @Test
  void minimumOfTlsBesideAReportedPolicyShouldNotMakeItVerified() {
    PolicyLookup bare =
        new PolicyLookup.Draft(
            new KnownDraftPolicy(
                DOMAIN,
                ((SmtpStsRecordParse.Parsed) SmtpStsRecord.parse("v=STS1; to=false")).record(),
                KnownDraftPolicy.Standing.UNAUTHENTICATED,
                NOW,
                NOW),
            Optional.empty(),
            false,
            Optional.empty());

    TlsRequirement both = of(bare, minimum(Minimum.REQUIRE_TLS));

    assertThat(both.verifies()).isFalse();
    assertThat(both.enforced()).isTrue();
  }

  @Test
  void exemptionShouldReachEveryRequirementOfTheDomain() {
    DomainOverride lenient =
        override(
            Optional.of(Minimum.VERIFIED),
            Optional.of(policy(StsMode.ENFORCE, MX)),
            FailureKind.CERTIFICATE_NOT_TRUSTED);

    Verdict verdict = of(published(StsMode.ENFORCE, MX), lenient).judge(MX, SELF_SIGNED, NOW);

    assertThat(verdict).isInstanceOf(Verdict.Proceed.class);
    assertThat(verdict.finding()).map(Finding::kind).contains(FailureKind.CERTIFICATE_NOT_TRUSTED);
    assertStops(
        of(published(StsMode.ENFORCE, MX), lenient).judge(MX, CLEAR, NOW),
        FailureKind.STARTTLS_NOT_SUPPORTED,
        "MTA-STS (enforce)");
  }
}
