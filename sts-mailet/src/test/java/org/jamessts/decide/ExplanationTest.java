package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule, evidence, freshness and remedy of what is found. */
class ExplanationTest {

  private static final DomainName DOMAIN = new DomainName("example.com");
  private static final DomainName MX = new DomainName("mx.example.com");
  private static final Instant FETCHED = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-03-09T00:00:00Z");

  private static StsPolicy policy() {
    return new StsPolicy(
        StsMode.ENFORCE,
        List.of(new MxPattern(MxPattern.Kind.HOST, new DomainName("other.example.com"))),
        Duration.ofDays(7),
        "");
  }

  private static StsRequirement published() {
    return new StsRequirement(new KnownMtaStsPolicy(DOMAIN, "1", policy(), FETCHED), Set.of());
  }

  private static Explanation why(Verdict verdict) {
    return verdict.finding().orElseThrow().why();
  }

  @Test
  void allFourPartsShouldStandInOneLine() {
    assertThat(why(published().admit(MX)).text())
        .isEqualTo(
            "MTA-STS (enforce) example.com: mx.example.com is not among the policy's mx patterns"
                + " [other.example.com] [rule: RFC 8461 section 4.1; basis: policy fetched at"
                + " 2026-03-01T12:00:00Z, holds until 2026-03-08T12:00:00Z; remedy: the domain"
                + " names this host in its policy, or another in its MX records, or the operator of"
                + " this server exempts mx-mismatch]");
  }

  @Test
  void preloadedPolicyShouldBeAsOldAsItsList() {
    KnownMtaStsPolicy listed = KnownMtaStsPolicy.preloaded(DOMAIN, policy(), FETCHED);

    assertThat(why(new StsRequirement(listed, Set.of()).admit(MX)).freshness().text())
        .isEqualTo("preload list made at 2026-03-01T12:00:00Z, holds until 2026-03-08T12:00:00Z");
  }

  @Test
  void operatorsPolicyShouldHoldAsLongAsHeSays() {
    KnownMtaStsPolicy said = KnownMtaStsPolicy.ofOperator(DOMAIN, policy());
    Explanation ending = why(new StsRequirement(said, Optional.of(UNTIL), Set.of()).admit(MX));
    Explanation endless = why(new StsRequirement(said, Set.of()).admit(MX));

    assertThat(ending.freshness().text())
        .isEqualTo("set by the operator, holds until 2026-03-09T00:00:00Z");
    assertThat(endless.freshness().text()).isEqualTo("set by the operator");
    assertThat(ending.rule())
        .isEqualTo("operator's policy (enforce) example.com, RFC 8461 section 4.1");
    assertThat(ending.remedy()).endsWith("or the operator of this server changes what he demands");
  }

  @ParameterizedTest
  @CsvSource({
    "MX_MISMATCH, RFC 8461 section 4.1",
    "STARTTLS_NOT_SUPPORTED, RFC 8461 section 4",
    "TLS_HANDSHAKE_FAILED, RFC 8461 section 4",
    "CERTIFICATE_NOT_TRUSTED, RFC 8461 section 4.2",
    "CERTIFICATE_EXPIRED, RFC 8461 section 4.2",
    "CERTIFICATE_HOST_MISMATCH, RFC 8461 section 4.2"
  })
  void ruleOfMtaStsShouldBeNamed(FailureKind kind, String rule) {
    assertThat(published().rule(kind)).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "STARTTLS_NOT_SUPPORTED, RFC 7672 section 2.2",
    "TLSA_INVALID, RFC 7672 section 2.2",
    "DNSSEC_INVALID, RFC 7672 section 2.1.2",
    "CERTIFICATE_HOST_MISMATCH, RFC 7672 section 3.2.2",
    "DANE_REQUIRED, 'the operator''s minimum (dane), RFC 7672 section 6'"
  })
  void ruleOfDaneShouldBeNamed(FailureKind kind, String rule) {
    DaneRequirement requirement =
        new DaneRequirement(
            Promises.check(Promises.host(new DaneLookup.None("none"))), true, Set.of());

    assertThat(requirement.rule(kind)).isEqualTo(rule);
    assertThat(requirement.freshness()).isEqualTo(Freshness.OF_THE_DNS);
  }

  @Test
  void operatorsMinimumShouldBeItsOwnRule() {
    MinimumRequirement minimum =
        new MinimumRequirement(DOMAIN, Minimum.REQUIRE_TLS, Optional.of(UNTIL), Set.of());

    Explanation why = why(minimum.judge(MX, new Channel.NotOffered(), FETCHED));

    assertThat(why.rule()).isEqualTo("operator's minimum (require-tls) example.com");
    assertThat(why.freshness().until()).contains(UNTIL);
    assertThat(why.remedy())
        .isEqualTo(
            "the host offers STARTTLS and agrees to it, or the operator of this server changes what"
                + " he demands");
  }

  @ParameterizedTest
  @EnumSource(FailureKind.class)
  void everyFailureShouldHaveARemedyOfItsOwn(FailureKind kind) {
    assertThat(Remedies.of(kind, false))
        .endsWith(", or the operator of this server exempts " + kind.keyword());
    assertThat(Arrays.stream(FailureKind.values()).map(other -> Remedies.of(other, true)))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(FailureCode.class)
  void everyRefusalOfOursShouldHaveRuleAndRemedy(FailureCode code) {
    assertThat(code.rule()).isNotEmpty();
    assertThat(Arrays.stream(FailureCode.values()).map(FailureCode::remedy))
        .allMatch(remedy -> !remedy.isEmpty())
        .doesNotHaveDuplicates();
  }

  @Test
  void longWordsOfStrangersShouldLeaveRoomForOurs() {
    Explanation why =
        new Explanation("x".repeat(5000), "a rule", Freshness.OF_THE_ATTEMPT, "a remedy");

    assertThat(why.text())
        .hasSizeLessThan(1_400)
        .endsWith("x... [rule: a rule; basis: seen in this attempt; remedy: a remedy]");
  }
}
