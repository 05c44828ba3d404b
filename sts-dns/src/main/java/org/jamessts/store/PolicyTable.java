package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code sts_policy}. A row holds the body as it was fetched, and the value is read from
 * it again, so that text and value cannot differ. A row that does not read as a policy counts as
 * not there.
 */
final class PolicyTable {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyTable.class);

  /** Longer than the clocks of servers on one database may differ. */
  private static final Duration GRACE = Duration.ofDays(1);

  private static final String COLUMNS = "SELECT domain, id, body, fetched_at FROM sts_policy ";

  // H2 knows no ON CONFLICT DO UPDATE.
  private static final String UPDATE =
      "UPDATE sts_policy SET id = ?, body = ?, fetched_at = ?, expires_at = ?"
          + " WHERE domain = ? AND fetched_at <= ?";
  private static final String INSERT =
      "INSERT INTO sts_policy (id, body, fetched_at, expires_at, domain) VALUES (?, ?, ?, ?, ?)"
          + " ON CONFLICT DO NOTHING";

  // Asked twice: between the search and the deletion another server may have put the expiry off.
  private static final String DELETE_EXPIRED =
      "DELETE FROM sts_policy WHERE expires_at < ? AND domain IN"
          + " (SELECT domain FROM sts_policy WHERE expires_at < ? ORDER BY expires_at LIMIT ?)";

  private PolicyTable() {}

  static Optional<KnownPolicy> find(Connection connection, DomainName domain) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(COLUMNS + "WHERE domain = ?")) {
      select.setString(1, domain.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? read(row) : Optional.empty();
      }
    }
  }

  /** Some policies in the order of their domains: the first that come after a text. */
  static List<KnownPolicy> after(Connection connection, String domain, int limit)
      throws SQLException {
    List<KnownPolicy> policies = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(COLUMNS + "WHERE domain > ? ORDER BY domain LIMIT ?")) {
      select.setString(1, domain);
      select.setInt(2, limit);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          read(row).ifPresent(policies::add);
        }
      }
    }
    return policies;
  }

  /** Keeps a policy, unless one is there that was fetched later. It is committed on return. */
  static void save(Connection connection, KnownPolicy policy) throws SQLException {
    // Twice: the row that was in the way of the insertion may be an older one, or gone again.
    for (int i = 0; i < 2; i++) {
      if (update(connection, policy) || insert(connection, policy)) {
        return;
      }
    }
  }

  private static boolean update(Connection connection, KnownPolicy policy) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      fill(update, policy);
      update.setObject(6, utc(policy.fetchedAt()));
      return update.executeUpdate() > 0;
    }
  }

  private static boolean insert(Connection connection, KnownPolicy policy) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      fill(insert, policy);
      return insert.executeUpdate() > 0;
    }
  }

  private static void fill(PreparedStatement statement, KnownPolicy policy) throws SQLException {
    statement.setString(1, policy.id());
    statement.setBytes(2, policy.policy().text().getBytes(UTF_8));
    statement.setObject(3, utc(policy.fetchedAt()));
    statement.setObject(4, utc(policy.expiresAt()));
    statement.setString(5, policy.domain().value());
  }

  /**
   * Deletes some of what expired more than a day ago.
   *
   * @return how many rows
   */
  static int deleteExpired(Connection connection, Instant now, int limit) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(DELETE_EXPIRED)) {
      OffsetDateTime before = utc(now.minus(GRACE));
      delete.setObject(1, before);
      delete.setObject(2, before);
      delete.setInt(3, limit);
      return delete.executeUpdate();
    }
  }

  private static Optional<KnownPolicy> read(ResultSet row) throws SQLException {
    String domain = row.getString("domain");
    StsPolicyParse parse = StsPolicy.parse(row.getBytes("body"));
    if (parse instanceof StsPolicyParse.Parsed parsed) {
      try {
        return Optional.of(
            new KnownPolicy(
                DomainName.parse(domain),
                row.getString("id"),
                parsed.policy(),
                row.getObject("fetched_at", OffsetDateTime.class).toInstant()));
      } catch (InvalidDomainNameException e) {
        LOG.warn("a stored policy is not used: {}", e.getMessage());
        return Optional.empty();
      }
    }
    LOG.warn(
        "the stored policy of {} is not used: {}",
        domain,
        ((StsPolicyParse.Invalid) parse).reason());
    return Optional.empty();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
