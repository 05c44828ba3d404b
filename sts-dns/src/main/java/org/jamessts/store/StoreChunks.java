package org.jamessts.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chunks of an H2 file that is not open: each holds what was changed at a time, between a
 * header and a footer of text, and H2 goes by the newest. When a process dies right after a change,
 * once in some hundred times that one does not know the one before it, which is there, and H2 does
 * not open the file.
 */
final class StoreChunks {

  private static final int BLOCK = 4096;
  private static final int FOOTER = 128;

  /** Numbers are hexadecimal. */
  private static final Pattern HEADER =
      Pattern.compile(
          "chunk:([0-9a-f]{1,8}),len:([0-9a-f]{1,8}),.*?\\bversion:([0-9a-f]{1,16}),.*");

  private StoreChunks() {}

  /**
   * A chunk that is whole.
   *
   * @param begin where its header is, in octets
   * @param end behind its footer
   */
  private record Chunk(long begin, long end, long version) {}

  /**
   * Takes the newest chunk away, and with it the last change.
   *
   * @throws IOException when there is none, or the file cannot be changed
   */
  static void dropNewest(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      Optional<Chunk> newest = Optional.empty();
      for (long begin = 0; begin + BLOCK <= file.length(); begin += BLOCK) {
        Optional<Chunk> chunk = chunk(file, begin);
        if (chunk.isPresent()
            && newest.filter(other -> other.version() > chunk.get().version()).isEmpty()) {
          newest = chunk;
        }
      }
      Chunk dropped = newest.orElseThrow(() -> new IOException(path + " has no chunk"));
      file.seek(dropped.begin());
      file.write(new byte[FOOTER]);
      file.seek(dropped.end() - FOOTER);
      file.write(new byte[FOOTER]);
    }
  }

  private static Optional<Chunk> chunk(RandomAccessFile file, long begin) throws IOException {
    Matcher header = HEADER.matcher(text(file, begin, BLOCK).lines().findFirst().orElse(""));
    if (!header.matches()) {
      return Optional.empty();
    }
    long end = begin + Long.parseLong(header.group(2), 16) * BLOCK;
    boolean whole =
        end > begin
            && end <= file.length()
            && text(file, end - FOOTER, FOOTER).startsWith("chunk:" + header.group(1) + ",");
    return whole
        ? Optional.of(new Chunk(begin, end, Long.parseUnsignedLong(header.group(3), 16)))
        : Optional.empty();
  }

  private static String text(RandomAccessFile file, long from, int octets) throws IOException {
    byte[] read = new byte[octets];
    file.seek(from);
    file.readFully(read);
    return new String(read, ISO_8859_1);
  }
}
