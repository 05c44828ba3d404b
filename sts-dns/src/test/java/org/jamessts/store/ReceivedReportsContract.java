package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jamessts.received.KeptReport;
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
    assertThat(other.latest(10)).contains(List.of(report));
    assertThat(report.policyDomains()).containsExactly("a.example", "b.example");
    assertThat(other.document(report)).hasValueSatisfying(d -> assertThat(d).isEqualTo(document));
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

    assertThat(server.received.latest(10).orElseThrow()).hasSize(1);
    assertThat(server.received.document(report("reporter.example", "1", "a.example", "b.example")))
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

    assertThat(server.received.latest(2).orElseThrow())
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
    assertThat(server.received.latest(10).orElseThrow()).as("to the day").hasSize(1);
    clock().advance(Duration.ofSeconds(1));
    KeptReport young = report("reporter.example", "2", "a.example");
    server.received.add(young, document());

    server.received.prune();

    assertThat(server.received.latest(10)).contains(List.of(young));
    assertThat(server.received.document(old)).isEmpty();
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
    assertThat(server.received.latest(10)).isEmpty();
    assertThat(server.received.document(report)).isEmpty();
    server.received.prune();
  }
}
