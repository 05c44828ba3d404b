package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.Latest.latest;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jamessts.dns.DomainName;
import org.jamessts.received.KeptReport;
import org.jamessts.received.ReceivedPage;
import org.jamessts.received.ReceivedReports;
import org.jamessts.received.ReceivedReports.Outcome;
import org.junit.jupiter.api.Test;

/** Reports of others, each once. */
interface ReceivedReportsContract extends StoreContract {

  Instant BEGIN = Instant.parse("2026-11-26T00:00:00Z");
  Instant END = Instant.parse("2026-11-26T23:59:59Z");

  private static byte[] document() {
    return new byte[] {1, 2, 3};
  }

  private KeptReport report(String submitter, String id, String... domains) {
    return new KeptReport(
        submitter, id, BEGIN, END, List.of(domains), 5326, 303, clock().instant());
  }

  @Test
  default void reportShouldComeBackAsItWasOnEveryServer() {
    KeptReport report = report("reporter.example", "naïve ☃ id", "b.example", "a.example");
    byte[] document = new byte[700_000];
    new Random(1).nextBytes(document);

    assertThat(server().received.add(report, document)).isEqualTo(Outcome.ADDED);

    ReceivedReports other = server().received;
    assertThat(latest(other, 10)).containsExactly(report);
    assertThat(report.policyDomains()).containsExactly("a.example", "b.example");
    assertThat(other.document(report.key()))
        .hasValueSatisfying(d -> assertThat(d).isEqualTo(document));
  }

  @Test
  default void sameReportShouldBeKnownWhoeverBringsItAndInWhateverOrder() {
    Server server = server();
    server.received.add(report("reporter.example", "1", "a.example", "b.example"), document());
    clock().advance(Duration.ofDays(1));

    assertThat(
            server()
                .received
                .add(report("reporter.example", "1", "b.example", "a.example"), new byte[] {9}))
        .isEqualTo(Outcome.KNOWN);

    assertThat(latest(server.received, 10)).hasSize(1);
    assertThat(
            server.received.document(
                report("reporter.example", "1", "a.example", "b.example").key()))
        .hasValueSatisfying(document -> assertThat(document).isEqualTo(document()));
  }

  @Test
  default void reportsThatDifferInWhatTellsThemApartShouldEachBeKept() {
    Server server = server();
    KeptReport report = report("reporter.example", "1", "a.example");
    assertThat(
            List.of(
                report,
                report("other.example", "1", "a.example"),
                report("reporter.example", "2", "a.example"),
                report("reporter.example", "1", "b.example"),
                report("reporter.example", "1", "a.example", "b.example"),
                report("reporter.example1", "", "a.example"),
                new KeptReport(
                    report.submitter(),
                    report.reportId(),
                    BEGIN,
                    END.plusSeconds(1),
                    report.policyDomains(),
                    1,
                    0,
                    clock().instant())))
        .allSatisfy(
            one -> assertThat(server.received.add(one, document())).isEqualTo(Outcome.ADDED));
  }

  @Test
  default void latestShouldBeTheNewestFirstAndNoMoreThanAskedFor() {
    Server server = server();
    for (String id : List.of("m", "a", "z")) {
      server.received.add(report("reporter.example", id, "a.example"), document());
      clock().advance(Duration.ofSeconds(1));
    }

    assertThat(latest(server.received, 2))
        .extracting(KeptReport::reportId)
        .containsExactly("z", "a");
  }

  @Test
  default void oldReportsShouldGoWithTheirDocuments() {
    Server server = server();
    KeptReport old = report("reporter.example", "1", "a.example");
    server.received.add(old, document());
    clock().advance(ReceivedReports.KEPT);
    server.received.prune();
    assertThat(latest(server.received, 10)).as("to the day").hasSize(1);
    clock().advance(Duration.ofSeconds(1));
    KeptReport young = report("reporter.example", "2", "a.example");
    server.received.add(young, document());

    server.received.prune();

    assertThat(latest(server.received, 10)).containsExactly(young);
    assertThat(server.received.document(old.key()))
        .hasValueSatisfying(d -> assertThat(d).isEmpty());
  }

  @Test
  default void noMoreShouldBeTakenOnceItIsFullUntilSomeAreOld() {
    Server server = server();
    byte[] large = new byte[(int) Server.RECEIVED_OCTETS];
    server.received.add(report("reporter.example", "1", "a.example"), large);
    server.received.prune();
    assertThat(server.received.add(report("reporter.example", "2", "a.example"), document()))
        .as("exactly as much as may be")
        .isEqualTo(Outcome.ADDED);

    server.received.prune();

    assertThat(server.received.add(report("reporter.example", "3", "a.example"), document()))
        .isEqualTo(Outcome.FULL);
    clock().advance(ReceivedReports.KEPT.plusSeconds(1));
    server.received.prune();
    assertThat(server.received.add(report("reporter.example", "3", "a.example"), document()))
        .isEqualTo(Outcome.ADDED);
  }

  @Test
  default void storeWithoutDatabaseShouldSaySo() {
    Server server = serverWithoutDatabase();
    KeptReport report = report("reporter.example", "1", "a.example");

    assertThat(server.received.add(report, document())).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(server.received.latest(Optional.empty(), Optional.empty(), 0, 10)).isEmpty();
    assertThat(server.received.document(report.key())).isEmpty();
    server.received.prune();
  }

  private KeptReport reportOf(LocalDate day, String domain) {
    Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    clock().advance(Duration.ofSeconds(1));
    return new KeptReport(
        "reporter.example",
        day + domain,
        begin,
        begin.plus(Duration.ofDays(1)).minusSeconds(1),
        List.of(domain, "each.example"),
        1,
        0,
        clock().instant());
  }

  @Test
  default void reportsShouldComeInPagesOfADomainAndADay() {
    Server server = server();
    LocalDate first = LocalDate.of(2026, 11, 24);
    for (int i = 0; i < 3; i++) {
      server.received.add(reportOf(first.plusDays(i), "A.example"), document());
      server.received.add(reportOf(first.plusDays(i), "b.example"), document());
    }
    Optional<DomainName> ofA = Optional.of(new DomainName("a.example"));

    ReceivedPage page = server.received.latest(ofA, Optional.empty(), 0, 2).orElseThrow();
    ReceivedPage rest =
        server.received.latest(ofA, Optional.empty(), page.next().orElseThrow(), 2).orElseThrow();

    assertThat(page.reports())
        .extracting(KeptReport::reportId)
        .containsExactly("2026-11-26A.example", "2026-11-25A.example");
    assertThat(rest.reports())
        .extracting(KeptReport::reportId)
        .containsExactly("2026-11-24A.example");
    assertThat(rest.next()).isEmpty();
    assertThat(
            server
                .received
                .latest(Optional.empty(), Optional.of(first.plusDays(1)), 0, 10)
                .orElseThrow()
                .reports())
        .extracting(KeptReport::reportId)
        .containsExactly("2026-11-25b.example", "2026-11-25A.example");
    assertThat(server.received.latest(ofA, Optional.of(first.plusDays(3)), 0, 10).orElseThrow())
        .isEqualTo(new ReceivedPage(List.of(), Optional.empty()));
    assertThat(server.received.latest(Optional.empty(), Optional.empty(), 0, 5).orElseThrow())
        .extracting(ReceivedPage::next)
        .isEqualTo(Optional.of(5));
  }
}
