package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jamessts.deferral.DeferralReason;
import org.jamessts.deferral.DeferralStore.Share;
import org.jamessts.deferral.DeferredMail;

/** What is asked of the table {@code sts_deferred} as a whole. */
final class DeferredRows {

  private static final String COLUMNS =
      "id, name, queue, domain, verdict, result_type, explanation, envelope, parts, deferred_at,"
          + " due_at";

  /** Pages of what is due, so that a domain with very many mails ends up passed over. */
  private static final int MAX_PAGES = 20;

  private DeferredRows() {}

  /** A mail and the number of its parts. */
  record Due(DeferredMail mail, int parts) {}

  /** A list of so many parameters, for {@code IN}. */
  static String list(int parameters) {
    return "(" + String.join(", ", Collections.nCopies(parameters, "?")) + ")";
  }

  /** What is due, the longest due first, and of each domain no more than its share. */
  static List<Due> find(Connection connection, Instant now, Share share) throws SQLException {
    List<Due> chosen = new ArrayList<>();
    Map<String, Integer> taken = new HashMap<>();
    Collection<String> full = new TreeSet<>();
    Instant from = Instant.EPOCH;
    String after = "";
    for (int page = 0; page < MAX_PAGES && chosen.size() < share.mails(); page++) {
      List<Due> found = page(connection, now, share.mails(), full, from, after);
      if (found.isEmpty()) {
        break;
      }
      for (Due row : found) {
        String domain = row.mail().cause().domain();
        if (chosen.size() < share.mails() && !full.contains(domain)) {
          chosen.add(row);
          if (taken.merge(domain, 1, Integer::sum) >= share.ofADomain()) {
            full.add(domain);
          }
        }
      }
      DeferredMail last = found.get(found.size() - 1).mail();
      from = last.due();
      after = last.id();
    }
    return chosen;
  }

  private static List<Due> page(
      Connection connection,
      Instant now,
      int limit,
      Collection<String> without,
      Instant from,
      String after)
      throws SQLException {
    String others = without.isEmpty() ? "" : " AND domain NOT IN " + list(without.size());
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM sts_deferred WHERE due_at >= ? AND due_at <= ? AND (due_at > ? OR id > ?)"
            + others
            + " ORDER BY due_at, id LIMIT ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, Times.utc(from));
      select.setObject(2, Times.utc(now));
      select.setObject(3, Times.utc(from));
      select.setString(4, after);
      int next = 5;
      for (String domain : without) {
        select.setString(next++, domain);
      }
      select.setInt(next, limit);
      return read(select);
    }
  }

  /**
   * Of mails that are neither claimed nor due, the next ones first.
   *
   * @param which which of them, in SQL with parameters
   * @param values of the parameters
   */
  static List<String> later(
      Connection connection, String which, List<String> values, Instant now, int limit)
      throws SQLException {
    // Not one statement with the change: H2 goes through all rows for each that is found.
    String sql =
        "SELECT id FROM sts_deferred WHERE claim IS NULL AND due_at > ? AND "
            + which
            + " ORDER BY due_at, id LIMIT ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, Times.utc(now));
      int next = 2;
      for (String value : values) {
        select.setString(next++, value);
      }
      select.setInt(next, limit);
      List<String> ids = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          ids.add(row.getString("id"));
        }
      }
      return ids;
    }
  }

  /** Makes due what is claimed: for whoever knows that all who claimed it are gone. */
  static void endClaims(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE sts_deferred SET claim = NULL, due_at = ? WHERE claim IS NOT NULL")) {
      update.setObject(1, Times.utc(now));
      update.executeUpdate();
    }
  }

  /** The mails for a domain, the next ones first. */
  static List<DeferredMail> of(
      Connection connection, String domain, DeferralReason reason, int offset, int limit)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM sts_deferred WHERE domain = ?"
                + condition(reason)
                + " ORDER BY due_at, id LIMIT ? OFFSET ?")) {
      select.setString(1, domain);
      int next = fill(select, 2, reason);
      select.setInt(next, limit);
      select.setInt(next + 1, offset);
      return read(select).stream().map(Due::mail).toList();
    }
  }

  /** Leaves the mails that wait for a reason; {@link #fill} tells which. */
  static String condition(DeferralReason reason) {
    return (reason.verdict().isPresent() ? " AND verdict = ?" : "")
        + (reason.resultType().isPresent() ? " AND result_type = ?" : "");
  }

  /**
   * Fills the gaps of {@link #condition}.
   *
   * @return the number of the gap behind them
   */
  static int fill(PreparedStatement select, int first, DeferralReason reason) throws SQLException {
    int next = first;
    if (reason.verdict().isPresent()) {
      select.setString(next++, reason.verdict().get());
    }
    if (reason.resultType().isPresent()) {
      select.setString(next++, reason.resultType().get());
    }
    return next;
  }

  private static List<Due> read(PreparedStatement select) throws SQLException {
    List<Due> rows = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        rows.add(new Due(mail(row), row.getInt("parts")));
      }
    }
    return rows;
  }

  private static DeferredMail mail(ResultSet row) throws SQLException {
    return new DeferredMail(
        row.getString("id"),
        text(row, "name"),
        text(row, "queue"),
        new DeferredMail.Cause(
            row.getString("domain"),
            row.getString("verdict"),
            row.getString("result_type"),
            text(row, "explanation")),
        text(row, "envelope"),
        Times.read(row, "deferred_at"),
        Times.read(row, "due_at"));
  }

  private static String text(ResultSet row, String column) throws SQLException {
    return new String(row.getBytes(column), UTF_8);
  }
}
