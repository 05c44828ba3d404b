package org.jamessts.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A row that is changed where it is there, and inserted where not. */
final class KeptRow {

  private KeptRow() {}

  /** Sets the parameters of a statement. */
  @FunctionalInterface
  interface Values {
    void fill(PreparedStatement statement) throws SQLException;
  }

  /**
   * Keeps it. H2 knows no ON CONFLICT DO UPDATE.
   *
   * @param update changes the row
   * @param insert inserts it, or does nothing where there is one; with the same parameters in the
   *     same order
   * @return whether it is there now as wanted
   */
  static boolean keep(Connection connection, String update, String insert, Values values)
      throws SQLException {
    // Twice: the row that was in the way of the insertion may be gone again.
    for (int i = 0; i < 2; i++) {
      if (changes(connection, update, values) || changes(connection, insert, values)) {
        return true;
      }
    }
    return false;
  }

  private static boolean changes(Connection connection, String sql, Values values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      values.fill(statement);
      return statement.executeUpdate() > 0;
    }
  }
}
