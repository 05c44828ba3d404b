package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.DomainPattern;
import org.jamessts.override.OverrideParse;
import org.jamessts.override.OverrideStore;
import org.jamessts.override.StoredOverride;

/** Overrides in the table {@code sts_override}, as the JSON that was given. */
final class JdbcOverrideStore implements OverrideStore {

  private final StoreCalls calls;

  JdbcOverrideStore(StoreCalls calls) {
    this.calls = calls;
  }

  /** What a row holds, or why that cannot be used. */
  private record Row(Optional<StoredOverride> stored, String flaw) {}

  @Override
  public List<StoredOverride> all() {
    List<Row> rows =
        calls
            .read(JdbcOverrideStore::rows)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        calls.trouble().orElse("the database does not answer")));
    List<StoredOverride> all = new ArrayList<>();
    for (Row row : rows) {
      // To pass over one would switch off what it demands.
      all.add(row.stored().orElseThrow(() -> new IllegalStateException(row.flaw())));
    }
    return all;
  }

  private static List<Row> rows(Connection connection) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT pattern, body, changed_by, changed_at FROM sts_override");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        rows.add(read(row));
      }
    }
    return rows;
  }

  private static Row read(ResultSet row) throws SQLException {
    OverrideParse parse = DomainOverride.parse(row.getBytes("body"));
    if (parse instanceof OverrideParse.Parsed parsed) {
      String who = new String(row.getBytes("changed_by"), UTF_8);
      return new Row(
          Optional.of(new StoredOverride(parsed.override(), who, Times.read(row, "changed_at"))),
          "");
    }
    return new Row(
        Optional.empty(),
        "the stored override of %s cannot be used: %s"
            .formatted(row.getString("pattern"), ((OverrideParse.Invalid) parse).reason()));
  }

  @Override
  public boolean put(StoredOverride stored) {
    return calls.write(connection -> put(connection, stored)).orElse(false);
  }

  private static boolean put(Connection connection, StoredOverride stored) throws SQLException {
    return KeptRow.keep(
        connection,
        "UPDATE sts_override SET body = ?, changed_by = ?, changed_at = ? WHERE pattern = ?",
        "INSERT INTO sts_override (body, changed_by, changed_at, pattern) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING",
        statement -> {
          statement.setBytes(1, stored.override().toJson().getBytes(UTF_8));
          statement.setBytes(2, stored.changedBy().getBytes(UTF_8));
          statement.setObject(3, Times.utc(stored.changedAt()));
          statement.setString(4, stored.override().pattern().toString());
        });
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
