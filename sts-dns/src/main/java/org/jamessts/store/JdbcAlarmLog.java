package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.policy.AlarmLog;
import org.jamessts.policy.PolicyAlarm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alarms in the table {@code sts_alarm}: the latest ones. */
final class JdbcAlarmLog implements AlarmLog {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcAlarmLog.class);
  private static final Duration SAME = Duration.ofDays(30);
  private static final int KEPT_OF_A_DOMAIN = 20;

  /** Ordinary policies are shorter; how long others are is up to strangers. */
  private static final int MAX_TEXT = 4_000;

  private final StoreCalls calls;
  private final int kept;

  /**
   * @param kept how many alarms {@link #prune} leaves
   */
  JdbcAlarmLog(StoreCalls calls, int kept) {
    this.calls = calls;
    this.kept = kept;
  }

  @Override
  public boolean add(PolicyAlarm alarm) {
    return calls.write(connection -> add(connection, alarm)).orElse(true);
  }

  private static boolean add(Connection connection, PolicyAlarm alarm) throws SQLException {
    String digest = digest(alarm);
    try (PreparedStatement again =
        connection.prepareStatement(
            "UPDATE sts_alarm SET raised_at = ? WHERE domain = ? AND kind = ? AND digest = ?"
                + " AND raised_at < ?")) {
      again.setObject(1, Times.utc(alarm.at()));
      again.setString(2, alarm.domain().value());
      again.setString(3, alarm.kind().name());
      again.setString(4, digest);
      again.setObject(5, Times.utc(alarm.at().minus(SAME)));
      if (again.executeUpdate() > 0) {
        return true;
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO sts_alarm (domain, kind, digest, text_before, text_after, raised_at)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      insert.setString(1, alarm.domain().value());
      insert.setString(2, alarm.kind().name());
      insert.setString(3, digest);
      insert.setBytes(4, head(alarm.before()));
      insert.setBytes(5, head(alarm.after()));
      insert.setObject(6, Times.utc(alarm.at()));
      if (insert.executeUpdate() == 0) {
        return false;
      }
    }
    forgetAllButTheLatestOf(connection, alarm.domain());
    return true;
  }

  /** A domain that changes its policy all the time must not have those of others forgotten. */
  private static void forgetAllButTheLatestOf(Connection connection, DomainName domain)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM sts_alarm WHERE domain = ? AND raised_at <= (SELECT raised_at FROM"
                + " sts_alarm WHERE domain = ? ORDER BY raised_at DESC LIMIT 1 OFFSET ?)")) {
      delete.setString(1, domain.value());
      delete.setString(2, domain.value());
      delete.setInt(3, KEPT_OF_A_DOMAIN);
      delete.executeUpdate();
    }
  }

  private static byte[] head(String text) {
    return (text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…").getBytes(UTF_8);
  }

  /** Of the whole texts: changes that begin alike are told apart. */
  private static String digest(PolicyAlarm alarm) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(alarm.before().getBytes(UTF_8));
      sha.update((byte) 0);
      sha.update(alarm.after().getBytes(UTF_8));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JRE has SHA-256", e);
    }
  }

  @Override
  public Optional<List<PolicyAlarm>> latest(Optional<DomainName> domain, int offset, int limit) {
    return calls.read(connection -> latest(connection, domain, offset, limit));
  }

  private static List<PolicyAlarm> latest(
      Connection connection, Optional<DomainName> domain, int offset, int limit)
      throws SQLException {
    List<PolicyAlarm> alarms = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT domain, kind, text_before, text_after, raised_at FROM sts_alarm"
                + (domain.isPresent() ? " WHERE domain = ?" : "")
                + " ORDER BY raised_at DESC, domain, kind LIMIT ? OFFSET ?")) {
      int next = 1;
      if (domain.isPresent()) {
        select.setString(next++, domain.get().value());
      }
      select.setInt(next++, limit);
      select.setInt(next, offset);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          try {
            alarms.add(read(row));
          } catch (InvalidDomainNameException | IllegalArgumentException e) {
            LOG.warn("a stored alarm cannot be read: {}", e.getMessage());
          }
        }
      }
    }
    return alarms;
  }

  private static PolicyAlarm read(ResultSet row) throws SQLException, InvalidDomainNameException {
    return new PolicyAlarm(
        DomainName.parse(row.getString("domain")),
        PolicyAlarm.Kind.valueOf(row.getString("kind")),
        new String(row.getBytes("text_before"), UTF_8),
        new String(row.getBytes("text_after"), UTF_8),
        Times.read(row, "raised_at"));
  }

  /** Deletes all but the latest: what becomes less is up to strangers. */
  void prune() {
    calls.write(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM sts_alarm WHERE raised_at <= (SELECT raised_at FROM sts_alarm"
                      + " ORDER BY raised_at DESC LIMIT 1 OFFSET ?)")) {
            delete.setInt(1, kept);
            return delete.executeUpdate();
          }
        });
  }
}
