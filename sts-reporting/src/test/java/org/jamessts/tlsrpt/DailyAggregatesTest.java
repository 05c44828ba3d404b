package org.jamessts.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.MxPattern.Kind;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.junit.jupiter.api.Test;

class DailyAggregatesTest {

  private static final LocalDate DAY = LocalDate.parse("2026-05-01");
  private static final Instant LAST_SECOND = Instant.parse("2026-05-01T23:59:59.999Z");
  private static final Instant NEXT_DAY = Instant.parse("2026-05-02T00:00:00Z");
  private static final DomainName DOMAIN = new DomainName("example.com");
  private static final SessionFailure EXPIRED =
      new SessionFailure(
          ResultType.CERTIFICATE_EXPIRED,
          SessionPeers.host(new DomainName("mx.example.com")),
          "expired yesterday");

  private final DailyAggregates aggregates = new DailyAggregates(2);

  private void session(Instant at, DomainName domain, SessionFailure... failures) {
    aggregates.record(new SessionResult(at, AppliedPolicy.none(domain), List.of(failures)));
  }

  private List<PolicySummary> ofDomain() {
    return aggregates.of(DAY).getOrDefault(DOMAIN, List.of());
  }

  @Test
  void sessionsShouldBeCountedUnderTheirUtcDay() {
    session(LAST_SECOND, DOMAIN);
    session(NEXT_DAY, DOMAIN);
    session(NEXT_DAY, DOMAIN, EXPIRED);

    assertThat(ofDomain())
        .containsExactly(new PolicySummary(AppliedPolicy.none(DOMAIN), 1, 0, List.of()));
    assertThat(aggregates.of(DAY.plusDays(1)).getOrDefault(DOMAIN, List.of()))
        .containsExactly(
            new PolicySummary(
                AppliedPolicy.none(DOMAIN), 1, 1, List.of(new CountedFailure(EXPIRED, 1))));
  }

  @Test
  void sessionWithTwoFailuresShouldCountOnceInTheTotalAndOnceForEach() {
    SessionFailure mismatch =
        new SessionFailure(ResultType.CERTIFICATE_HOST_MISMATCH, SessionPeers.NONE, "other name");
    session(LAST_SECOND, DOMAIN, EXPIRED, mismatch);
    session(LAST_SECOND, DOMAIN, EXPIRED);

    PolicySummary summary = ofDomain().get(0);
    assertThat(summary.failedSessions()).isEqualTo(2);
    assertThat(summary.failures())
        .containsExactly(new CountedFailure(EXPIRED, 2), new CountedFailure(mismatch, 1));
  }

  @Test
  void policiesShouldBeCountedApartWhenTheyChangeWithinADay() {
    for (String id : List.of("enforce", "testing")) {
      StsPolicy policy =
          new StsPolicy(
              StsMode.TESTING,
              List.of(new MxPattern(Kind.ONE_LABEL, DOMAIN)),
              Duration.ofDays(1),
              "version: STSv1\r\nmode: " + id + "\nmx: *.example.com\n");
      aggregates.record(
          new SessionResult(
              LAST_SECOND,
              AppliedPolicy.of(new KnownMtaStsPolicy(DOMAIN, id, policy, LAST_SECOND)),
              List.of()));
    }

    assertThat(ofDomain())
        .extracting(summary -> summary.policy().policyString())
        .containsExactly(
            List.of("version: STSv1", "mode: enforce", "mx: *.example.com"),
            List.of("version: STSv1", "mode: testing", "mx: *.example.com"));
    assertThat(ofDomain().get(0).policy().mxHost()).containsExactly("*.example.com");
  }

  @Test
  void furtherDomainsShouldBeDroppedAndCountedWhenTheDayIsFull() {
    session(LAST_SECOND, DOMAIN);
    session(LAST_SECOND, new DomainName("two.example"));
    session(LAST_SECOND, new DomainName("three.example"));
    session(LAST_SECOND, DOMAIN);

    assertThat(aggregates.of(DAY)).containsOnlyKeys(DOMAIN, new DomainName("two.example"));
    assertThat(ofDomain().get(0).successfulSessions()).isEqualTo(2);
    assertThat(aggregates.dropped(DAY)).isEqualTo(1);
  }

  @Test
  void failureDetailsShouldBeMergedWhenStrangersMakeUpTooMany() {
    int sessions = DailyAggregates.FAILURES_PER_POLICY + 50;
    for (int i = 0; i < sessions; i++) {
      session(
          LAST_SECOND,
          DOMAIN,
          new SessionFailure(ResultType.VALIDATION_FAILURE, SessionPeers.NONE, "reason " + i));
    }

    PolicySummary summary = ofDomain().get(0);
    assertThat(summary.failures()).hasSize(DailyAggregates.FAILURES_PER_POLICY + 1);
    assertThat(summary.failures().get(DailyAggregates.FAILURES_PER_POLICY).sessions())
        .isEqualTo(50);
    assertThat(summary.failures().stream().mapToLong(CountedFailure::sessions).sum())
        .isEqualTo(sessions);
  }

  /** A thousand domains with a policy of 64 KiB each took a gigabyte. */
  @Test
  void policiesShouldBeDroppedAndCountedWhenStrangersMakeThemTooLong() {
    DailyAggregates roomy = new DailyAggregates(1000);
    List<String> lines = Collections.nCopies(9000, "mx: a.b");
    for (int i = 0; i < 100; i++) {
      DomainName domain = new DomainName("d" + i + ".example");
      roomy.record(
          new SessionResult(
              LAST_SECOND,
              new AppliedPolicy(AppliedPolicy.Type.STS, domain, lines, List.of(), Optional.empty()),
              List.of()));
    }

    assertThat(roomy.of(DAY)).hasSize(1);
    assertThat(roomy.dropped(DAY)).isEqualTo(99);
    roomy.record(new SessionResult(LAST_SECOND, AppliedPolicy.none(DOMAIN), List.of(EXPIRED)));
    assertThat(roomy.of(DAY)).containsKey(DOMAIN);
  }

  @Test
  void oldDaysShouldBeForgotten() {
    session(LAST_SECOND, DOMAIN);
    session(NEXT_DAY, DOMAIN);
    session(NEXT_DAY.plus(Duration.ofDays(1)), DOMAIN);

    assertThat(aggregates.days()).containsExactly(DAY.plusDays(1), DAY.plusDays(2));
    assertThat(aggregates.of(DAY)).isEmpty();
    assertThat(aggregates.dropped(DAY)).isZero();
  }

  @Test
  void resultTypesShouldBeSpelledAsInRfc8460AndTheDraft() {
    assertThat(ResultType.values())
        .extracting(ResultType::keyword)
        .containsExactly(
            "starttls-not-supported",
            "certificate-host-mismatch",
            "certificate-expired",
            "certificate-not-trusted",
            "validation-failure",
            "tlsa-invalid",
            "dnssec-invalid",
            "dane-required",
            "sts-policy-fetch-error",
            "sts-policy-invalid",
            "sts-webpki-invalid",
            // Of the draft of 2016.
            "sender-does-not-support-validation-method");
    assertThat(AppliedPolicy.Type.NO_POLICY_FOUND.keyword()).isEqualTo("no-policy-found");
  }
}
