package org.jamessts.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
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

  @TempDir Path directory;

  /** Of a process that was killed right after its first change: its last chunk misses one. */
  @Test
  void fileOfAKilledProcessShouldBeOpenedWithoutItsLastChange() throws Exception {
    try (InputStream killed = getClass().getResourceAsStream("killed.mv.db")) {
      Files.copy(requireNonNull(killed), file());
    }
    byte[] before = Files.readAllBytes(file());
    EmbeddedDatabase database = new EmbeddedDatabase(directory, Clock.systemUTC());
    try {
      assertThat(rows(database, "sts_schema")).isPositive();
      assertThat(database.damage())
          .hasValueSatisfying(what -> assertThat(what).contains("opened again"));
      assertThat(DamagedFiles.in(directory))
          .singleElement()
          .satisfies(copy -> assertThat(copy).hasBinaryContent(before));
    } finally {
      database.close();
    }
  }

  @Test
  void theLastChangeAloneShouldBeTakenAway() throws Exception {
    Path written = directory.resolve("written");
    EmbeddedDatabase writing = new EmbeddedDatabase(written, Clock.systemUTC());
    for (int i = 0; i < 10; i++) {
      change(writing, i);
    }
    // As the death of the process would leave it.
    Files.copy(written.resolve("sts.mv.db"), file());
    writing.close();

    StoreChunks.dropNewest(file());

    EmbeddedDatabase database = new EmbeddedDatabase(directory, Clock.systemUTC());
    try {
      assertThat(rows(database, "sts_session_batch")).isEqualTo(9);
      assertThat(database.damage()).isEmpty();
    } finally {
      database.close();
    }
  }

  @Test
  void fileWithoutAnyChunkShouldBeLeftAlone() throws Exception {
    Files.write(file(), new byte[20_000]);

    assertThatThrownBy(() -> StoreChunks.dropNewest(file())).isInstanceOf(IOException.class);

    assertThat(file()).hasBinaryContent(new byte[20_000]);
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
