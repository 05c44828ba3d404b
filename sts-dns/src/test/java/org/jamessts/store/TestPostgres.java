package org.jamessts.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL of our own, on loopback. */
public final class TestPostgres implements AutoCloseable {

  private final EmbeddedPostgres postgres;

  private TestPostgres(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** Starts it; it takes a second or two. */
  public static TestPostgres start() throws IOException {
    return new TestPostgres(EmbeddedPostgres.start());
  }

  /** Where it is, as an operator would write it. */
  public PostgresServer place() {
    return placeAt(postgres.getPort());
  }

  /** The same at another port, where nobody or somebody else may listen. */
  public static PostgresServer placeAt(int port) {
    return new PostgresServer(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "postgres");
  }

  /** A connection of its own. */
  public Connection connect() throws SQLException {
    return postgres.getPostgresDatabase().getConnection();
  }

  /** Runs SQL on a connection of its own. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** As before the first start of the product. */
  public void empty() throws SQLException {
    execute(
        "DROP TABLE IF EXISTS sts_policy, sts_draft, sts_draft_candidate, sts_policy_past,"
            + " sts_alarm, sts_override, sts_deferred_part, sts_deferred, sts_session_batch,"
            + " sts_session, sts_session_failure, sts_report, sts_report_suppression,"
            + " received_part, received_report, sts_enforcement, sts_schema");
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
