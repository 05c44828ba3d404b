package org.jamessts.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables, and how they came to be: a list of migrations that only ever grows at its end. The
 * table {@code sts_schema} holds one row for each that was applied.
 *
 * <p>H2 commits every {@code CREATE} by itself, and two servers may start on one PostgreSQL at the
 * same moment. So each statement of a migration may be repeated without harm, a migration is noted
 * after it was applied, and who loses a race looks again.
 */
final class Schema {

  private static final List<List<String>> MIGRATIONS =
      List.of(
          List.of(
              """
              CREATE TABLE IF NOT EXISTS sts_policy (
                domain VARCHAR(253) PRIMARY KEY,
                id VARCHAR(32) NOT NULL,
                body BYTEA NOT NULL,
                fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
                expires_at TIMESTAMP WITH TIME ZONE NOT NULL)
              """,
              "CREATE INDEX IF NOT EXISTS sts_policy_expires_at ON sts_policy (expires_at)"),
          withRefreshTimesDraftsAlarmsAndOverrides(),
          withDeferredMail(),
          withReports(),
          withReceivedReports(),
          withEnforcement(),
          withPastPolicies(),
          withForensicDetails());

  private static List<String> withRefreshTimesDraftsAlarmsAndOverrides() {
    List<String> statements = new ArrayList<>();
    statements.add(addTime("used_at", "DEFAULT CURRENT_TIMESTAMP NOT NULL"));
    // Due now, so that the other times become known.
    statements.add(addTime("refresh_at", "DEFAULT CURRENT_TIMESTAMP"));
    statements.add(addTime("near_end_at", ""));
    for (String draft : List.of("sts_draft", "sts_draft_candidate")) {
      statements.add(
          """
          CREATE TABLE IF NOT EXISTS %s (
            domain VARCHAR(253) PRIMARY KEY,
            id VARCHAR(32) NOT NULL,
            body BYTEA NOT NULL,
            fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
            expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
            used_at TIMESTAMP WITH TIME ZONE NOT NULL,
            refresh_at TIMESTAMP WITH TIME ZONE,
            near_end_at TIMESTAMP WITH TIME ZONE)
          """
              .formatted(draft));
      statements.add(index(draft, "expires_at"));
    }
    for (String table : List.of("sts_policy", "sts_draft", "sts_draft_candidate")) {
      statements.add(index(table, "refresh_at"));
      statements.add(index(table, "near_end_at"));
    }
    statements.add(
        """
        CREATE TABLE IF NOT EXISTS sts_alarm (
          domain VARCHAR(253) NOT NULL,
          kind VARCHAR(20) NOT NULL,
          digest CHAR(64) NOT NULL,
          text_before BYTEA NOT NULL,
          text_after BYTEA NOT NULL,
          raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
          PRIMARY KEY (domain, kind, digest))
        """);
    statements.add(index("sts_alarm", "raised_at"));
    statements.add(
        """
        CREATE TABLE IF NOT EXISTS sts_override (
          pattern VARCHAR(255) PRIMARY KEY,
          body BYTEA NOT NULL,
          changed_by BYTEA NOT NULL,
          changed_at TIMESTAMP WITH TIME ZONE NOT NULL)
        """);
    return List.copyOf(statements);
  }

  private static List<String> withDeferredMail() {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS sts_deferred (
          id VARCHAR(36) PRIMARY KEY,
          name BYTEA NOT NULL,
          queue BYTEA NOT NULL,
          domain VARCHAR(253) NOT NULL,
          verdict VARCHAR(40) NOT NULL,
          result_type VARCHAR(80) NOT NULL,
          explanation BYTEA NOT NULL,
          envelope BYTEA NOT NULL,
          parts INTEGER NOT NULL,
          octets BIGINT NOT NULL,
          deferred_at TIMESTAMP WITH TIME ZONE NOT NULL,
          due_at TIMESTAMP WITH TIME ZONE NOT NULL,
          claim VARCHAR(36))
        """,
        """
        CREATE TABLE IF NOT EXISTS sts_deferred_part (
          mail_id VARCHAR(36) NOT NULL REFERENCES sts_deferred (id) ON DELETE CASCADE,
          part INTEGER NOT NULL,
          octets BYTEA NOT NULL,
          PRIMARY KEY (mail_id, part))
        """,
        "CREATE INDEX IF NOT EXISTS sts_deferred_due ON sts_deferred (due_at, id)",
        "CREATE INDEX IF NOT EXISTS sts_deferred_domain ON sts_deferred (domain, due_at)");
  }

  /** Of what RFC 8460 has told to domains; the rows are made and read in sts-reporting. */
  private static List<String> withReports() {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS sts_session_batch (
          id VARCHAR(36) PRIMARY KEY,
          added_at TIMESTAMP WITH TIME ZONE NOT NULL)
        """,
        """
        CREATE TABLE IF NOT EXISTS sts_session (
          report_day DATE NOT NULL,
          domain VARCHAR(253) NOT NULL,
          policy VARCHAR(32) NOT NULL,
          policy_type VARCHAR(40) NOT NULL,
          policy_text BYTEA NOT NULL,
          mx BYTEA NOT NULL,
          tlsa_base VARCHAR(253),
          successful BIGINT NOT NULL,
          failed BIGINT NOT NULL,
          PRIMARY KEY (report_day, domain, policy))
        """,
        """
        CREATE TABLE IF NOT EXISTS sts_session_failure (
          report_day DATE NOT NULL,
          domain VARCHAR(253) NOT NULL,
          policy VARCHAR(32) NOT NULL,
          failure VARCHAR(32) NOT NULL,
          result_type VARCHAR(60) NOT NULL,
          sending_ip BYTEA,
          receiving_mx VARCHAR(253),
          receiving_ip BYTEA,
          receiving_helo BYTEA,
          reason BYTEA NOT NULL,
          sessions BIGINT NOT NULL,
          PRIMARY KEY (report_day, domain, policy, failure))
        """,
        """
        CREATE TABLE IF NOT EXISTS sts_report (
          report_day DATE NOT NULL,
          domain VARCHAR(253) NOT NULL,
          report_id VARCHAR(32) NOT NULL,
          state VARCHAR(20) NOT NULL,
          planned_at TIMESTAMP WITH TIME ZONE NOT NULL,
          due_at TIMESTAMP WITH TIME ZONE NOT NULL,
          claim VARCHAR(36),
          attempts INTEGER NOT NULL,
          outcome BYTEA NOT NULL,
          PRIMARY KEY (report_day, domain))
        """,
        "CREATE INDEX IF NOT EXISTS sts_report_due ON sts_report (state, due_at)",
        """
        CREATE TABLE IF NOT EXISTS sts_report_suppression (
          target VARCHAR(1000) PRIMARY KEY,
          ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
          changed_by BYTEA NOT NULL,
          changed_at TIMESTAMP WITH TIME ZONE NOT NULL)
        """);
  }

  private static List<String> withReceivedReports() {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS received_report (
          report_key CHAR(64) PRIMARY KEY,
          submitter BYTEA NOT NULL,
          report_id BYTEA NOT NULL,
          begins_at TIMESTAMP WITH TIME ZONE NOT NULL,
          ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
          domains BYTEA NOT NULL,
          successful BIGINT NOT NULL,
          failed BIGINT NOT NULL,
          octets BIGINT NOT NULL,
          received_at TIMESTAMP WITH TIME ZONE NOT NULL)
        """,
        """
        CREATE TABLE IF NOT EXISTS received_part (
          report_key CHAR(64) NOT NULL REFERENCES received_report (report_key) ON DELETE CASCADE,
          part INTEGER NOT NULL,
          octets BYTEA NOT NULL,
          PRIMARY KEY (report_key, part))
        """,
        index("received_report", "received_at"));
  }

  private static List<String> withEnforcement() {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS sts_enforcement (
          id VARCHAR(20) PRIMARY KEY,
          mode VARCHAR(20) NOT NULL,
          ends_at TIMESTAMP WITH TIME ZONE,
          remark BYTEA NOT NULL,
          changed_by BYTEA NOT NULL,
          changed_at TIMESTAMP WITH TIME ZONE NOT NULL)
        """);
  }

  private static List<String> withPastPolicies() {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS sts_policy_past (
          domain VARCHAR(253) NOT NULL,
          slot VARCHAR(20) NOT NULL,
          replaced_at TIMESTAMP WITH TIME ZONE NOT NULL,
          id VARCHAR(32) NOT NULL,
          body BYTEA NOT NULL,
          fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
          PRIMARY KEY (domain, slot, replaced_at))
        """,
        index("sts_policy_past", "replaced_at"));
  }

  /** All three are null where nothing was kept of what a host showed. */
  private static List<String> withForensicDetails() {
    return List.of(
        "ALTER TABLE sts_session_failure ADD COLUMN IF NOT EXISTS banner BYTEA",
        "ALTER TABLE sts_session_failure ADD COLUMN IF NOT EXISTS certificates BYTEA",
        "ALTER TABLE sts_session_failure ADD COLUMN IF NOT EXISTS certificates_left_out INTEGER");
  }

  private static String addTime(String column, String rest) {
    return "ALTER TABLE sts_policy ADD COLUMN IF NOT EXISTS %s TIMESTAMP WITH TIME ZONE %s"
        .formatted(column, rest);
  }

  private static String index(String table, String column) {
    return "CREATE INDEX IF NOT EXISTS %1$s_%2$s ON %1$s (%2$s)".formatted(table, column);
  }

  /** One may be lost for each migration: whoever wins it has applied that one. */
  private static final int RACES = MIGRATIONS.size() + 1;

  private static final int NO_TABLE = -1;

  private Schema() {}

  /** Whether any version of this project ever made its tables here. */
  static boolean exists(Connection connection) {
    return version(connection) != NO_TABLE;
  }

  /**
   * Brings the tables to the newest version; where they are so already, it only reads.
   *
   * @param connection in auto-commit mode
   */
  static void migrate(Connection connection) throws SQLException {
    for (int race = 1; ; race++) {
      try {
        migrateFrom(Math.max(version(connection), 0), connection);
        return;
      } catch (SQLException e) {
        if (race == RACES) {
          throw e;
        }
      }
    }
  }

  /**
   * Changes nothing.
   *
   * @throws SQLException when the tables are not those of this version: the message says so
   */
  static void requireCurrent(Connection connection) throws SQLException {
    int version = version(connection);
    if (version != MIGRATIONS.size()) {
      throw new SQLException(
          version == NO_TABLE
              ? "no james-sts has made its tables yet"
              : "its tables have version %d, this james-sts reads only %d"
                  .formatted(version, MIGRATIONS.size()));
    }
  }

  private static void migrateFrom(int version, Connection connection) throws SQLException {
    if (version > MIGRATIONS.size()) {
      throw new SQLException(
          "its tables have version %d, this james-sts knows only %d: it was used by a newer one"
              .formatted(version, MIGRATIONS.size()));
    }
    for (int next = version; next < MIGRATIONS.size(); next++) {
      connection.setAutoCommit(false);
      try {
        apply(next + 1, MIGRATIONS.get(next), connection);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private static void apply(int number, List<String> migration, Connection connection)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS sts_schema ("
              + "version INTEGER PRIMARY KEY, applied_at TIMESTAMP WITH TIME ZONE NOT NULL)");
      for (String sql : migration) {
        statement.execute(sql);
      }
    }
    try (PreparedStatement note =
        connection.prepareStatement("INSERT INTO sts_schema VALUES (?, CURRENT_TIMESTAMP)")) {
      note.setInt(1, number);
      note.executeUpdate();
    }
  }

  /** What was applied last, or {@link #NO_TABLE}. A database that fails is found out later. */
  private static int version(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM sts_schema")) {
      return result.next() ? result.getInt(1) : 0;
    } catch (SQLException e) {
      return NO_TABLE;
    }
  }
}
