package org.jamessts.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownDraftPolicy;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.RefreshTimes;
import org.jamessts.policy.Slot;
import org.jamessts.policy.Strength;
import org.jamessts.sts2016.SmtpStsRecord;
import org.jamessts.sts2016.SmtpStsRecordParse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of one kind of policies. A row holds the text as it was fetched, and the value is read
 * from it again, so that text and value cannot differ. A row that does not read as a policy counts
 * as not there.
 */
enum PolicyTable {
  MTA_STS(Slot.MTA_STS, "sts_policy", UTF_8),
  // One octet a character, as the DNS gave them.
  DRAFT(Slot.DRAFT, "sts_draft", ISO_8859_1),
  DRAFT_CANDIDATE(Slot.DRAFT_CANDIDATE, "sts_draft_candidate", ISO_8859_1);

  private static final Logger LOG = LoggerFactory.getLogger(PolicyTable.class);

  /** Longer than the clocks of servers on one database may differ. */
  private static final Duration GRACE = Duration.ofDays(1);

  private static final OffsetDateTime FAR = Times.utc(Instant.parse("9999-01-01T00:00:00Z"));

  private final Slot slot;
  private final String table;
  private final Charset charset;
  private final String select;

  PolicyTable(Slot slot, String table, Charset charset) {
    this.slot = slot;
    this.table = table;
    this.charset = charset;
    this.select = "SELECT domain, id, body, fetched_at, expires_at FROM " + table;
  }

  static List<PolicyTable> all() {
    return List.of(values());
  }

  static PolicyTable of(Slot slot) {
    return Arrays.stream(values()).filter(table -> table.slot == slot).findFirst().orElseThrow();
  }

  /** Its name in SQL. */
  String sqlName() {
    return table;
  }

  Optional<KnownPolicy> find(Connection connection, DomainName domain) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(select + " WHERE domain = ?")) {
      find.setString(1, domain.value());
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? read(row) : Optional.empty();
      }
    }
  }

  /** Some policies in the order of their domains: the first that come after a text. */
  List<KnownPolicy> after(Connection connection, String domain, int limit) throws SQLException {
    List<KnownPolicy> policies = new ArrayList<>();
    try (PreparedStatement find =
        connection.prepareStatement(select + " WHERE domain > ? ORDER BY domain LIMIT ?")) {
      find.setString(1, domain);
      find.setInt(2, limit);
      try (ResultSet row = find.executeQuery()) {
        while (row.next()) {
          read(row).ifPresent(policies::add);
        }
      }
    }
    return policies;
  }

  /** Keeps a policy, unless one is there that was fetched later. */
  static void save(Connection connection, KnownPolicy policy, Guards guards) throws SQLException {
    PolicyTable table = of(policy.slot());
    PolicyHistoryTable.note(connection, table, policy);
    // Twice: the row that was in the way of the insertion may be an older one, or gone again.
    for (int i = 0; i < 2; i++) {
      if (table.update(connection, policy, guards) || table.insert(connection, policy)) {
        return;
      }
    }
  }

  private boolean update(Connection connection, KnownPolicy policy, Guards guards)
      throws SQLException {
    String sql =
        "UPDATE "
            + table
            + " SET id = ?, body = ?, fetched_at = ?, expires_at = ?, refresh_at = ?, near_end_at = ?"
            + " WHERE domain = ? AND (fetched_at <= ? OR fetched_at > ?)";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      fill(update, policy);
      update.setObject(
          8, guards.stand(Guard.NEWEST_FETCH_WINS) ? Times.utc(policy.fetchedAt()) : FAR);
      // Fetched in the future: some server's clock was wrong, and must not have the last word.
      update.setObject(9, Times.utc(policy.fetchedAt().plus(GRACE)));
      return update.executeUpdate() > 0;
    }
  }

  // H2 knows no ON CONFLICT DO UPDATE.
  private boolean insert(Connection connection, KnownPolicy policy) throws SQLException {
    String sql =
        "INSERT INTO "
            + table
            + " (id, body, fetched_at, expires_at, refresh_at, near_end_at, domain, used_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      fill(insert, policy);
      // A policy is first fetched because mail goes to its domain.
      insert.setObject(8, Times.utc(policy.fetchedAt()));
      return insert.executeUpdate() > 0;
    }
  }

  private void fill(PreparedStatement statement, KnownPolicy policy) throws SQLException {
    statement.setString(1, policy.id());
    statement.setBytes(2, body(policy));
    statement.setObject(3, Times.utc(policy.fetchedAt()));
    statement.setObject(4, Times.utc(policy.expiresAt()));
    statement.setObject(5, Times.utc(RefreshTimes.due(policy)));
    if (policy.strength() == Strength.NOTHING) {
      statement.setNull(6, Types.TIMESTAMP_WITH_TIMEZONE);
    } else {
      statement.setObject(6, Times.utc(RefreshTimes.nearsItsEnd(policy)));
    }
    statement.setString(7, policy.domain().value());
  }

  /** A policy as the table holds it. */
  byte[] body(KnownPolicy policy) {
    return policy.text().getBytes(charset);
  }

  /** What it holds of one. */
  String text(byte[] body) {
    return new String(body, charset);
  }

  /** Deletes a policy, but not one that was fetched later. */
  static int delete(Connection connection, KnownPolicy policy) throws SQLException {
    String sql = "DELETE FROM " + of(policy.slot()).table + " WHERE domain = ? AND fetched_at <= ?";
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setString(1, policy.domain().value());
      delete.setObject(2, Times.utc(policy.fetchedAt()));
      return delete.executeUpdate();
    }
  }

  /**
   * Deletes some of what expired more than a day ago.
   *
   * @return how many rows
   */
  int deleteExpired(Connection connection, Instant now, int limit) throws SQLException {
    // Asked twice: between the search and the deletion another server may have put the expiry off.
    String sql =
        "DELETE FROM %1$s WHERE expires_at < ? AND domain IN (SELECT domain FROM %1$s WHERE expires_at < ? ORDER BY expires_at LIMIT ?)"
            .formatted(table);
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      OffsetDateTime before = Times.utc(now.minus(GRACE));
      delete.setObject(1, before);
      delete.setObject(2, before);
      delete.setInt(3, limit);
      return delete.executeUpdate();
    }
  }

  /**
   * Deletes some of what was fetched up to a moment.
   *
   * @return how many rows
   */
  int deleteFetchedUntil(Connection connection, Instant moment, int limit) throws SQLException {
    String sql =
        "DELETE FROM %1$s WHERE fetched_at <= ? AND domain IN (SELECT domain FROM %1$s WHERE fetched_at <= ? LIMIT ?)"
            .formatted(table);
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setObject(1, Times.utc(moment));
      delete.setObject(2, Times.utc(moment));
      delete.setInt(3, limit);
      return delete.executeUpdate();
    }
  }

  /** The policy in a row that holds the columns of {@link #find}. */
  Optional<KnownPolicy> read(ResultSet row) throws SQLException {
    try {
      DomainName domain = DomainName.parse(row.getString("domain"));
      byte[] body = row.getBytes("body");
      Instant fetchedAt = Times.read(row, "fetched_at");
      return slot == Slot.MTA_STS
          ? mtaSts(domain, row.getString("id"), body, fetchedAt)
          : draft(domain, text(body), fetchedAt, Times.read(row, "expires_at"));
    } catch (InvalidDomainNameException e) {
      LOG.warn("a stored policy is not used: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<KnownPolicy> mtaSts(
      DomainName domain, String id, byte[] body, Instant fetchedAt) {
    StsPolicyParse parse = StsPolicy.parse(body);
    if (parse instanceof StsPolicyParse.Parsed parsed) {
      return Optional.of(new KnownMtaStsPolicy(domain, id, parsed.policy(), fetchedAt));
    }
    return unusable(domain, ((StsPolicyParse.Invalid) parse).reason());
  }

  private Optional<KnownPolicy> draft(
      DomainName domain, String text, Instant fetchedAt, Instant expiresAt) {
    SmtpStsRecordParse parse = SmtpStsRecord.parse(text);
    if (parse instanceof SmtpStsRecordParse.Parsed parsed) {
      Standing standing = slot == Slot.DRAFT ? Standing.CONFIRMED : Standing.CANDIDATE;
      return Optional.of(
          new KnownDraftPolicy(domain, parsed.record(), standing, fetchedAt, expiresAt));
    }
    return unusable(domain, ((SmtpStsRecordParse.Invalid) parse).reason());
  }

  private static Optional<KnownPolicy> unusable(DomainName domain, String reason) {
    LOG.warn("the stored policy of {} is not used: {}", domain, reason);
    return Optional.empty();
  }
}
