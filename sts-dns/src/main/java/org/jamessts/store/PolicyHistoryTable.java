package org.jamessts.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.PastPolicy;
import org.jamessts.policy.Slot;

/**
 * Policies that gave way to others, in the table {@code sts_policy_past}: a few of each domain, and
 * so many of all together, since how often they change is up to strangers.
 */
final class PolicyHistoryTable {

  private static final int KEPT_OF_A_DOMAIN = 10;

  /** Ordinary policies are shorter; how long others are is up to strangers. */
  private static final int MAX_OCTETS = 4_000;

  private PolicyHistoryTable() {}

  /** Notes what is kept, if a policy is about to take its place that says something else. */
  static void note(Connection connection, PolicyTable table, KnownPolicy next) throws SQLException {
    String sql =
        "INSERT INTO sts_policy_past (domain, slot, replaced_at, id, body, fetched_at)"
            + " SELECT domain, CAST(? AS VARCHAR(20)), CAST(? AS TIMESTAMP WITH TIME ZONE), id,"
            + " SUBSTRING(body FROM 1 FOR "
            + MAX_OCTETS
            + "), fetched_at FROM "
            + table.sqlName()
            + " WHERE domain = ? AND fetched_at <= ? AND body <> ? ON CONFLICT DO NOTHING";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, next.slot().keyword());
      insert.setObject(2, Times.utc(next.fetchedAt()));
      insert.setString(3, next.domain().value());
      insert.setObject(4, Times.utc(next.fetchedAt()));
      insert.setBytes(5, table.body(next));
      if (insert.executeUpdate() == 0) {
        return;
      }
    }
    forgetAllButTheLatestOf(connection, next.domain());
  }

  private static void forgetAllButTheLatestOf(Connection connection, DomainName domain)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM sts_policy_past WHERE domain = ? AND replaced_at <= (SELECT replaced_at"
                + " FROM sts_policy_past WHERE domain = ? ORDER BY replaced_at DESC LIMIT 1"
                + " OFFSET ?)")) {
      delete.setString(1, domain.value());
      delete.setString(2, domain.value());
      delete.setInt(3, KEPT_OF_A_DOMAIN);
      delete.executeUpdate();
    }
  }

  /** Those of a domain, the latest first. */
  static List<PastPolicy> of(Connection connection, DomainName domain) throws SQLException {
    List<PastPolicy> past = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT slot, id, body, fetched_at, replaced_at FROM sts_policy_past WHERE domain = ?"
                + " ORDER BY replaced_at DESC, slot")) {
      select.setString(1, domain.value());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          Slot slot = Slot.ofKeyword(row.getString("slot")).orElseThrow();
          past.add(
              new PastPolicy(
                  slot,
                  row.getString("id"),
                  // Cut: the last character may be half, and become a mark.
                  PolicyTable.of(slot).text(row.getBytes("body")),
                  Times.read(row, "fetched_at"),
                  Times.read(row, "replaced_at")));
        }
      }
    }
    return past;
  }

  /** Deletes all but the latest. */
  static int prune(Connection connection, int kept) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM sts_policy_past WHERE replaced_at <= (SELECT replaced_at FROM"
                + " sts_policy_past ORDER BY replaced_at DESC LIMIT 1 OFFSET ?)")) {
      delete.setInt(1, kept);
      return delete.executeUpdate();
    }
  }
}
