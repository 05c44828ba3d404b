package org.jamessts.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.RefreshSchedule;

/**
 * The times of refresh, beside the policies in their tables. Each question goes by an index, so
 * that its cost does not grow with the number of policies; rows of domains out of use have no time
 * of refresh and are not in its way.
 */
final class JdbcRefreshSchedule implements RefreshSchedule {

  /** Long enough that a domain with a monthly newsletter is the rare case of a first lookup. */
  private static final Duration IN_USE = Duration.ofDays(14);

  /** Not every mail is worth a write. */
  private static final Duration BETWEEN_NOTES = Duration.ofHours(1);

  private static final int BATCH = 500;
  private static final int MAX_LOOKED_AT = 1_000;

  private final StoreCalls calls;
  private final AtomicInteger turn = new AtomicInteger();

  JdbcRefreshSchedule(StoreCalls calls) {
    this.calls = calls;
  }

  @Override
  public List<KnownPolicy> claim(Instant now, int limit, Duration lease) {
    List<KnownPolicy> claimed = new ArrayList<>();
    if (calls.isOpened()) {
      List<PolicyTable> tables = new ArrayList<>(PolicyTable.all());
      // Each in its turn goes first: what is due in one must not be in the way of the others.
      Collections.rotate(tables, turn.getAndIncrement());
      for (PolicyTable table : tables) {
        int wanted = limit - claimed.size();
        claimed.addAll(
            calls
                .writeAside(connection -> claim(connection, table, now, wanted, lease))
                .orElse(List.of()));
      }
    }
    return claimed;
  }

  private static List<KnownPolicy> claim(
      Connection connection, PolicyTable table, Instant now, int wanted, Duration lease)
      throws SQLException {
    List<KnownPolicy> claimed = new ArrayList<>();
    int lookedAt = 0;
    List<Due> due;
    do {
      due = due(connection, table, now, wanted - claimed.size());
      for (Due row : due) {
        if (row.usedAt().isBefore(now.minus(IN_USE))) {
          move(connection, table, row, Optional.empty());
        } else if (move(connection, table, row, Optional.of(now.plus(lease)))) {
          row.policy().ifPresent(claimed::add);
        }
      }
      lookedAt += due.size();
    } while (!due.isEmpty() && claimed.size() < wanted && lookedAt < MAX_LOOKED_AT);
    return claimed;
  }

  private record Due(
      String domain, OffsetDateTime refreshAt, Instant usedAt, Optional<KnownPolicy> policy) {}

  private static List<Due> due(Connection connection, PolicyTable table, Instant now, int limit)
      throws SQLException {
    String sql =
        "SELECT domain, id, body, fetched_at, expires_at, used_at, refresh_at FROM "
            + table.sqlName()
            + " WHERE refresh_at <= ? ORDER BY refresh_at LIMIT ?";
    List<Due> due = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, Times.utc(now));
      select.setInt(2, limit);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          due.add(
              new Due(
                  row.getString("domain"),
                  row.getObject("refresh_at", OffsetDateTime.class),
                  Times.read(row, "used_at"),
                  table.read(row)));
        }
      }
    }
    return due;
  }

  /** Changes the time of a row, unless somebody else was faster. */
  private static boolean move(
      Connection connection, PolicyTable table, Due row, Optional<Instant> refreshAt)
      throws SQLException {
    String sql =
        "UPDATE " + table.sqlName() + " SET refresh_at = ? WHERE domain = ? AND refresh_at = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setObject(1, refreshAt.map(Times::utc).orElse(null));
      update.setString(2, row.domain());
      update.setObject(3, row.refreshAt());
      return update.executeUpdate() > 0;
    }
  }

  @Override
  public void reschedule(KnownPolicy policy, Instant due) {
    String sql =
        "UPDATE "
            + PolicyTable.of(policy.slot()).sqlName()
            + " SET refresh_at = ? WHERE domain = ? AND fetched_at = ? AND refresh_at IS NOT NULL";
    calls.write(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, Times.utc(due));
            update.setString(2, policy.domain().value());
            update.setObject(3, Times.utc(policy.fetchedAt()));
            return update.executeUpdate();
          }
        });
  }

  @Override
  public void used(Collection<DomainName> domains, Instant now) {
    // In order, since other servers may note the same at the same time.
    List<DomainName> all = domains.stream().sorted().toList();
    for (int from = 0; from < all.size(); from += BATCH) {
      List<DomainName> some = all.subList(from, Math.min(from + BATCH, all.size()));
      calls.writeAside(
          connection -> {
            for (PolicyTable table : PolicyTable.all()) {
              note(connection, table, some, now);
            }
            return true;
          });
    }
  }

  private static void note(
      Connection connection, PolicyTable table, List<DomainName> domains, Instant now)
      throws SQLException {
    String sql =
        "UPDATE "
            + table.sqlName()
            + " SET used_at = ?, refresh_at = COALESCE(refresh_at, ?) WHERE domain = ?"
            + " AND used_at < ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (DomainName domain : domains) {
        update.setObject(1, Times.utc(now));
        update.setObject(2, Times.utc(now));
        update.setString(3, domain.value());
        update.setObject(4, Times.utc(now.minus(BETWEEN_NOTES)));
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  @Override
  public int expiringSoon(Instant now) {
    int sum = 0;
    if (calls.isOpened()) {
      for (PolicyTable table : PolicyTable.all()) {
        sum += calls.readAside(connection -> expiringSoon(connection, table, now)).orElse(0);
      }
    }
    return sum;
  }

  private static int expiringSoon(Connection connection, PolicyTable table, Instant now)
      throws SQLException {
    // A count of all would take longer than the database is given when somebody made up a million
    // domains, and the database would pass for broken.
    String sql =
        "SELECT COUNT(*) FROM (SELECT expires_at, refresh_at, used_at FROM "
            + table.sqlName()
            + " WHERE near_end_at <= ? ORDER BY near_end_at DESC LIMIT ?) AS near_end"
            + " WHERE expires_at > ? AND refresh_at IS NOT NULL AND used_at >= ?";
    try (PreparedStatement count = connection.prepareStatement(sql)) {
      count.setObject(1, Times.utc(now));
      count.setInt(2, MAX_LOOKED_AT);
      count.setObject(3, Times.utc(now));
      count.setObject(4, Times.utc(now.minus(IN_USE)));
      try (ResultSet row = count.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }
}
