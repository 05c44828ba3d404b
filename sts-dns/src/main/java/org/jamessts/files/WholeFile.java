package org.jamessts.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files of which nobody ever sees a part. */
public final class WholeFile {

  private WholeFile() {}

  /**
   * Puts a file where it belongs, in place of one that may be there.
   *
   * @param file its directory is made when it is not there
   * @throws IOException when it could not be written; what was there is as it was
   */
  public static void replace(Path file, byte[] content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new NoSuchFileException(file.toString());
    }
    Files.createDirectories(directory);
    Path fresh = Files.createTempFile(directory, "fresh", ".tmp");
    Files.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
