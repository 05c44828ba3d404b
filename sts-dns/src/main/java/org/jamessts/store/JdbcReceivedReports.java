package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jamessts.received.KeptReport;
import org.jamessts.received.ReceivedReports;

/**
 * Received reports in the tables {@code received_report} and {@code received_part}. One row for a
 * report, by a digest of what tells it from others; its document in parts, since H2 takes no more
 * than a megabyte in a column.
 */
final class JdbcReceivedReports implements ReceivedReports {

  private static final int PART = 256 * 1024;

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
      String key = key(report);
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
  public Optional<List<KeptReport>> latest(int limit) {
    return calls.readAside(
        connection -> {
          List<KeptReport> reports = new ArrayList<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT submitter, report_id, begins_at, ends_at, domains, successful, failed,"
                      + " received_at FROM received_report"
                      + " ORDER BY received_at DESC, report_key LIMIT ?")) {
            select.setInt(1, limit);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                reports.add(read(row));
              }
            }
          }
          return reports;
        });
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
  public Optional<byte[]> document(KeptReport report) {
    return calls
        .readAside(connection -> document(connection, key(report)))
        .filter(document -> document.length > 0);
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

  /** What tells reports apart: an id is unique to its submitter, or should be. */
  private static String key(KeptReport report) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      List<String> parts = new ArrayList<>();
      parts.add(report.submitter());
      parts.add(report.reportId());
      parts.add(report.begin().toString());
      parts.add(report.end().toString());
      parts.addAll(report.policyDomains());
      for (String part : parts) {
        sha.update(part.getBytes(UTF_8));
        // No part has this octet in it: it is none of UTF-8.
        sha.update((byte) 0xff);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JRE has SHA-256", e);
    }
  }
}
