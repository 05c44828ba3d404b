package org.jamessts.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A database that is opened at the first need. Implementations are safe for use by many threads.
 */
public interface Database extends AutoCloseable {

  /** Something to do with a connection. */
  @FunctionalInterface
  interface Work<T> {

    /**
     * Does it.
     *
     * @param connection in auto-commit mode
     */
    T on(Connection connection) throws SQLException;

    /** The same work, of which all is done or nothing. */
    default Work<T> inOneTransaction() {
      return connection -> {
        connection.setAutoCommit(false);
        boolean committed = false;
        try {
          T result = on(connection);
          connection.commit();
          committed = true;
          return result;
        } finally {
          if (!committed) {
            connection.rollback();
          }
          connection.setAutoCommit(true);
        }
      };
    }
  }

  /**
   * Does work that changes nothing, in a database whose tables are as this version needs them. It
   * may take as long as the database takes.
   *
   * @throws SQLException when the database or the work fails; the message is for the operator and
   *     holds no password
   */
  <T> T read(Work<T> work) throws SQLException;

  /**
   * The same for work that changes something: on return, the change outlives the death of this
   * process.
   */
  <T> T write(Work<T> work) throws SQLException;

  /**
   * What was lost since the start and needs somebody's attention, in words; it stays until the next
   * start.
   */
  default Optional<String> damage() {
    return Optional.empty();
  }

  /** Gives up all connections; for tests, since James delivers mail until its process ends. */
  @Override
  void close();
}
