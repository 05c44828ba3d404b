package org.jamessts.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** What DNSSEC and DANE cost. */
final class DaneSuite {

  /** For a session and a mail, in nanoseconds. */
  private static final double JUDGEMENT = 5_000;

  private static final int DANE_TA = 2;
  private static final int DANE_EE = 3;

  private final Report report = new Report();
  private final int domains;
  private final int rounds;

  /**
   * A suite that has not run.
   *
   * @param quick with a tenth of the domains, in one round
   */
  DaneSuite(boolean quick) {
    this.domains = quick ? 1_000 : 10_000;
    this.rounds = quick ? 1 : 3;
  }

  Report run() throws RunnerException {
    report.add("judging a session by 3 1 1", judged(DANE_EE, false), JUDGEMENT);
    report.add("judging it by 2 1 1, path remembered", judged(DANE_TA, false), JUDGEMENT);
    report.add("the same for the first time, once for each session", judged(DANE_TA, true));
    tell("round trips of lookups");
    ColdDomains.measure(10 * rounds, report);
    tell("equal lookups");
    EqualLookups.measure(5 * rounds, report);
    tell(domains + " domains at once");
    ManyDomains.measure(domains, rounds, report);
    return report;
  }

  private Figure judged(int usage, boolean first) throws RunnerException {
    List<Double> nanos = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      tell("JudgeSession by usage " + usage + ", round " + (round + 1));
      nanos.addAll(Jmh.nanos(JudgeSession.class, Map.of("usage", usage, "first", first)));
    }
    return Jmh.time(nanos);
  }

  private static void tell(String what) {
    System.err.println("... " + what);
  }
}
