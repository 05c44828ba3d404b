package org.jamessts.tlsrpt.collect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;

/** Looks into the tables {@code sts_session} and {@code sts_session_failure}. */
final class SessionRows {

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

  static Map<DomainName, List<PolicySummary>> of(
      Connection connection, LocalDate day, Collection<DomainName> domains) throws SQLException {
    Map<String, List<CountedFailure>> failures = failures(connection, day, domains);
    Map<DomainName, List<PolicySummary>> all = new LinkedHashMap<>();
    try (PreparedStatement select =
            select(
                connection,
                "SELECT domain, policy, policy_type, policy_text, mx, tlsa_base, successful, failed"
                    + " FROM sts_session",
                day,
                domains,
                "domain, policy_type, policy");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        DomainName domain = new DomainName(row.getString("domain"));
        all.computeIfAbsent(domain, any -> new ArrayList<>())
            .add(
                new PolicySummary(
                    Rows.policy(row, domain),
                    row.getLong("successful"),
                    row.getLong("failed"),
                    failures.getOrDefault(policyKey(row), List.of())));
      }
    }
    return all;
  }

  private static Map<String, List<CountedFailure>> failures(
      Connection connection, LocalDate day, Collection<DomainName> domains) throws SQLException {
    Map<String, List<CountedFailure>> failures = new HashMap<>();
    try (PreparedStatement select =
            select(
                connection,
                "SELECT domain, policy, result_type, sending_ip, receiving_mx, receiving_ip,"
                    + " receiving_helo, reason, sessions FROM sts_session_failure",
                day,
                domains,
                "domain, policy, result_type, failure");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        failures
            .computeIfAbsent(policyKey(row), any -> new ArrayList<>())
            .add(new CountedFailure(Rows.failure(row), row.getLong("sessions")));
      }
    }
    return failures;
  }

  private static String policyKey(ResultSet row) throws SQLException {
    return row.getString("domain") + " " + row.getString("policy");
  }

  private static PreparedStatement select(
      Connection connection,
      String columns,
      LocalDate day,
      Collection<DomainName> domains,
      String order)
      throws SQLException {
    PreparedStatement select =
        connection.prepareStatement(
            "%s WHERE report_day = ? AND domain IN (%s) ORDER BY %s"
                .formatted(
                    columns, String.join(", ", Collections.nCopies(domains.size(), "?")), order));
    select.setObject(1, day);
    int next = 2;
    for (DomainName domain : domains) {
      select.setString(next++, domain.value());
    }
    return select;
  }
}
