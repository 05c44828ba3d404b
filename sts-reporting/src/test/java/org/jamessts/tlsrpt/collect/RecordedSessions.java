package org.jamessts.tlsrpt.collect;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionRecorder;
import org.jamessts.tlsrpt.SessionResult;

/** Sessions as they were recorded, for tests of who records them. */
public final class RecordedSessions implements SessionRecorder {

  private final List<SessionResult> results = new ArrayList<>();

  @Override
  public synchronized void record(SessionResult result) {
    results.add(result);
  }

  /** What happened with a domain on a UTC day; policies and failures in the order first seen. */
  public synchronized List<PolicySummary> of(LocalDate day, DomainName domain) {
    Map<AppliedPolicy, List<SessionResult>> byPolicy = new LinkedHashMap<>();
    for (SessionResult result : results) {
      if (result.policy().policyDomain().equals(domain)
          && LocalDate.ofInstant(result.at(), ZoneOffset.UTC).equals(day)) {
        byPolicy.computeIfAbsent(result.policy(), any -> new ArrayList<>()).add(result);
      }
    }
    List<PolicySummary> summaries = new ArrayList<>();
    byPolicy.forEach((policy, all) -> summaries.add(summary(policy, all)));
    return summaries;
  }

  private static PolicySummary summary(AppliedPolicy policy, List<SessionResult> all) {
    Map<SessionFailure, Long> failures = new LinkedHashMap<>();
    all.forEach(
        result -> result.failures().forEach(failure -> failures.merge(failure, 1L, Long::sum)));
    long failed = all.stream().filter(result -> !result.failures().isEmpty()).count();
    List<CountedFailure> counted = new ArrayList<>();
    failures.forEach((failure, sessions) -> counted.add(new CountedFailure(failure, sessions)));
    return new PolicySummary(policy, all.size() - failed, failed, counted);
  }
}
