package org.jamessts.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL database, which several servers may share. */
public final class PostgresDatabase implements Database {

  private static final int CONNECTIONS = 14;
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** After this the driver gives up a connection that is silent, and with it the thread. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final PostgresServer server;
  private Optional<HikariDataSource> pool = Optional.empty();

  /** A database; nothing is connected yet. */
  public PostgresDatabase(PostgresServer server) {
    this.server = server;
  }

  @Override
  public <T> T read(Work<T> work) throws SQLException {
    try (Connection connection = pool().getConnection()) {
      return work.on(connection);
    }
  }

  @Override
  public <T> T write(Work<T> work) throws SQLException {
    return read(work);
  }

  private synchronized HikariDataSource pool() throws SQLException {
    if (pool.isPresent()) {
      return pool.get();
    }
    PGSimpleDataSource source = source(server);
    // Without the pool: it would hide why there is no connection behind how long it waited for one.
    try (Connection connection = source.getConnection()) {
      Schema.migrate(connection);
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("james-sts");
    config.setDataSource(source);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT.toMillis());
    config.setInitializationFailTimeout(-1);
    HikariDataSource opened = new HikariDataSource(config);
    pool = Optional.of(opened);
    return opened;
  }

  static PGSimpleDataSource source(PostgresServer server) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setUrl(server.url());
    } catch (IllegalArgumentException e) {
      // The driver's message repeats the URL, whatever secret somebody may have put there.
      throw new SQLException("store.url is no URL that the PostgreSQL driver reads");
    }
    source.setUser(server.user());
    source.setPassword(server.password());
    source.setApplicationName("james-sts");
    source.setConnectTimeout((int) CONNECT.toSeconds());
    source.setLoginTimeout((int) CONNECT.toSeconds());
    source.setSocketTimeout((int) SILENCE.toSeconds());
    source.setTcpKeepAlive(true);
    return source;
  }

  @Override
  public synchronized void close() {
    pool.ifPresent(HikariDataSource::close);
    pool = Optional.empty();
  }
}
