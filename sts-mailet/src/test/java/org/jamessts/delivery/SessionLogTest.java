package org.jamessts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.testing.Rule;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.collect.RecordedSessions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a domain is told about the fetching of its policy (RFC 8460 §4.3). */
class SessionLogTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final DomainName DOMAIN = new DomainName("example.test");

  private final RecordedSessions sessions = new RecordedSessions();
  private final SessionLog log =
      new SessionLog(
          sessions, TestEngine.unread(), Clock.fixed(NOW, ZoneOffset.UTC), false, address -> false);

  private static KnownMtaStsPolicy known(String mode) {
    String text = "version: STSv1\nmode: " + mode + "\nmx: mx.example.test\nmax_age: 3600\n";
    StsPolicyParse parse = StsPolicy.parse(text.getBytes(StandardCharsets.US_ASCII));
    return new KnownMtaStsPolicy(DOMAIN, "1", ((StsPolicyParse.Parsed) parse).policy(), NOW);
  }

  private static Optional<PolicyFailure> failure(Kind kind) {
    return Optional.of(new PolicyFailure(kind, "the words"));
  }

  private List<PolicySummary> recorded() {
    return sessions.of(LocalDate.of(2026, 3, 1), DOMAIN);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "FETCH, sts-policy-fetch-error",
    "INVALID, sts-policy-invalid",
    "WEBPKI, sts-webpki-invalid",
  })
  @Rule(value = "RFC 8461 S29", in = SessionLog.class)
  void failureShouldBeRecordedByItsType(Kind kind, String type) {
    log.lookupFailed(DOMAIN, new PolicyLookup.None("the words", failure(kind)));
    log.lookupFailed(DOMAIN, new PolicyLookup.Known(known("enforce"), failure(kind)));

    assertThat(recorded())
        .extracting(PolicySummary::policy)
        .containsExactly(AppliedPolicy.unavailableSts(DOMAIN), AppliedPolicy.of(known("enforce")));
    assertThat(recorded())
        .allSatisfy(
            summary -> {
              assertThat(summary.failedSessions()).isEqualTo(1);
              assertThat(summary.failures().get(0).failure().type().keyword()).isEqualTo(type);
              assertThat(summary.failures().get(0).failure().reason()).isEqualTo("the words");
            });
  }

  @Test
  void nothingShouldBeRecordedWhenTheDnsIsSilentAndNoPolicyIsKept() {
    // The domain cannot be told apart from one without a policy.
    log.lookupFailed(DOMAIN, new PolicyLookup.None("no record", failure(Kind.DNS)));
    log.lookupFailed(DOMAIN, new PolicyLookup.None("no record", Optional.empty()));

    assertThat(recorded()).isEmpty();
  }

  // RFC 8461 §6: a fetch failure of any kind, while a policy is kept.
  @ParameterizedTest
  @EnumSource(names = {"DNS", "VANISHED"})
  void failureOfTheRecordShouldBeRecordedWhenAPolicyIsKept(Kind kind) {
    log.lookupFailed(DOMAIN, new PolicyLookup.Known(known("enforce"), failure(kind)));

    assertThat(recorded())
        .singleElement()
        .satisfies(
            summary ->
                assertThat(summary.failures().get(0).failure().type().keyword())
                    .isEqualTo("sts-policy-fetch-error"));
  }

  @Test
  void slownessShouldNotBeRecorded() {
    log.lookupFailed(DOMAIN, new PolicyLookup.Known(known("enforce"), failure(Kind.SLOW)));

    assertThat(recorded()).isEmpty();
  }

  @Test
  @Rule(value = "RFC 8461 S29", in = SessionLog.class)
  void modeNoneShouldCountAsNoPolicy() {
    PolicyLookup none = new PolicyLookup.Known(known("none"), failure(Kind.FETCH));

    log.lookupFailed(DOMAIN, none);

    assertThat(recorded()).isEmpty();
    assertThat(log.appliedTo(DOMAIN, none)).isEqualTo(AppliedPolicy.none(DOMAIN));
    assertThat(log.appliedTo(DOMAIN, new PolicyLookup.Known(known("testing"), Optional.empty())))
        .isEqualTo(AppliedPolicy.of(known("testing")));
  }
}
