package org.jamessts.tlsrpt.collect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.TreeMap;

/**
 * How many domains the store has of each day: counted once, and then by what this server adds, so
 * that of several servers each may add a few too many.
 */
final class DomainsOfDay {

  /** Today and yesterday are asked for; older ones came late. */
  private static final int DAYS = 4;

  private final int max;
  private final TreeMap<LocalDate, Integer> counts = new TreeMap<>();

  DomainsOfDay(int max) {
    this.max = max;
  }

  /** How many more may be added. */
  synchronized int room(Connection connection, LocalDate day) throws SQLException {
    Integer known = counts.get(day);
    if (known == null) {
      known = count(connection, day);
      counts.put(day, known);
      while (counts.size() > DAYS) {
        counts.pollFirstEntry();
      }
    }
    return Math.max(0, max - known);
  }

  synchronized void added(LocalDate day, int domains) {
    counts.merge(day, domains, Integer::sum);
  }

  /** What was added was taken back. */
  synchronized void forget() {
    counts.clear();
  }

  private static int count(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT COUNT(*) FROM sts_report WHERE report_day = ?")) {
      select.setObject(1, day);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Math.toIntExact(Math.min(row.getLong(1), Integer.MAX_VALUE)) : 0;
      }
    }
  }
}
