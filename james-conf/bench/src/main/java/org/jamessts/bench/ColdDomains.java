package org.jamessts.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jamessts.bench.Figure.Unit;
import org.jamessts.testing.MailLookup;
import org.jamessts.testing.PrivateDns;
import org.jamessts.testing.SignedDomains;

/**
 * What the first lookup of a domain costs while the keys of the root and of the top-level domain
 * are known, as the name server sees it.
 */
final class ColdDomains {

  private static final Duration ROUND_TRIP = Duration.ofMillis(50);
  private static final int WARM_UP = 20;

  private final PrivateDns dns;
  private final RoundTrips roundTrips = new RoundTrips(ROUND_TRIP);
  private final SignedDomains kind;
  private final List<Double> plainTrips = new ArrayList<>();
  private final List<Double> trips = new ArrayList<>();
  private final List<Double> extraTrips = new ArrayList<>();
  private final List<Double> plainQuestions = new ArrayList<>();
  private final List<Double> questions = new ArrayList<>();

  /** One lookup as the name server sees it. */
  private record Cost(int trips, int questions) {}

  private ColdDomains(PrivateDns dns, SignedDomains kind) {
    this.dns = dns;
    this.kind = kind;
  }

  /** Measures so many domains of each kind. */
  static void measure(int domains, Report report) {
    for (SignedDomains kind : SignedDomains.values()) {
      try (PrivateDns dns = PrivateDns.start()) {
        new ColdDomains(dns, kind).run(domains, report);
      }
    }
  }

  private void run(int domains, Report report) {
    for (int number = 0; number < WARM_UP + domains; number++) {
      kind.publish(dns, number);
    }
    MailLookup plain = MailLookup.plain(dns.address(), kind.isSigned());
    MailLookup validating =
        MailLookup.validating(dns.address(), dns.trustAnchor(), MailLookup.TIMEOUT);
    for (int number = 0; number < WARM_UP; number++) {
      lookUp(plain, number);
      lookUp(validating, number);
    }
    dns.faultEverywhere(roundTrips);
    for (int number = WARM_UP; number < WARM_UP + domains; number++) {
      add(lookUp(plain, number), lookUp(validating, number));
    }
    tell(report);
  }

  private Cost lookUp(MailLookup lookup, int number) {
    int before = dns.queries().size();
    Optional<String> unproven = lookup.unproven(kind.domain(number));
    if (unproven.isEmpty() != (lookup.resolver().validates() && kind.isSigned())) {
      throw new IllegalStateException("not as it should be: " + unproven);
    }
    return new Cost(roundTrips.take(), dns.queries().size() - before);
  }

  private void add(Cost plain, Cost validated) {
    plainTrips.add((double) plain.trips());
    trips.add((double) validated.trips());
    extraTrips.add((double) (validated.trips() - plain.trips()) / kind.zones());
    plainQuestions.add((double) plain.questions());
    questions.add((double) validated.questions());
  }

  private void tell(Report report) {
    String what = "cold lookup, " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": ";
    report.add(what + "questions with dnssec=off", count(plainQuestions));
    report.add(what + "questions", count(questions));
    report.add(what + "round trips with dnssec=off", count(plainTrips));
    report.add(what + "round trips", count(trips));
    report.add(what + "more round trips for each zone", count(extraTrips), 2);
  }

  private static Figure count(List<Double> values) {
    return new Figure(Unit.COUNT, values);
  }
}
