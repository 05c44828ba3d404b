package org.jamessts.tlsrpt.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jamessts.dns.DomainName;
import org.jamessts.store.StoreAccess;
import org.jamessts.store.StoreException;
import org.jamessts.store.Times;

/**
 * The suppressions in the table {@code sts_report_suppression}, which all servers share, and a copy
 * of them in memory. What one server changes, the others know within half a minute.
 */
public final class StoredSuppressions implements Suppressions {

  private static final Duration COPY_GOOD_FOR = Duration.ofSeconds(20);

  private final StoreAccess access;
  private final Clock clock;
  private volatile Map<String, Instant> ends = Map.of();
  private Instant copied = Instant.EPOCH;

  /** Suppressions; the database is opened at the first call. */
  public StoredSuppressions(StoreAccess access, Clock clock) {
    this.access = access;
    this.clock = clock;
  }

  @Override
  public boolean suppresses(DomainName policyDomain) {
    return holds(SuppressionTarget.of(policyDomain).text());
  }

  @Override
  public boolean suppressesEndpoint(String endpoint) {
    return SuppressionTarget.endpoint(endpoint).filter(this::holds).isPresent();
  }

  private boolean holds(String target) {
    Instant end = ends.get(target);
    return end != null && clock.instant().isBefore(end);
  }

  /**
   * Takes up what has changed, unless that was done a moment ago. To be called before reports are
   * sent: while nobody knows who is suppressed, none are.
   */
  synchronized void refresh() throws StoreException {
    Instant now = clock.instant();
    if (!now.isBefore(copied.plus(COPY_GOOD_FOR))) {
      copy();
    }
  }

  private synchronized void copy() throws StoreException {
    Instant now = clock.instant();
    Map<String, Instant> all = new HashMap<>();
    all().forEach(one -> all.put(one.target().text(), one.ends()));
    ends = Map.copyOf(all);
    copied = now;
  }

  /** All, also those that have ended. */
  public List<Suppression> all() throws StoreException {
    return access.read(
        connection -> {
          List<Suppression> all = new ArrayList<>();
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT target, ends_at, changed_by, changed_at FROM sts_report_suppression"
                          + " ORDER BY target");
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              all.add(
                  new Suppression(
                      new SuppressionTarget(row.getString("target")),
                      Times.read(row, "ends_at"),
                      new String(row.getBytes("changed_by"), UTF_8),
                      Times.read(row, "changed_at")));
            }
          }
          return all;
        });
  }

  /** Suppresses, or changes the end. */
  public void put(SuppressionTarget target, Instant end, String who) throws StoreException {
    Suppression said = new Suppression(target, end, who, clock.instant());
    var unused = access.write(connection -> put(connection, said));
    copy();
  }

  private static boolean put(Connection connection, Suppression said) throws SQLException {
    String change =
        "UPDATE sts_report_suppression SET ends_at = ?, changed_by = ?, changed_at = ?"
            + " WHERE target = ?";
    String insert =
        "INSERT INTO sts_report_suppression (ends_at, changed_by, changed_at, target)"
            + " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    return save(connection, said, change)
        || save(connection, said, insert)
        || save(connection, said, change);
  }

  private static boolean save(Connection connection, Suppression said, String sql)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, Times.utc(said.ends()));
      statement.setBytes(2, said.changedBy().getBytes(UTF_8));
      statement.setObject(3, Times.utc(said.changedAt()));
      statement.setString(4, said.target().text());
      return statement.executeUpdate() > 0;
    }
  }

  /** Suppresses no more; returns whether it was. */
  public boolean remove(SuppressionTarget target) throws StoreException {
    boolean removed =
        access.write(
            connection -> {
              try (PreparedStatement delete =
                  connection.prepareStatement(
                      "DELETE FROM sts_report_suppression WHERE target = ?")) {
                delete.setString(1, target.text());
                return delete.executeUpdate() > 0;
              }
            });
    copy();
    return removed;
  }
}
