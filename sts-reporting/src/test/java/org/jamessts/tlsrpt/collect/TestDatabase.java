package org.jamessts.tlsrpt.collect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jamessts.store.Database;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.FailingDatabase;
import org.jamessts.store.PostgresDatabase;
import org.jamessts.store.PostgresServer;
import org.jamessts.store.StoreAccess;
import org.jamessts.store.TestPostgres;
import org.jspecify.annotations.Nullable;

/** An empty database, which several servers of a test may share. */
public final class TestDatabase implements AutoCloseable {

  /** Which. */
  public enum Kind {
    H2,
    POSTGRES
  }

  private static final Duration RETRY = Duration.ofMillis(20);

  /** Started once: it ends with the tests' process. */
  private static @Nullable TestPostgres postgres;

  private final Kind kind;
  private final Path directory;
  private final List<StoreAccess> accesses = new ArrayList<>();
  private final List<Database> databases = new ArrayList<>();

  /**
   * A database.
   *
   * @param directory for its files, if it has any
   */
  public TestDatabase(Kind kind, Path directory) {
    this.kind = kind;
    this.directory = directory;
    if (kind == Kind.POSTGRES) {
      try {
        postgres().empty();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static synchronized TestPostgres postgres() {
    try {
      TestPostgres running = postgres == null ? TestPostgres.start() : postgres;
      postgres = running;
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is, for processes of their own. */
  public PostgresServer server() {
    return postgres().place();
  }

  /** As one more server sees it; it fails when told. */
  public FailingDatabase database() {
    // A file belongs to one process.
    if (kind == Kind.POSTGRES || databases.isEmpty()) {
      databases.add(
          kind == Kind.POSTGRES
              ? new PostgresDatabase(server())
              : new EmbeddedDatabase(directory, Clock.systemUTC()));
    }
    return new FailingDatabase(databases.get(databases.size() - 1));
  }

  /** The way of a server to it. */
  public StoreAccess access(Database database) {
    accesses.add(new StoreAccess(database, "what is reported", 2, RETRY));
    return accesses.get(accesses.size() - 1);
  }

  /** The way of one more server to it. */
  public StoreAccess access() {
    return access(database());
  }

  /** Ends the servers; the next one opens what is there. */
  void endServers() {
    accesses.forEach(StoreAccess::close);
    databases.forEach(Database::close);
    accesses.clear();
    databases.clear();
  }

  @Override
  public void close() {
    endServers();
  }
}
