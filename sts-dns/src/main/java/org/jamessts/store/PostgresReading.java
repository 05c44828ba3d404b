package org.jamessts.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A {@link PostgresDatabase}, for reading alone: who only looks must not bring the tables up to
 * date for the servers that use them. Tables of another version are refused.
 */
public final class PostgresReading implements Database {

  private final PostgresServer server;
  private Optional<Connection> opened = Optional.empty();

  /** A database; nothing is connected yet. */
  public PostgresReading(PostgresServer server) {
    this.server = server;
  }

  /** One piece of work at a time. */
  @Override
  public synchronized <T> T read(Work<T> work) throws SQLException {
    if (opened.isEmpty()) {
      opened = Optional.of(open());
    }
    return work.on(opened.get());
  }

  private Connection open() throws SQLException {
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

  @Override
  public <T> T write(Work<T> work) throws SQLException {
    throw new SQLException("the store is open for reading alone");
  }

  @Override
  public synchronized void close() {
    opened.ifPresent(
        connection -> {
          try {
            connection.close();
          } catch (SQLException e) {
            // Nothing was written: nothing is lost.
          }
        });
    opened = Optional.empty();
  }
}
