package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.received.KeptReport;
import org.jamessts.received.ReceivedPage;
import org.jamessts.received.ReceivedReports;

/**
 * Received reports in the tables {@code received_report} and {@code received_part}. One row for a
 * report, by a digest of what tells it from others; its document in parts, since H2 takes no more
 * than a megabyte in a column.
 */
final class JdbcReceivedReports implements ReceivedReports {

  private static final int PART = 256 * 1024;
  private static final int MAX_LOOKED_AT = 20_000;

  private final StoreCalls calls;
  private final Clock clock;
  private final long maxOctets;
  private volatile boolean full;

  /**
   * @param clock tells what is old
   * @param maxOctets how much all documents together may have; it is looked at by {@link #prune}
   */
  JdbcReceivedReports(StoreCalls calls, Clock clock, long maxOctets) {
    this.calls = calls;
    this.clock = clock;
    this.maxOctets = maxOctets;
  }

  @Override
  public Outcome add(KeptReport report, byte[] document) {
    return full
        ? Outcome.FULL
        : calls.writeAside(adding(report, document).inOneTransaction()).orElse(Outcome.UNAVAILABLE);
  }

  /** In one transaction: a report without its document would count as known for ever. */
  private static Database.Work<Outcome> adding(KeptReport report, byte[] document) {
    return connection -> {
      String key = report.key();
      if (!insert(connection, key, report, document.length)) {
        return Outcome.KNOWN;
      }
      insertParts(connection, key, document);
      return Outcome.ADDED;
    };
  }

  private static boolean insert(Connection connection, String key, KeptReport report, int octets)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO received_report (report_key, submitter, report_id, begins_at, ends_at,"
                + " domains, successful, failed, octets, received_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      insert.setString(1, key);
      insert.setBytes(2, report.submitter().getBytes(UTF_8));
      insert.setBytes(3, report.reportId().getBytes(UTF_8));
      insert.setObject(4, Times.utc(report.begin()));
      insert.setObject(5, Times.utc(report.end()));
      insert.setBytes(6, String.join("\n", report.policyDomains()).getBytes(UTF_8));
      insert.setLong(7, report.successfulSessions());
      insert.setLong(8, report.failedSessions());
      insert.setLong(9, octets);
      insert.setObject(10, Times.utc(report.receivedAt()));
      return insert.executeUpdate() > 0;
    }
  }

  private static void insertParts(Connection connection, String key, byte[] document)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO received_part (report_key, part, octets) VALUES (?, ?, ?)")) {
      for (int from = 0; from < document.length; from += PART) {
        insert.setString(1, key);
        insert.setInt(2, from / PART);
        insert.setBytes(
            3, Arrays.copyOfRange(document, from, Math.min(document.length, from + PART)));
        insert.executeUpdate();
      }
    }
  }

  @Override
  public Optional<ReceivedPage> latest(
      Optional<DomainName> domain, Optional<LocalDate> day, int offset, int limit) {
    return calls.readAside(connection -> latest(connection, domain, day, offset, limit));
  }

  /** About whom a report is, the database cannot tell: it gives so many, and then a page ends. */
  private static ReceivedPage latest(
      Connection connection,
      Optional<DomainName> domain,
      Optional<LocalDate> day,
      int offset,
      int limit)
      throws SQLException {
    List<KeptReport> reports = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT submitter, report_id, begins_at, ends_at, domains, successful, failed,"
                + " received_at FROM received_report"
                + (day.isPresent() ? " WHERE begins_at < ? AND ends_at >= ?" : "")
                + " ORDER BY received_at DESC, report_key LIMIT ? OFFSET ?")) {
      int parameter = 1;
      if (day.isPresent()) {
        select.setObject(parameter++, start(day.get().plusDays(1)));
        select.setObject(parameter++, start(day.get()));
      }
      select.setInt(parameter++, domain.isPresent() ? MAX_LOOKED_AT : limit + 1);
      select.setInt(parameter, offset);
      int lookedAt = 0;
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          KeptReport report = read(row);
          if (domain.map(wanted -> isAbout(report, wanted)).orElse(true)) {
            if (reports.size() == limit) {
              return new ReceivedPage(reports, Optional.of(offset + lookedAt));
            }
            reports.add(report);
          }
          lookedAt++;
        }
      }
      return new ReceivedPage(
          reports, lookedAt == MAX_LOOKED_AT ? Optional.of(offset + lookedAt) : Optional.empty());
    }
  }

  private static OffsetDateTime start(LocalDate day) {
    return day.atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  /** A stranger has written the name. */
  private static boolean isAbout(KeptReport report, DomainName domain) {
    return report.policyDomains().stream().anyMatch(domain.value()::equalsIgnoreCase);
  }

  private static KeptReport read(ResultSet row) throws SQLException {
    return new KeptReport(
        text(row, "submitter"),
        text(row, "report_id"),
        Times.read(row, "begins_at"),
        Times.read(row, "ends_at"),
        text(row, "domains").lines().toList(),
        row.getLong("successful"),
        row.getLong("failed"),
        Times.read(row, "received_at"));
  }

  private static String text(ResultSet row, String column) throws SQLException {
    return new String(row.getBytes(column), UTF_8);
  }

  @Override
  public Optional<byte[]> document(String key) {
    return calls.readAside(connection -> document(connection, key));
  }

  private static byte[] document(Connection connection, String key) throws SQLException {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT octets FROM received_part WHERE report_key = ? ORDER BY part")) {
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          document.writeBytes(row.getBytes("octets"));
        }
      }
    }
    return document.toByteArray();
  }

  /** Deletes what is old, and sees whether there is room for more. */
  void prune() {
    calls.writeAside(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM received_report WHERE received_at < ?")) {
            delete.setObject(1, Times.utc(clock.instant().minus(KEPT)));
            return delete.executeUpdate();
          }
        });
    full =
        calls
            .readAside(JdbcReceivedReports::octets)
            .filter(octets -> octets > maxOctets)
            .isPresent();
  }

  private static long octets(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT CAST(COALESCE(SUM(octets), 0) AS BIGINT) FROM received_report");
        ResultSet row = select.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
