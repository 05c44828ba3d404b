package org.jamessts.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;

/**
 * The file of an {@link EmbeddedDatabase}, for reading alone: of a server that does not run, since
 * one that does holds the file for itself. Without a file, it is a database with nothing in it.
 */
public final class EmbeddedReading extends ReadOnlyDatabase {

  private static final String OPTIONS =
      ";MODE=PostgreSQL;ACCESS_MODE_DATA=r;IFEXISTS=TRUE;TRACE_LEVEL_FILE=0";

  private final Path directory;

  /**
   * A database; no file is touched yet.
   *
   * @param directory where the file is
   */
  public EmbeddedReading(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** Whether another process holds the file. */
  public boolean isInUse() {
    try {
      read(connection -> true);
      return false;
    } catch (SQLException e) {
      return e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1;
    }
  }

  @Override
  Connection open() throws SQLException {
    JdbcDataSource source = new JdbcDataSource();
    source.setUser("sts");
    source.setPassword("");
    if (Files.exists(directory.resolve(EmbeddedDatabase.NAME + ".mv.db"))) {
      source.setURL("jdbc:h2:file:" + directory.resolve(EmbeddedDatabase.NAME) + OPTIONS);
      return source.getConnection();
    }
    source.setURL("jdbc:h2:mem:;MODE=PostgreSQL");
    Connection empty = source.getConnection();
    Schema.migrate(empty);
    return empty;
  }
}
