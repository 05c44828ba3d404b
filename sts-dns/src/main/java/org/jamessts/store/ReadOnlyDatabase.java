package org.jamessts.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** A database for reading alone, by one piece of work at a time. */
abstract class ReadOnlyDatabase implements Database {

  private Optional<Connection> opened = Optional.empty();

  /** A connection that changes nothing; asked for once, at the first work. */
  abstract Connection open() throws SQLException;

  @Override
  public final synchronized <T> T read(Work<T> work) throws SQLException {
    if (opened.isEmpty()) {
      opened = Optional.of(open());
    }
    return work.on(opened.get());
  }

  @Override
  public final <T> T write(Work<T> work) throws SQLException {
    throw new SQLException("the store is open for reading alone");
  }

  @Override
  public final synchronized void close() {
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
