package org.jamessts.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SingleFileStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An H2 database in one file of this server, which no other process can open. What is committed
 * survives the death of the process at any moment; mail that it had claimed is due again at the
 * next start. A file that cannot be opened, or shows damage again soon after it was opened because
 * of that, is set aside under another name beside it, and a new one begun.
 */
public final class EmbeddedDatabase implements Database {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  static final String NAME = "sts";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * DB_CLOSE_ON_EXIT: James delivers mail until the JVM is gone, later than H2 would close.
   * RETENTION_TIME: freed space is used again after ten seconds. The default of 45 s lets a burst
   * of writes make a larger file; with one second, H2 missed what a thread was about to read that
   * had not got a processor for so long.
   */
  private static final String OPTIONS =
      ";MODE=PostgreSQL;RETENTION_TIME=10000;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;CACHE_SIZE=";

  private static final int KIB = 1024;

  /** In KiB: what H2 has read lies there. */
  private static final long LARGEST_CACHE = 64 * KIB;

  /** The part of the heap that it may take. */
  private static final int CACHE_PART = 16;

  /** As many as ask at a time, of all kinds of work. */
  private static final int CONNECTIONS = 16;

  /** A file that shows damage twice within this time is damaged. */
  private static final Duration SUSPICION = Duration.ofMinutes(10);

  /** Octets of the text with which a file begins. */
  private static final int HEADER = 4096;

  private final Path directory;
  private final Clock clock;
  private final long cacheKib;
  private Optional<Opened> opened = Optional.empty();

  /** Whether those who claimed mail are gone; not when this very object opens the file again. */
  private boolean claimsAreOthers = true;

  /** When the file in use showed damage last. */
  private Optional<Instant> suspected = Optional.empty();

  private volatile Optional<String> damage = Optional.empty();

  /**
   * A database; no file is touched yet.
   *
   * @param directory is made when it is not there
   * @param clock stamps the names of damaged files
   */
  public EmbeddedDatabase(Path directory, Clock clock) {
    this(
        directory,
        clock,
        Math.min(LARGEST_CACHE, Runtime.getRuntime().maxMemory() / KIB / CACHE_PART));
  }

  EmbeddedDatabase(Path directory, Clock clock, long cacheKib) {
    this.directory = directory.toAbsolutePath();
    this.clock = clock;
    this.cacheKib = cacheKib;
  }

  /**
   * The file, opened.
   *
   * @param writes of what was changed by these connections: a file that is opened anew lacks what
   *     others did not write
   * @param file writes them
   */
  private record Opened(JdbcConnectionPool connections, GroupedWrites writes, ChunkWriter file) {

    /** Returns when all that was changed before is in the file. */
    void awaitWrite() throws SQLException {
      writes.await(file::write);
    }
  }

  @FunctionalInterface
  private interface Use<T> {
    T of(Connection connection, Opened used) throws SQLException;
  }

  @Override
  public <T> T write(Work<T> work) throws SQLException {
    return use(
        (connection, used) -> {
          T result = work.on(connection);
          used.awaitWrite();
          return result;
        });
  }

  @Override
  public <T> T read(Work<T> work) throws SQLException {
    return use((connection, used) -> work.on(connection));
  }

  private <T> T use(Use<T> use) throws SQLException {
    Opened used = opened();
    try (Connection connection = used.connections().getConnection()) {
      return use.of(connection, used);
    } catch (SQLException e) {
      if (isDamage(e)) {
        suspect(used, e);
      } else if (isClosed(used)) {
        leave(used);
      }
      throw e;
    } catch (Error e) {
      // There is no memory, and what H2 has left half done is not to be built on.
      leave(used);
      throw e;
    }
  }

  /**
   * Whether H2 has closed the file by itself, as it does when it cannot write: the disk is full.
   */
  private static boolean isClosed(Opened used) {
    try (Connection connection = used.connections().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
      return false;
    } catch (SQLException e) {
      LOG.debug("H2 has closed the file", e);
      return true;
    }
  }

  /**
   * The next call opens the file as after the death of a process. The connections are left as they
   * are: to close one, H2 may go round in circles for ever.
   *
   * @return false if others have done so before
   */
  private synchronized boolean leave(Opened used) {
    boolean first = opened.filter(used::equals).isPresent();
    if (first) {
      shutDown(used);
      opened = Optional.empty();
    }
    return first;
  }

  private synchronized Opened opened() throws SQLException {
    if (opened.isPresent()) {
      return opened.get();
    }
    Opened now;
    try {
      now = open();
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      setAside(e);
      now = open();
    }
    opened = Optional.of(now);
    return now;
  }

  private Opened open() throws SQLException {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + directory.resolve(NAME) + OPTIONS + cacheKib);
    source.setUser("sts");
    source.setPassword("");
    boolean fresh = isFresh();
    if (!fresh) {
      findLastChange();
    }
    // H2 closes the file with its last connection.
    try (Connection connection = source.getConnection()) {
      // H2 takes some damaged files for empty ones.
      if (!fresh && !Schema.exists(connection)) {
        throw new SQLException("it holds no tables", "", ErrorCode.FILE_CORRUPTED_1);
      }
      Schema.migrate(connection);
      for (PolicyTable table : PolicyTable.all()) {
        table.after(connection, "", 1);
      }
      if (claimsAreOthers) {
        DeferredRows.endClaims(connection, clock.instant());
        claimsAreOthers = false;
      }
      JdbcConnectionPool connections = JdbcConnectionPool.create(source);
      connections.setMaxConnections(CONNECTIONS);
      connectAll(connections);
      return new Opened(
          connections, new GroupedWrites(), new ChunkWriter(ChunkWriter.fileOf(connection)));
    }
  }

  /**
   * Makes every connection that will ever be. For a new one H2 would open a file that it has closed
   * by itself, and not look for the last change.
   */
  private static void connectAll(JdbcConnectionPool connections) throws SQLException {
    List<Connection> all = new ArrayList<>();
    try {
      while (all.size() < CONNECTIONS) {
        all.add(connections.getConnection());
      }
    } finally {
      for (Connection connection : all) {
        connection.close();
      }
    }
  }

  /**
   * After the death of a process, H2 goes by a header that it writes before it has noted the change
   * that it has just written; a change in space that was used before is then overlooked. Its
   * recovery mode looks through the whole file instead. Closing notes what was found.
   */
  private void findLastChange() throws SQLException {
    try {
      if (!wasClosed()) {
        int dropped = StoreChunks.dropIncomplete(file());
        if (dropped > 0) {
          LOG.warn(
              "{} ended with {} writes that are without those before them, and of which nobody was"
                  + " told that they are safe: they were taken away",
              file(),
              dropped);
        }
        search();
      }
    } catch (IOException e) {
      throw new SQLException("the file " + file() + " cannot be read: " + e, e);
    } catch (StackOverflowError e) {
      // It asks the map of all chunks where that very map is. Without the search, the file opens.
      LOG.warn("the file {} cannot be searched for a change after the last one noted", file());
    } catch (MVStoreException | IllegalArgumentException e) {
      // In use by another process, or damaged: H2 says so when it opens the file as a database.
      LOG.debug("no last change found in {}", file(), e);
    }
  }

  private void search() {
    // Our own, since H2 leaves it open, and thereby locked, when the search fails.
    SingleFileStore searched = new SingleFileStore(new HashMap<>(Map.of("recoveryMode", 1)));
    searched.open(file().toString(), false, null);
    try {
      new MVStore.Builder().fileStore(searched).recoveryMode().open().close();
    } finally {
      searched.close();
    }
  }

  private boolean wasClosed() throws IOException {
    try (InputStream in = Files.newInputStream(file())) {
      return new String(in.readNBytes(HEADER), ISO_8859_1).contains(",clean:1,");
    }
  }

  private boolean isFresh() throws SQLException {
    if (directory.toString().indexOf(';') >= 0) {
      throw new SQLException("H2 takes no directory with a semicolon in its name: " + directory);
    }
    try {
      Files.createDirectories(directory);
      return Files.notExists(file()) || Files.size(file()) == 0;
    } catch (IOException e) {
      throw new SQLException("there is no directory " + directory + ": " + e, e);
    }
  }

  /**
   * Opens the file anew at the next call, as after the death of a process, which tells whether it
   * is damaged: H2 says the same where a thread was so slow that it missed what it was to read, and
   * then there is nothing wrong with the file. A copy is kept, since H2 opens some damaged files by
   * going back to an older state, without a word.
   */
  private synchronized void suspect(Opened used, SQLException failure) {
    // Others may have seen the same, and a file may have been opened since.
    if (!leave(used)) {
      return;
    }
    Instant now = clock.instant();
    boolean again = suspected.filter(before -> now.isBefore(before.plus(SUSPICION))).isPresent();
    suspected = Optional.of(now);
    try {
      if (again) {
        setAside(failure);
      } else {
        copyAside(failure);
      }
    } catch (SQLException e) {
      LOG.error("{}", e.getMessage());
    }
  }

  private void copyAside(SQLException failure) throws SQLException {
    Path aside = aside();
    try {
      Files.copy(file(), aside);
    } catch (IOException e) {
      throw new SQLException(
          "no copy %s can be made of %s, which shows damage: %s".formatted(aside, file(), e), e);
    }
    tellDamage(
        "the store showed damage and was opened again, perhaps without what was written last;"
            + " a copy as it was, with policies and mail, is "
            + aside,
        failure);
  }

  private static void shutDown(Opened used) {
    try (Connection connection = used.connections().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    } catch (SQLException e) {
      LOG.debug("H2 has closed the file already", e);
    }
  }

  private void setAside(SQLException reason) throws SQLException {
    Path aside = aside();
    try {
      Files.move(file(), aside);
    } catch (IOException e) {
      throw new SQLException("the damaged " + file() + " cannot be renamed to " + aside + ": " + e);
    }
    tellDamage(
        "the store was damaged and begun anew; the old file, with policies and mail, is " + aside,
        reason);
  }

  /** A name that no file has. */
  private Path aside() {
    String begin = NAME + ".damaged-" + STAMP.format(clock.instant());
    Path aside = directory.resolve(begin + ".mv.db");
    for (int i = 2; Files.exists(aside); i++) {
      aside = directory.resolve(begin + "-" + i + ".mv.db");
    }
    return aside;
  }

  private void tellDamage(String what, SQLException reason) {
    damage = Optional.of(what);
    LOG.error("{} ({})", what, summary(reason));
  }

  private static String summary(SQLException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private static boolean isDamage(SQLException failure) {
    boolean damage = failure.getErrorCode() == ErrorCode.FILE_CORRUPTED_1;
    for (Throwable t = failure; t != null && !damage; t = t.getCause()) {
      damage =
          t instanceof EOFException
              || (t instanceof MVStoreException store && isDamage(store.getErrorCode()));
    }
    return damage;
  }

  private static boolean isDamage(int mvStoreError) {
    return mvStoreError == DataUtils.ERROR_FILE_CORRUPT
        || mvStoreError == DataUtils.ERROR_CHUNK_NOT_FOUND
        || mvStoreError == DataUtils.ERROR_UNSUPPORTED_FORMAT;
  }

  private Path file() {
    return directory.resolve(NAME + ".mv.db");
  }

  @Override
  public Optional<String> damage() {
    return damage;
  }

  @Override
  public synchronized void close() {
    opened.ifPresent(one -> one.connections().dispose());
    opened = Optional.empty();
    claimsAreOthers = true;
  }
}
