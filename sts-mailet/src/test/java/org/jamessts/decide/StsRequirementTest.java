package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.MxPattern.Kind;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.testing.PrivateCa;
import org.jamessts.testing.Rule;
import org.jamessts.tls.TlsFacts;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.x509.CertificateFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StsRequirementTest {

  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final DomainName DOMAIN = name("example.com");
  private static final DomainName MX = name("mx1.example.com");
  private static final DomainName STRANGER = name("mx.attacker.example");
  private static final PrivateCa CA = PrivateCa.create("decide");

  private static DomainName name(String text) {
    return new DomainName(text);
  }

  private static KnownMtaStsPolicy policy(StsMode mode, MxPattern... mx) {
    return new KnownMtaStsPolicy(
        DOMAIN, "1", new StsPolicy(mode, List.of(mx), Duration.ofDays(7), "text"), NOW);
  }

  private static TlsRequirement under(StsMode mode) {
    return requirement(
        new PolicyLookup.Known(
            policy(
                mode,
                new MxPattern(Kind.HOST, MX),
                new MxPattern(Kind.ONE_LABEL, name("pool.example.com"))),
            Optional.empty()));
  }

  private static TlsRequirement requirement(PolicyLookup lookup) {
    return Promises.nothing(DomainPolicy.of(DOMAIN, lookup));
  }

  private static Channel encrypted(CertificateFacts.Path path, String... names) {
    CertificateFacts facts =
        new CertificateFacts(List.of(CA.root()), path, List.of(names), Optional.empty());
    return new Channel.Encrypted(new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", MX, facts));
  }

  private static CertificateFacts.Path valid() {
    return new CertificateFacts.Trusted(NOW.minus(DAY), NOW.plus(DAY));
  }

  /** Each failure that RFC 8461 §4 knows, what a report calls it, and its code. */
  static List<Arguments> failures() {
    CertificateFacts.Path expired =
        new CertificateFacts.Trusted(NOW.minus(DAY.multipliedBy(9)), NOW.minus(DAY));
    CertificateFacts.Path future =
        new CertificateFacts.Trusted(NOW.plus(DAY), NOW.plus(DAY.multipliedBy(9)));
    CertificateFacts.Path untrusted = new CertificateFacts.Untrusted("unknown root");
    return List.of(
        row(
            "RFC 8461 §4.2: expired",
            encrypted(expired, "mx1.example.com"),
            ResultType.CERTIFICATE_EXPIRED,
            FailureCode.TLS_FAILED,
            "expired on"),
        row(
            "RFC 8461 §4.2: not yet valid",
            encrypted(future, "mx1.example.com"),
            ResultType.CERTIFICATE_NOT_TRUSTED,
            FailureCode.TLS_FAILED,
            "not valid before"),
        row(
            "RFC 8461 §4.2: untrusted",
            encrypted(untrusted, "mx1.example.com"),
            ResultType.CERTIFICATE_NOT_TRUSTED,
            FailureCode.TLS_FAILED,
            "unknown root"),
        row(
            "RFC 8461 §4.2: another host's name",
            encrypted(valid(), "mx2.example.com"),
            ResultType.CERTIFICATE_HOST_MISMATCH,
            FailureCode.TLS_FAILED,
            "mx2.example.com"),
        row(
            "RFC 8461 §4.2: the recipient domain's name",
            encrypted(valid(), "example.com"),
            ResultType.CERTIFICATE_HOST_MISMATCH,
            FailureCode.TLS_FAILED,
            "example.com"),
        row(
            "RFC 8461 §4.2: no name",
            encrypted(valid()),
            ResultType.CERTIFICATE_HOST_MISMATCH,
            FailureCode.TLS_FAILED,
            "no DNS name"),
        row(
            "RFC 8461 §4: STARTTLS not offered",
            new Channel.NotOffered(),
            ResultType.STARTTLS_NOT_SUPPORTED,
            FailureCode.STARTTLS_MISSING,
            "does not offer"),
        row(
            "RFC 3207 §4: STARTTLS refused",
            new Channel.Refused("454 not now"),
            ResultType.STARTTLS_NOT_SUPPORTED,
            FailureCode.STARTTLS_MISSING,
            "454 not now"),
        row(
            "RFC 8460 §4.3: handshake failed",
            new Channel.HandshakeFailed("alert 40"),
            ResultType.VALIDATION_FAILURE,
            FailureCode.TLS_FAILED,
            "alert 40"));
  }

  private static Arguments row(
      String rule, Channel channel, ResultType type, FailureCode code, String words) {
    return Arguments.of(rule, channel, type, code, words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  @Rule(value = "RFC 8461 S19", in = StsRequirement.class)
  @Rule(value = "RFC 8461 S21", in = StsRequirement.class)
  @Rule(value = "RFC 8461 S23", in = StsRequirement.class)
  void enforceShouldPassOverHostWhen(
      String rule, Channel channel, ResultType type, FailureCode code, String words) {
    Verdict verdict = under(StsMode.ENFORCE).judge(MX, channel, NOW);

    assertThat(verdict).as(rule).isInstanceOf(Verdict.NextHost.class);
    assertFinding(verdict, type, code, words, "MTA-STS (enforce) example.com: ");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  @Rule(value = "RFC 8461 S24", in = StsRequirement.class)
  void testingShouldGoOnAndTellWhen(
      String rule, Channel channel, ResultType type, FailureCode code, String words) {
    Verdict verdict = under(StsMode.TESTING).judge(MX, channel, NOW);

    assertThat(verdict).as(rule).isInstanceOf(Verdict.Proceed.class);
    assertFinding(verdict, type, code, words, "MTA-STS (testing) example.com: ");
  }

  private static void assertFinding(
      Verdict verdict, ResultType type, FailureCode code, String words, String start) {
    assertThat(verdict.finding())
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.type()).isEqualTo(type);
              assertThat(finding.code()).isEqualTo(code);
              assertThat(finding.why().evidence()).startsWith(start).contains(words);
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"ENFORCE", "TESTING"})
  @Rule(value = "RFC 8461 S21", in = StsRequirement.class)
  void validCertificateForTheMxNameShouldProceedWithoutFinding(StsMode mode) {
    for (Channel channel :
        List.of(
            encrypted(valid(), "mx1.example.com"),
            encrypted(valid(), "other.example", "*.example.com"))) {
      assertThat(under(mode).judge(MX, channel, NOW))
          .isEqualTo(new Verdict.Proceed(Optional.empty()));
    }
  }

  @Test
  void datesShouldBeJudgedAtTheGivenMomentWhenConnectionIsUsedAgain() {
    Channel channel = encrypted(valid(), "mx1.example.com");
    TlsRequirement enforce = under(StsMode.ENFORCE);

    assertThat(enforce.judge(MX, channel, NOW.plus(DAY)).finding()).isEmpty();
    assertThat(enforce.judge(MX, channel, NOW.plus(DAY).plusSeconds(1)))
        .isInstanceOf(Verdict.NextHost.class);
    assertThat(enforce.judge(MX, channel, NOW.minus(DAY)).finding()).isEmpty();
    assertThat(enforce.judge(MX, channel, NOW.minus(DAY).minusSeconds(1)))
        .isInstanceOf(Verdict.NextHost.class);
  }

  @Test
  @Rule(value = "RFC 8461 S19", in = StsRequirement.class)
  @Rule(value = "RFC 8461 S23", in = StsRequirement.class)
  void hostThatThePolicyDoesNotNameShouldNotBeContactedUnderEnforce() {
    Verdict verdict = under(StsMode.ENFORCE).admit(STRANGER);

    assertThat(verdict).isInstanceOf(Verdict.NextHost.class);
    assertFinding(
        verdict,
        ResultType.VALIDATION_FAILURE,
        FailureCode.STS_MX_MISMATCH,
        "mx.attacker.example is not among the policy's mx patterns",
        "MTA-STS (enforce) example.com: ");
  }

  @Test
  void hostThatThePolicyDoesNotNameShouldBeJudgedAgainOnItsChannel() {
    // A connection opened for another domain must not slip past the name.
    Channel channel = encrypted(valid(), STRANGER.value());

    assertThat(under(StsMode.ENFORCE).judge(STRANGER, channel, NOW))
        .isInstanceOf(Verdict.NextHost.class);
  }

  @Test
  @Rule(value = "RFC 8461 S24", in = StsRequirement.class)
  void hostThatThePolicyDoesNotNameShouldBeToldUnderTesting() {
    Verdict verdict = under(StsMode.TESTING).admit(STRANGER);

    assertThat(verdict).isInstanceOf(Verdict.Proceed.class);
    assertThat(verdict.finding()).map(Finding::code).contains(FailureCode.STS_MX_MISMATCH);
  }

  @Test
  @Rule(value = "RFC 8461 S20", in = StsRequirement.class)
  void hostsThatThePolicyNamesShouldBeAdmitted() {
    TlsRequirement enforce = under(StsMode.ENFORCE);

    assertThat(enforce.admit(MX).finding()).isEmpty();
    assertThat(enforce.admit(name("a.pool.example.com")).finding()).isEmpty();
    assertThat(enforce.admit(name("pool.example.com"))).isInstanceOf(Verdict.NextHost.class);
    assertThat(enforce.admit(name("a.b.pool.example.com"))).isInstanceOf(Verdict.NextHost.class);
  }

  @Test
  void onlyEnforceShouldHoldMailBack() {
    assertThat(under(StsMode.ENFORCE).enforced()).isTrue();
    assertThat(under(StsMode.TESTING).enforced()).isFalse();
    assertThat(under(StsMode.NONE).enforced()).isFalse();
  }

  @Test
  @Rule(value = "RFC 8461 S25", in = TlsRequirement.class)
  void policyInModeNoneShouldBeAsGoodAsNone() {
    assertThat(under(StsMode.NONE)).isEqualTo(new Opportunistic());
    assertThat(
            requirement(
                new PolicyLookup.None(
                    "fetch failed",
                    Optional.of(new PolicyFailure(PolicyFailure.Kind.FETCH, "down")))))
        .isEqualTo(new Opportunistic());
    assertThatThrownBy(() -> new StsRequirement(policy(StsMode.NONE), Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Rule(value = "RFC 8461 S13", in = TlsRequirement.class)
  void keptPolicyShouldHoldWhenRefreshFails() {
    KnownMtaStsPolicy kept = policy(StsMode.ENFORCE, new MxPattern(Kind.HOST, MX));

    assertThat(
            requirement(
                new PolicyLookup.Known(
                    kept, Optional.of(new PolicyFailure(PolicyFailure.Kind.WEBPKI, "forged")))))
        .isEqualTo(new StsRequirement(kept, Set.of()));
  }

  @Test
  void admitShouldKeepTheExplanationShortWhateverThePolicyHolds() {
    MxPattern[] patterns =
        IntStream.range(0, 9000)
            .mapToObj(i -> new MxPattern(Kind.HOST, name("mx" + i + ".example.com")))
            .toArray(MxPattern[]::new);
    StsRequirement requirement = new StsRequirement(policy(StsMode.ENFORCE, patterns), Set.of());

    assertThat(requirement.admit(STRANGER).finding())
        .hasValueSatisfying(
            finding ->
                assertThat(finding.why().evidence())
                    .contains("mx0.example.com", "mx9.example.com] and 8990 more")
                    .hasSizeLessThan(500));
  }
}
