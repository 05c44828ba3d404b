package org.jamessts.tlsrpt.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.store.Times;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.PolicySummary.CountedFailure;
import org.jamessts.tlsrpt.ReportId;
import org.jamessts.tlsrpt.ReportTimes;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;
import org.jamessts.tlsrpt.collect.SessionBatch.Increment;

/**
 * One transaction that adds increments to rows. In an order that is the same for all servers, so
 * that they wait for each other rather than in a circle.
 */
final class Addition {

  /** Beside what the database says: whom two servers insert at once, both may then add to. */
  private static final String INSERT_POLICY =
      "INSERT INTO sts_session (report_day, domain, policy, policy_type, policy_text, mx,"
          + " tlsa_base, successful, failed)"
          + " SELECT CAST(? AS DATE), CAST(? AS VARCHAR(253)), CAST(? AS VARCHAR(32)),"
          + " CAST(? AS VARCHAR(40)), CAST(? AS BYTEA), CAST(? AS BYTEA),"
          + " CAST(? AS VARCHAR(253)), CAST(? AS BIGINT), CAST(? AS BIGINT)"
          + " WHERE EXISTS (SELECT 1 FROM sts_report WHERE report_day = ? AND domain = ?)"
          + " AND (SELECT COUNT(*) FROM sts_session WHERE report_day = ? AND domain = ?) < ?"
          + " AND (SELECT COALESCE(SUM(OCTET_LENGTH(policy_text)), 0) FROM sts_session"
          + " WHERE report_day = ? AND domain = ?) < ?"
          + " ON CONFLICT DO NOTHING";

  private static final String ADD_TO_POLICY =
      "UPDATE sts_session SET successful = successful + ?, failed = failed + ?"
          + " WHERE report_day = ? AND domain = ? AND policy = ?";

  private final Connection connection;
  private final SessionLimits limits;
  private final ReportTimes times;
  private final DomainsOfDay domains;
  private final Random random = new Random();
  private final Map<DomainDay, Kept> keptOf = new HashMap<>();

  Addition(Connection connection, SessionLimits limits, ReportTimes times, DomainsOfDay domains) {
    this.connection = connection;
    this.limits = limits;
    this.times = times;
    this.domains = domains;
  }

  /** A row of {@code sts_session}, and what is added to it. */
  private record Row(Increment increment, String policy) {
    LocalDate day() {
      return increment.day();
    }

    String domain() {
      return applied().policyDomain().value();
    }

    AppliedPolicy applied() {
      return increment.added().policy();
    }
  }

  /** A domain on a day, which has a row of {@code sts_report}. */
  private record DomainDay(LocalDate day, String domain) {}

  /**
   * What is kept of a domain and day.
   *
   * @param failures rows; the merged ones count, too: there are few
   * @param shown octets of what hosts showed
   */
  private record Kept(int failures, long shown) {
    Kept plus(CountedFailure counted) {
      return new Kept(failures + 1, shown + counted.details().map(ForensicDetails::size).orElse(0));
    }
  }

  /**
   * Adds.
   *
   * @return how many sessions found no place
   */
  long add(List<Increment> increments) throws SQLException {
    List<Row> rows =
        increments.stream()
            .map(increment -> new Row(increment, Digests.of(increment.added().policy())))
            .sorted(
                Comparator.comparing(Row::day)
                    .thenComparing(Row::domain)
                    .thenComparing(Row::policy))
            .toList();
    List<Row> absent = addTo(rows);
    insertReports(absent);
    Set<Row> without = new HashSet<>(addTo(insert(absent)));
    for (Row row : rows) {
      if (!without.contains(row)) {
        addFailures(row);
      }
    }
    return without.stream().mapToLong(row -> row.increment().sessions()).sum();
  }

  /** Adds to rows that are there, and returns for which there is none. */
  private List<Row> addTo(List<Row> rows) throws SQLException {
    if (rows.isEmpty()) {
      return rows;
    }
    try (PreparedStatement update = connection.prepareStatement(ADD_TO_POLICY)) {
      for (Row row : rows) {
        update.setLong(1, row.increment().added().successfulSessions());
        update.setLong(2, row.increment().added().failedSessions());
        update.setObject(3, row.day());
        update.setString(4, row.domain());
        update.setString(5, row.policy());
        update.addBatch();
      }
      return unchanged(rows, update.executeBatch());
    }
  }

  private static List<Row> unchanged(List<Row> rows, int[] changes) {
    List<Row> unchanged = new ArrayList<>();
    for (int i = 0; i < changes.length; i++) {
      if (changes[i] == 0) {
        unchanged.add(rows.get(i));
      }
    }
    return unchanged;
  }

  /** The report of a domain that is new on a day; none for more domains than a day may have. */
  private void insertReports(List<Row> rows) throws SQLException {
    Map<LocalDate, Set<String>> byDay = new HashMap<>();
    for (Row row : rows) {
      byDay.computeIfAbsent(row.day(), any -> new LinkedHashSet<>()).add(row.domain());
    }
    for (Map.Entry<LocalDate, Set<String>> day : byDay.entrySet()) {
      insertReports(day.getKey(), day.getValue());
    }
  }

  private void insertReports(LocalDate day, Set<String> ofDay) throws SQLException {
    int room = domains.room(connection, day);
    if (room == 0) {
      return;
    }
    int added = 0;
    // Rows that are made together lie together, and those that lie together are soon read and
    // changed together: with a moment for each, every report would need pages of its own.
    Instant first = times.firstTry(day, random);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO sts_report (report_day, domain, report_id, state, planned_at, due_at,"
                + " attempts, outcome) VALUES (?, ?, ?, 'PENDING', ?, ?, 0, ?)"
                + " ON CONFLICT DO NOTHING")) {
      for (String domain : ofDay.stream().limit(room).toList()) {
        insert.setObject(1, day);
        insert.setString(2, domain);
        insert.setString(3, ReportId.fresh().value());
        insert.setObject(4, Times.utc(first));
        insert.setObject(5, Times.utc(first));
        insert.setBytes(6, new byte[0]);
        insert.addBatch();
      }
      for (int changed : insert.executeBatch()) {
        added += changed;
      }
    }
    domains.added(day, added);
  }

  /** Inserts rows, and returns those which somebody else has inserted, or which find no place. */
  private List<Row> insert(List<Row> rows) throws SQLException {
    if (rows.isEmpty()) {
      return rows;
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT_POLICY)) {
      for (Row row : rows) {
        AppliedPolicy policy = row.applied();
        insert.setObject(1, row.day());
        insert.setString(2, row.domain());
        insert.setString(3, row.policy());
        insert.setString(4, policy.type().name());
        insert.setBytes(5, Rows.bytes(policy.policyString()));
        insert.setBytes(6, Rows.bytes(policy.mxHost()));
        insert.setString(7, policy.tlsaBase().map(DomainName::value).orElse(null));
        insert.setLong(8, row.increment().added().successfulSessions());
        insert.setLong(9, row.increment().added().failedSessions());
        insert.setObject(10, row.day());
        insert.setString(11, row.domain());
        insert.setObject(12, row.day());
        insert.setString(13, row.domain());
        insert.setInt(14, limits.policiesPerDomain());
        insert.setObject(15, row.day());
        insert.setString(16, row.domain());
        insert.setLong(17, SessionLimits.MAX_POLICY_TEXT);
        insert.addBatch();
      }
      return unchanged(rows, insert.executeBatch());
    }
  }

  private void addFailures(Row row) throws SQLException {
    for (CountedFailure counted : row.increment().added().failures()) {
      if (addTo(row, counted)) {
        continue;
      }
      DomainDay of = new DomainDay(row.day(), row.domain());
      boolean merged = SessionLimits.isMerged(counted.failure());
      if (merged) {
        insertOrAdd(row, counted);
      } else if (kept(of).failures() < limits.failuresPerDomain()) {
        CountedFailure bounded = bounded(counted, kept(of));
        insertOrAdd(row, bounded);
        keptOf.computeIfPresent(of, (any, before) -> before.plus(bounded));
      } else {
        CountedFailure instead =
            new CountedFailure(SessionLimits.merged(counted.failure()), counted.sessions());
        if (!addTo(row, instead)) {
          insertOrAdd(row, instead);
        }
      }
    }
  }

  private static CountedFailure bounded(CountedFailure counted, Kept kept) {
    return kept.plus(counted).shown() <= SessionLimits.MAX_DETAILS
        ? counted
        : new CountedFailure(counted.failure(), counted.sessions());
  }

  private void insertOrAdd(Row row, CountedFailure counted) throws SQLException {
    if (!insert(row, counted) && !addTo(row, counted)) {
      throw new SQLException("a failure of " + row.domain() + " can be neither added nor changed");
    }
  }

  private Kept kept(DomainDay of) throws SQLException {
    Kept known = keptOf.get(of);
    if (known != null) {
      return known;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT COUNT(*), COALESCE(SUM(COALESCE(OCTET_LENGTH(banner), 0)"
                + " + COALESCE(OCTET_LENGTH(certificates), 0)), 0)"
                + " FROM sts_session_failure WHERE report_day = ? AND domain = ?")) {
      select.setObject(1, of.day());
      select.setString(2, of.domain());
      try (ResultSet row = select.executeQuery()) {
        Kept kept = row.next() ? new Kept(row.getInt(1), row.getLong(2)) : new Kept(0, 0);
        keptOf.put(of, kept);
        return kept;
      }
    }
  }

  private boolean addTo(Row row, CountedFailure counted) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE sts_session_failure SET sessions = sessions + ? WHERE report_day = ?"
                + " AND domain = ? AND policy = ? AND failure = ?")) {
      update.setLong(1, counted.sessions());
      update.setObject(2, row.day());
      update.setString(3, row.domain());
      update.setString(4, row.policy());
      update.setString(5, Digests.of(counted.failure()));
      return update.executeUpdate() > 0;
    }
  }

  private boolean insert(Row row, CountedFailure counted) throws SQLException {
    SessionFailure failure = counted.failure();
    SessionPeers peers = failure.peers();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO sts_session_failure (report_day, domain, policy, failure, result_type,"
                + " sending_ip, receiving_mx, receiving_ip, receiving_helo, reason, sessions,"
                + " banner, certificates, certificates_left_out)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      insert.setObject(1, row.day());
      insert.setString(2, row.domain());
      insert.setString(3, row.policy());
      insert.setString(4, Digests.of(failure));
      insert.setString(5, failure.type().name());
      insert.setBytes(6, peers.sendingIp().map(ip -> ip.getAddress()).orElse(null));
      insert.setString(7, peers.receivingMx().map(DomainName::value).orElse(null));
      insert.setBytes(8, peers.receivingIp().map(ip -> ip.getAddress()).orElse(null));
      insert.setBytes(9, peers.receivingHelo().map(helo -> helo.getBytes(UTF_8)).orElse(null));
      insert.setBytes(10, failure.reason().getBytes(UTF_8));
      insert.setLong(11, counted.sessions());
      Optional<ForensicDetails> shown = counted.details();
      insert.setBytes(
          12,
          shown.flatMap(ForensicDetails::banner).map(text -> text.getBytes(UTF_8)).orElse(null));
      insert.setBytes(13, shown.map(all -> Rows.bytes(all.certificates())).orElse(null));
      insert.setObject(14, shown.map(ForensicDetails::leftOut).orElse(null), Types.INTEGER);
      return insert.executeUpdate() > 0;
    }
  }
}
