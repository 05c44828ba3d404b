package org.jamessts.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be done with a file that H2 does not open. */
@Timeout(60)
class StoreChunksTest {

  private static final int COPIES = 40;
  private static final int OTHER_CHANGES = 20;

  @TempDir Path directory;

  /** Of a process that was killed right after its first change: its last chunk misses one. */
  @Test
  void fileOfAKilledProcessShouldBeOpenedWithoutWhatNobodyReliedOn() throws Exception {
    try (InputStream killed = getClass().getResourceAsStream("killed.mv.db")) {
      Files.copy(requireNonNull(killed), file());
    }
    EmbeddedDatabase database = new EmbeddedDatabase(directory, Clock.systemUTC());
    try {
      assertThat(rows(database, "sts_schema")).isPositive();
      assertThat(database.damage()).isEmpty();
      assertThat(DamagedFiles.in(directory)).isEmpty();
    } finally {
      database.close();
    }
  }

  @Test
  void onlyWhatDoesNotKnowTheOneBeforeShouldBeTakenAway() throws Exception {
    try (InputStream killed = getClass().getResourceAsStream("killed.mv.db")) {
      Files.copy(requireNonNull(killed), file());
    }

    assertThat(StoreChunks.dropIncomplete(file())).isOne();
    assertThat(StoreChunks.dropIncomplete(file())).isZero();
  }

  @Test
  void fileThatIsCompleteShouldBeLeftAlone() throws Exception {
    Path written = directory.resolve("written");
    EmbeddedDatabase writing = new EmbeddedDatabase(written, Clock.systemUTC());
    for (int i = 0; i < 10; i++) {
      change(writing, i);
    }
    // As the death of the process would leave it.
    Files.copy(written.resolve("sts.mv.db"), file());
    writing.close();
    byte[] before = Files.readAllBytes(file());

    assertThat(StoreChunks.dropIncomplete(file())).isZero();

    assertThat(file()).hasBinaryContent(before);
  }

  @Test
  void fileWithoutAnyChunkShouldBeLeftAlone() throws Exception {
    Files.write(file(), new byte[20_000]);

    assertThat(StoreChunks.dropIncomplete(file())).isZero();

    assertThat(file()).hasBinaryContent(new byte[20_000]);
  }

  /**
   * H2 writes on threads of its own meanwhile, as it does when much changes: whatever the file ends
   * with, a change that is said to be safe is found.
   */
  @Test
  void changeThatIsSafeShouldBeFoundWhateverIsWrittenBeforeAndAfter() throws Exception {
    Path used = directory.resolve("used");
    EmbeddedDatabase database = new EmbeddedDatabase(used, Clock.systemUTC());
    try {
      for (int i = 0; i < COPIES; i++) {
        Thread others = new Thread(() -> changeWithoutWaiting(database));
        others.start();
        change(database, i);
        Path copy = Files.createDirectory(directory.resolve("copy" + i));
        copyBetweenWrites(database, used, copy);
        others.join();
        EmbeddedDatabase copied = new EmbeddedDatabase(copy, Clock.systemUTC());
        try {
          assertThat(rows(copied, "sts_session_batch")).isEqualTo(i + 1);
          assertThat(copied.damage()).isEmpty();
        } finally {
          copied.close();
        }
      }
    } finally {
      database.close();
    }
  }

  private static void changeWithoutWaiting(EmbeddedDatabase database) {
    try {
      int unused =
          database.read(
              connection -> {
                int changed = 0;
                for (int i = 0; i < OTHER_CHANGES; i++) {
                  try (Statement statement = connection.createStatement()) {
                    changed += statement.executeUpdate("UPDATE sts_schema SET version = version");
                  }
                  ChunkWriter.fileOf(connection).tryCommit();
                }
                return changed;
              });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copyBetweenWrites(EmbeddedDatabase database, Path from, Path to)
      throws SQLException {
    Path copy =
        database.read(
            connection -> {
              ChunkWriter.fileOf(connection)
                  .executeFilestoreOperation(
                      () -> {
                        try {
                          Files.copy(from.resolve("sts.mv.db"), to.resolve("sts.mv.db"));
                        } catch (IOException e) {
                          throw new UncheckedIOException(e);
                        }
                      });
              return to;
            });
    assertThat(copy).isNotEmptyDirectory();
  }

  private static void change(EmbeddedDatabase database, int number) throws SQLException {
    int changed =
        database.write(
            connection -> {
              try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(
                    "INSERT INTO sts_session_batch (id, added_at) VALUES ('"
                        + number
                        + "', CURRENT_TIMESTAMP)");
              }
            });
    assertThat(changed).isOne();
  }

  private static int rows(EmbeddedDatabase database, String table) throws SQLException {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            row.next();
            return row.getInt(1);
          }
        });
  }

  private Path file() {
    return directory.resolve("sts.mv.db");
  }
}
