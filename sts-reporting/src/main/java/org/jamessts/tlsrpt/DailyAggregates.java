package org.jamessts.tlsrpt;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;

/**
 * Counts sessions per policy domain and UTC day (RFC 8460 §4.1), in memory: a restart begins anew.
 * Bounded: strangers choose how many domains, policies and failures there are and how long, so that
 * beyond the limits domains are counted as dropped, and details are merged into one without host
 * and reason. Safe for use by many threads.
 */
public final class DailyAggregates implements SessionRecorder {

  /** Today and yesterday, whose report is due. */
  static final int DAYS = 2;

  static final int POLICIES_PER_DOMAIN = 16;
  static final int FAILURES_PER_POLICY = 100;

  /** What a day may take in memory, by rough count: so much, and so much for each domain. */
  private static final long OCTETS = 256 * 1024;

  private static final long OCTETS_PER_DOMAIN = 1024;

  /** What an object takes beside its text. */
  private static final int OVERHEAD = 150;

  private final int maxDomainsPerDay;
  private final TreeMap<LocalDate, Day> days = new TreeMap<>();

  /**
   * @param maxDomainsPerDay how many policy domains are counted on one day
   */
  public DailyAggregates(int maxDomainsPerDay) {
    this.maxDomainsPerDay = maxDomainsPerDay;
  }

  @Override
  public synchronized void record(SessionResult result) {
    LocalDate date = LocalDate.ofInstant(result.at(), ZoneOffset.UTC);
    days.computeIfAbsent(date, any -> new Day()).add(result);
    while (days.size() > DAYS) {
      days.pollFirstEntry();
    }
  }

  /** The days of which something is kept, oldest first. */
  public synchronized List<LocalDate> days() {
    return List.copyOf(days.keySet());
  }

  /** The sessions of a UTC day: policy domain to what happened, in the order first seen. */
  public synchronized Map<DomainName, List<PolicySummary>> of(LocalDate day) {
    Day kept = days.get(day);
    return kept == null ? Map.of() : kept.summaries();
  }

  /** How many sessions of a day were not counted because it had too many domains. */
  public synchronized long dropped(LocalDate day) {
    Day kept = days.get(day);
    return kept == null ? 0 : kept.dropped;
  }

  private final class Day {
    private final Map<DomainName, Map<AppliedPolicy, Counts>> domains = new LinkedHashMap<>();
    private long room = OCTETS + OCTETS_PER_DOMAIN * maxDomainsPerDay;
    private long dropped;

    void add(SessionResult result) {
      DomainName domain = result.policy().policyDomain();
      if (!domains.containsKey(domain) && domains.size() >= maxDomainsPerDay) {
        dropped++;
        return;
      }
      Map<AppliedPolicy, Counts> policies = domains.getOrDefault(domain, new LinkedHashMap<>());
      if (!policies.containsKey(result.policy())
          && (policies.size() >= POLICIES_PER_DOMAIN || !takes(sizeOf(result.policy())))) {
        dropped++;
        return;
      }
      domains.put(domain, policies);
      Counts counts = policies.computeIfAbsent(result.policy(), any -> new Counts());
      counts.add(result.failures().stream().map(failure -> bounded(failure, counts)).toList());
    }

    private SessionFailure bounded(SessionFailure failure, Counts counts) {
      if (counts.knows(failure)
          || (counts.size() < FAILURES_PER_POLICY && takes(OVERHEAD + failure.reason().length()))) {
        return failure;
      }
      // At most one merged entry a type: the map stays bounded.
      return new SessionFailure(failure.type(), SessionPeers.NONE, "further hosts and reasons");
    }

    private boolean takes(long octets) {
      if (octets > room) {
        return false;
      }
      room -= octets;
      return true;
    }

    Map<DomainName, List<PolicySummary>> summaries() {
      Map<DomainName, List<PolicySummary>> summaries = new LinkedHashMap<>();
      domains.forEach(
          (domain, policies) -> {
            List<PolicySummary> ofDomain = new ArrayList<>();
            policies.forEach((policy, counts) -> ofDomain.add(counts.summary(policy)));
            summaries.put(domain, List.copyOf(ofDomain));
          });
      return Collections.unmodifiableMap(summaries);
    }
  }

  private static long sizeOf(AppliedPolicy policy) {
    return OVERHEAD
        + Stream.of(policy.policyString(), policy.mxHost())
            .flatMap(List::stream)
            .mapToLong(text -> OVERHEAD / 2 + text.length())
            .sum();
  }

  private static final class Counts {
    private final Map<SessionFailure, Long> failures = new LinkedHashMap<>();
    private long successful;
    private long failed;

    void add(List<SessionFailure> ofSession) {
      if (ofSession.isEmpty()) {
        successful++;
        return;
      }
      failed++;
      for (SessionFailure failure : ofSession) {
        failures.merge(failure, 1L, Long::sum);
      }
    }

    boolean knows(SessionFailure failure) {
      return failures.containsKey(failure);
    }

    int size() {
      return failures.size();
    }

    PolicySummary summary(AppliedPolicy policy) {
      List<CountedFailure> counted = new ArrayList<>();
      failures.forEach((failure, sessions) -> counted.add(new CountedFailure(failure, sessions)));
      return new PolicySummary(policy, successful, failed, counted);
    }
  }
}
