package org.jamessts.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  private static final LocalDate DAY = LocalDate.parse("2026-05-01");
  private static final DomainName DOMAIN = new DomainName("example.com");
  private static final DomainName HOST = new DomainName("mx.example.net");

  @Test
  void reportIdsShouldBeUniqueAndFitIntoAFileName() {
    List<ReportId> ids = IntStream.range(0, 1_000).mapToObj(i -> ReportId.fresh()).toList();

    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).allSatisfy(id -> assertThat(id.toString()).matches("[0-9a-f]{32}"));
    assertThat(new ReportId(ids.get(0).value())).isEqualTo(ids.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0123456789abcdef0123456789abcdeF", "<a@b>"})
  void nothingElseShouldBeAReportId(String text) {
    assertThatThrownBy(() -> new ReportId(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reportShouldTellSomething() {
    List<PolicySummary> policies =
        new ArrayList<>(List.of(new PolicySummary(AppliedPolicy.none(DOMAIN), 1, 0, List.of())));
    DailyReport report = new DailyReport(ReportId.fresh(), DAY, DOMAIN, policies);
    policies.clear();

    assertThat(report.policies()).hasSize(1);
    assertThatThrownBy(() -> new DailyReport(ReportId.fresh(), DAY, DOMAIN, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("example.com");
  }

  @Test
  void policyShouldBeTheLinesAsPublished() {
    StsPolicy policy =
        new StsPolicy(
            StsMode.TESTING,
            List.of(new MxPattern(MxPattern.Kind.ONE_LABEL, DOMAIN)),
            Duration.ofDays(1),
            "version: STSv1\r\nmode: testing\nmx: *.example.com\n");

    AppliedPolicy applied =
        AppliedPolicy.of(new KnownMtaStsPolicy(DOMAIN, "1", policy, Instant.EPOCH));

    assertThat(applied.policyString())
        .containsExactly("version: STSv1", "mode: testing", "mx: *.example.com");
    assertThat(applied.mxHost()).containsExactly("*.example.com");
    assertThat(applied.tlsaBase()).isEmpty();
  }

  @Test
  void hostShouldBeToldUnderItsOwnName() {
    AppliedPolicy tlsa = AppliedPolicy.tlsa(DOMAIN, HOST, List.of());

    assertThat(tlsa.toldToHost())
        .contains(
            new AppliedPolicy(
                AppliedPolicy.Type.TLSA, HOST, List.of(), List.of(), Optional.of(HOST)));
    assertThat(AppliedPolicy.tlsa(HOST, HOST, List.of()).toldToHost()).isEmpty();
    assertThat(AppliedPolicy.none(DOMAIN).toldToHost()).isEmpty();
  }

  @Test
  void reportsShouldBeSpreadOverTheHoursAfterTheirDay() {
    ReportTimes times = new ReportTimes(Duration.ofMinutes(2), Duration.ofHours(4));
    Random random = new Random(1);
    List<Instant> first =
        IntStream.range(0, 1_000).mapToObj(i -> times.firstTry(DAY, random)).sorted().toList();

    assertThat(first.get(0))
        .isBetween(Instant.parse("2026-05-02T00:02:00Z"), Instant.parse("2026-05-02T00:05:00Z"));
    assertThat(first.get(500))
        .isBetween(Instant.parse("2026-05-02T01:50:00Z"), Instant.parse("2026-05-02T02:15:00Z"));
    assertThat(first.get(999))
        .isBetween(Instant.parse("2026-05-02T03:59:00Z"), Instant.parse("2026-05-02T04:02:00Z"));
    assertThat(new ReportTimes(Duration.ZERO, Duration.ZERO).firstTry(DAY, random))
        .isEqualTo(Instant.parse("2026-05-02T00:00:00Z"));
  }
}
