package org.jamessts.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A {@link PostgresDatabase}, for reading alone: who only looks must not bring the tables up to
 * date for the servers that use them. Tables of another version are refused.
 */
public final class PostgresReading extends ReadOnlyDatabase {

  private final PostgresServer server;

  /** A database; nothing is connected yet. */
  public PostgresReading(PostgresServer server) {
    this.server = server;
  }

  @Override
  Connection open() throws SQLException {
    Connection connection = PostgresDatabase.source(server).getConnection();
    try (Statement statement = connection.createStatement()) {
      // The server holds us to it.
      statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
      Schema.requireCurrent(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
