package org.jamessts.tlsrpt.collect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;

/** Looks into the tables {@code sts_session} and {@code sts_session_failure}. */
final class SessionRows {

  private static final String DETAILS = ", banner, certificates, certificates_left_out";

  private SessionRows() {}

  static List<DomainName> domains(
      Connection connection, LocalDate day, Optional<DomainName> after, int limit)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT domain FROM sts_report WHERE report_day = ? AND domain > ?"
                + " ORDER BY domain LIMIT ?")) {
      select.setObject(1, day);
      select.setString(2, after.map(DomainName::value).orElse(""));
      select.setInt(3, limit);
      List<DomainName> domains = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          domains.add(new DomainName(row.getString("domain")));
        }
      }
      return domains;
    }
  }

  /** Whether what hosts showed is read, too. */
  enum Details {
    READ,
    LEFT
  }

  static Map<DomainName, List<PolicySummary>> of(
      Connection connection, LocalDate day, Collection<DomainName> domains, Details details)
      throws SQLException {
    Map<DomainName, List<PolicySummary>> all = new LinkedHashMap<>();
    // One domain at a time: H2 uses no index of two columns for a list of the second.
    try (PreparedStatement policies =
            connection.prepareStatement(
                "SELECT policy, policy_type, policy_text, mx, tlsa_base, successful, failed"
                    + " FROM sts_session WHERE report_day = ? AND domain = ?"
                    + " ORDER BY policy_type, policy");
        PreparedStatement failures =
            connection.prepareStatement(
                "SELECT policy, result_type, sending_ip, receiving_mx, receiving_ip,"
                    + " receiving_helo, reason, sessions"
                    + (details == Details.READ ? DETAILS : "")
                    + " FROM sts_session_failure"
                    + " WHERE report_day = ? AND domain = ?"
                    + " ORDER BY policy, result_type, failure")) {
      for (DomainName domain : domains) {
        List<Counted> counted = policies(policies, day, domain);
        // Most have none, and a question is most of the work.
        Map<String, List<CountedFailure>> failed =
            counted.stream().anyMatch(one -> one.failed() > 0)
                ? failures(failures, day, domain, details)
                : Map.of();
        if (!counted.isEmpty()) {
          all.put(
              domain,
              counted.stream()
                  .map(one -> one.with(failed.getOrDefault(one.key(), List.of())))
                  .toList());
        }
      }
    }
    return all;
  }

  /** A policy's sessions, before it is known how they failed. */
  private record Counted(String key, AppliedPolicy policy, long successful, long failed) {
    PolicySummary with(List<CountedFailure> failures) {
      return new PolicySummary(policy, successful, failed, failures);
    }
  }

  private static List<Counted> policies(PreparedStatement select, LocalDate day, DomainName domain)
      throws SQLException {
    List<Counted> policies = new ArrayList<>();
    select.setObject(1, day);
    select.setString(2, domain.value());
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        policies.add(
            new Counted(
                row.getString("policy"),
                Rows.policy(row, domain),
                row.getLong("successful"),
                row.getLong("failed")));
      }
    }
    return policies;
  }

  private static Map<String, List<CountedFailure>> failures(
      PreparedStatement select, LocalDate day, DomainName domain, Details details)
      throws SQLException {
    Map<String, List<CountedFailure>> failures = new HashMap<>();
    select.setObject(1, day);
    select.setString(2, domain.value());
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        failures
            .computeIfAbsent(row.getString("policy"), any -> new ArrayList<>())
            .add(
                new CountedFailure(
                    Rows.failure(row),
                    row.getLong("sessions"),
                    details == Details.READ ? Rows.details(row) : Optional.empty()));
      }
    }
    return failures;
  }
}
