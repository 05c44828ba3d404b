package org.jamessts.bench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jamessts.bench.Figure.Unit;
import org.jamessts.testing.DnsFault;
import org.jamessts.testing.MailLookup;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.SignedDomains;

/** How often a name server is asked when many want to know the same at the same time. */
final class EqualLookups {

  private static final int LOOKUPS = 200;
  private static final Duration ROUND_TRIP = Duration.ofMillis(20);

  private EqualLookups() {}

  /** Measures it so many times, each time with lookups that know nothing yet. */
  static void measure(int rounds, Report report) {
    try (PrivateDns dns = PrivateDns.start()) {
      SignedDomains.OWN_HOST.publish(dns, 0);
      dns.faultEverywhere(DnsFault.delay(ROUND_TRIP));
      Figure one = questions(dns, 1, rounds);
      Figure all = questions(dns, LOOKUPS, rounds);
      report.add("questions of one lookup that knows nothing", one);
      report.add("questions of %d equal ones at once".formatted(LOOKUPS), all, one.median());
    }
  }

  private static Figure questions(PrivateDns dns, int lookups, int rounds) {
    return new Figure(
        Unit.COUNT, Stream.generate(() -> questions(dns, lookups)).limit(rounds).toList());
  }

  private static double questions(PrivateDns dns, int lookups) {
    MailLookup lookup = MailLookup.validating(dns.address(), dns.trustAnchor(), MailLookup.TIMEOUT);
    int before = dns.queries().size();
    ExecutorService threads = Executors.newFixedThreadPool(lookups);
    try {
      List<CompletableFuture<Optional<String>>> all =
          Stream.generate(
                  () ->
                      CompletableFuture.supplyAsync(
                          () -> lookup.unproven(SignedDomains.OWN_HOST.domain(0)), threads))
              .limit(lookups)
              .toList();
      if (all.stream().anyMatch(answer -> answer.join().isPresent())) {
        throw new IllegalStateException("not all answers are proven");
      }
    } finally {
      threads.shutdownNow();
    }
    return dns.queries().size() - before;
  }
}
