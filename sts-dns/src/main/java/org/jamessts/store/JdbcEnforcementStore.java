package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementOrder;
import org.jamessts.enforcement.EnforcementStore;

/** The one row of the table {@code sts_enforcement}. */
final class JdbcEnforcementStore implements EnforcementStore {

  private static final String THE_ROW = "order";

  private final StoreCalls calls;

  JdbcEnforcementStore(StoreCalls calls) {
    this.calls = calls;
  }

  /** What the row holds: that it cannot be used is no fault of the database. */
  private record Row(
      String mode, Optional<Instant> until, String comment, String changedBy, Instant changedAt) {

    EnforcementOrder order() {
      // To pass over what a newer version wrote might lower what that raised.
      Enforcement known =
          Enforcement.of(mode)
              .orElseThrow(
                  () -> new IllegalStateException("the stored order has the unknown mode " + mode));
      try {
        return new EnforcementOrder(known, until, comment, changedBy, changedAt);
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException("the stored order cannot be used: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public Optional<EnforcementOrder> get() {
    return calls
        .read(JdbcEnforcementStore::row)
        .orElseThrow(
            () -> new IllegalStateException(calls.trouble().orElse("the database does not answer")))
        .map(Row::order);
  }

  private static Optional<Row> row(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT mode, ends_at, remark, changed_by, changed_at FROM sts_enforcement");
        ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(read(row)) : Optional.empty();
    }
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getString("mode"),
        row.getObject("ends_at") == null
            ? Optional.empty()
            : Optional.of(Times.read(row, "ends_at")),
        new String(row.getBytes("remark"), UTF_8),
        new String(row.getBytes("changed_by"), UTF_8),
        Times.read(row, "changed_at"));
  }

  @Override
  public boolean put(EnforcementOrder order) {
    return calls.write(connection -> put(connection, order)).orElse(false);
  }

  private static boolean put(Connection connection, EnforcementOrder order) throws SQLException {
    return KeptRow.keep(
        connection,
        "UPDATE sts_enforcement SET mode = ?, ends_at = ?, remark = ?, changed_by = ?,"
            + " changed_at = ? WHERE id = ?",
        "INSERT INTO sts_enforcement (mode, ends_at, remark, changed_by, changed_at, id)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        statement -> {
          statement.setString(1, order.mode().keyword());
          statement.setObject(2, order.until().map(Times::utc).orElse(null));
          statement.setBytes(3, order.comment().getBytes(UTF_8));
          statement.setBytes(4, order.changedBy().getBytes(UTF_8));
          statement.setObject(5, Times.utc(order.changedAt()));
          statement.setString(6, THE_ROW);
        });
  }

  @Override
  public boolean remove() {
    return calls
        .write(
            connection -> {
              try (PreparedStatement delete =
                  connection.prepareStatement("DELETE FROM sts_enforcement")) {
                return delete.executeUpdate();
              }
            })
        .isPresent();
  }
}
