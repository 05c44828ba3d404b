package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that a James has left when it stopped, and that H2 opens but cannot search. */
class UnsearchableFileTest {

  private static final int MAILS = 13;

  @TempDir Path directory;

  @Test
  void aFileInWhichTheSearchForTheLastChangeNeverEndsShouldBeOpened() throws Exception {
    try (InputStream file =
        new GZIPInputStream(
            Objects.requireNonNull(getClass().getResourceAsStream("unsearchable.mv.db.gz")))) {
      Files.copy(file, directory.resolve("sts.mv.db"));
    }
    Clock clock = Clock.systemUTC();

    try (Stores stores = new Stores(new EmbeddedDatabase(directory, clock), 1_000, clock)) {
      assertThat(stores.deferrals().size()).isEqualTo(MAILS);
      assertThat(stores.deferrals().trouble()).isEmpty();
    }
  }
}
