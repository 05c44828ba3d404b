package org.jamessts.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {

  private static final FileTime THEN = FileTime.from(Instant.parse("2026-11-23T00:00:00Z"));

  @TempDir Path directory;
  Path path;
  WatchedFile file;

  @BeforeEach
  void write() throws Exception {
    path = Files.writeString(directory.resolve("file"), "four");
    Files.setLastModifiedTime(path, THEN);
    file = new WatchedFile(path, 8);
  }

  @Test
  void hasChangedShouldBeTrueUntilTheFileWasRead() throws Exception {
    assertThat(file.hasChanged()).isTrue();
    assertThat(file.read()).asString(UTF_8).isEqualTo("four");
    assertThat(file.hasChanged()).isFalse();
  }

  @Test
  void hasChangedShouldSeeAnotherSizeAtTheSameTime() throws Exception {
    file.read();

    Files.writeString(path, "three");
    Files.setLastModifiedTime(path, THEN);

    assertThat(file.hasChanged()).isTrue();
  }

  @Test
  void hasChangedShouldSeeAnotherTimeWithTheSameSize() throws Exception {
    file.read();

    Files.writeString(path, "five");
    Files.setLastModifiedTime(path, FileTime.from(THEN.toInstant().plusMillis(1)));

    assertThat(file.hasChanged()).isTrue();
  }

  @Test
  void hasChangedShouldSeeAFileThatWasRenamedIntoPlaceWithSameSizeAndTime() throws Exception {
    file.read();

    Path other = Files.writeString(directory.resolve("other"), "five");
    Files.setLastModifiedTime(other, THEN);
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);

    assertThat(file.hasChanged()).isTrue();
  }

  @Test
  void hasChangedShouldBeTrueWhileTheFileCannotBeRead() throws Exception {
    file.read();
    Files.delete(path);
    assertThat(file.hasChanged()).isTrue();
    assertThatIOException().isThrownBy(file::read).withMessage("it does not exist");

    Files.writeString(path, "much too large");
    assertThat(file.hasChanged()).isTrue();
    assertThatIOException().isThrownBy(file::read).withMessage("it has more than 8 octets");
    assertThat(file.hasChanged()).isTrue();
  }

  @Test
  void readShouldTakeAsMuchAsIsAllowed() throws Exception {
    Files.writeString(path, "12345678");

    assertThat(file.read()).hasSize(8);
  }

  @Test
  void readShouldSayThatItMayNot() throws Exception {
    Files.setPosixFilePermissions(path, Set.of());
    assumeFalse(Files.isReadable(path), "this user may read everything");

    assertThatIOException()
        .isThrownBy(file::read)
        .withMessage("it may not be read by this process");
  }

  @Test
  void readShouldRefuseWhatIsNoRegularFile() {
    assertThatIOException()
        .isThrownBy(() -> new WatchedFile(directory, 8).read())
        .withMessage("it is not a regular file");
    assertThatIOException()
        .isThrownBy(() -> new WatchedFile(directory.resolve("x".repeat(300)), 8).read())
        .withMessageStartingWith("it cannot be read: ");
  }
}
