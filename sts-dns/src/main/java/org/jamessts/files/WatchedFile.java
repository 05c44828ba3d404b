package org.jamessts.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A file that somebody else may replace at any time. Whoever replaces it should write another file
 * and rename it: a file that is read while it is written is read half, and read again when it has
 * changed once more. Not for use by several threads.
 */
public final class WatchedFile {

  /** What tells one state of a file from the next. */
  private record Stamp(FileTime modified, long size, String fileKey) {}

  private final Path path;
  private final int maxOctets;
  private @Nullable Stamp read;

  /**
   * @param path where it is; it need not exist yet
   * @param maxOctets a larger file is not read
   */
  public WatchedFile(Path path, int maxOctets) {
    this.path = path;
    this.maxOctets = maxOctets;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Whether the file is another than that which was read last: another size, modification time or
   * place on the disk. A file that could not be read counts as changed, since what stood in the way
   * may be gone.
   */
  public boolean hasChanged() {
    try {
      return !stamp().equals(read);
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Reads it.
   *
   * @throws IOException when it cannot be read or is too large: the message says why, beginning
   *     with "it", without the path
   */
  public byte[] read() throws IOException {
    read = null;
    try {
      // What changes after this look is a change, even if it is read already.
      Stamp before = stamp();
      byte[] octets = content();
      read = before;
      return octets;
    } catch (NoSuchFileException e) {
      throw new IOException("it does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException("it may not be read by this process", e);
    } catch (FileSystemException e) {
      throw new IOException("it cannot be read: " + e.getReason(), e);
    }
  }

  private byte[] content() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] octets = in.readNBytes(maxOctets + 1);
      if (octets.length > maxOctets) {
        throw new IOException("it has more than " + maxOctets + " octets");
      }
      return octets;
    }
  }

  private Stamp stamp() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      // A pipe would be waited for without end.
      throw new IOException("it is not a regular file");
    }
    return new Stamp(
        attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
  }
}
