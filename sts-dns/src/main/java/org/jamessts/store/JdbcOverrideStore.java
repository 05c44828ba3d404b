package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.OverrideParse;
import org.jamessts.override.OverrideStore;
import org.jamessts.override.StoredOverride;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Overrides in the table {@code sts_override}, as the JSON that was given. */
final class JdbcOverrideStore implements OverrideStore {

  private final StoreCalls calls;
  private final Logger log;

  JdbcOverrideStore(StoreCalls calls) {
    this(calls, LoggerFactory.getLogger(JdbcOverrideStore.class));
  }

  JdbcOverrideStore(StoreCalls calls, Logger log) {
    this.calls = calls;
    this.log = log;
  }

  @Override
  public List<StoredOverride> all() {
    return calls
        .read(this::all)
        .orElseThrow(
            () ->
                new IllegalStateException(calls.trouble().orElse("the database does not answer")));
  }

  private List<StoredOverride> all(Connection connection) throws SQLException {
    List<StoredOverride> all = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT pattern, body, changed_by, changed_at FROM sts_override");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        OverrideParse parse = DomainOverride.parse(row.getBytes("body"));
        if (parse instanceof OverrideParse.Parsed parsed) {
          all.add(
              new StoredOverride(
                  parsed.override(),
                  new String(row.getBytes("changed_by"), UTF_8),
                  Times.read(row, "changed_at")));
        } else {
          log.error(
              "the stored override of {} cannot be used: {}",
              row.getString("pattern"),
              ((OverrideParse.Invalid) parse).reason());
        }
      }
    }
    return all;
  }

  @Override
  public boolean put(StoredOverride stored) {
    return calls.write(connection -> put(connection, stored)).orElse(false);
  }

  private static boolean put(Connection connection, StoredOverride stored) throws SQLException {
    // Twice: the row that was in the way of the insertion may be gone again.
    for (int i = 0; i < 2; i++) {
      if (save(
              connection,
              stored,
              "UPDATE sts_override SET body = ?, changed_by = ?, changed_at = ? WHERE pattern = ?")
          || save(
              connection,
              stored,
              "INSERT INTO sts_override (body, changed_by, changed_at, pattern) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
        return true;
      }
    }
    return false;
  }

  private static boolean save(Connection connection, StoredOverride stored, String sql)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, stored.override().toJson().getBytes(UTF_8));
      statement.setBytes(2, stored.changedBy().getBytes(UTF_8));
      statement.setObject(3, Times.utc(stored.changedAt()));
      statement.setString(4, stored.override().pattern().toString());
      return statement.executeUpdate() > 0;
    }
  }

  @Override
  public boolean remove(DomainPattern pattern) {
    return calls
        .write(
            connection -> {
              try (PreparedStatement delete =
                  connection.prepareStatement("DELETE FROM sts_override WHERE pattern = ?")) {
                delete.setString(1, pattern.toString());
                return delete.executeUpdate();
              }
            })
        .isPresent();
  }
}
