package org.jamessts.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SingleFileStore;

/**
 * The chunks of an H2 file that is not open: each holds what was changed at a time, between a
 * header and a footer of text, and H2 goes by the newest. One that does not know the one before it
 * was the last that a dying process wrote: nobody was told that what is in it is safe ({@link
 * ChunkWriter}). H2 does not open such a file, or writes over the chunk that is not known.
 */
final class StoreChunks {

  private static final int BLOCK = 4096;
  private static final int FOOTER = 128;
  private static final String BEGIN = "chunk:";

  /** More than H2 has under way at a time. */
  private static final int MOST = 16;

  /** Numbers are hexadecimal. */
  private static final Pattern HEADER =
      Pattern.compile(
          "chunk:([0-9a-f]{1,8}),len:([0-9a-f]{1,8}),.*?\\bversion:([0-9a-f]{1,16}),.*");

  private StoreChunks() {}

  /**
   * A chunk that is whole.
   *
   * @param id by which others know it
   * @param begin where its header is, in octets
   * @param end behind its footer
   * @param version each has that of the one before, and one more
   */
  private record Chunk(String id, long begin, long end, long version) {}

  /**
   * Takes the newest chunks away as long as the last one does not know the one before it.
   *
   * @return how many
   * @throws IOException when the file cannot be read or changed
   */
  static int dropIncomplete(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      List<Chunk> chunks = new ArrayList<>(chunks(file));
      chunks.sort(Comparator.comparingLong(Chunk::version));
      Map<Long, String> was = new HashMap<>();
      int dropped = 0;
      while (isIncomplete(path, chunks)) {
        if (dropped == MOST) {
          // There is something else wrong with it.
          restore(file, was);
          return 0;
        }
        drop(file, chunks.remove(chunks.size() - 1), was);
        dropped++;
      }
      return dropped;
    }
  }

  private static boolean isIncomplete(Path path, List<Chunk> chunks) {
    if (chunks.isEmpty()) {
      return false;
    }
    long before = chunks.get(chunks.size() - 1).version() - 1;
    List<String> known = chunks.stream().filter(c -> c.version() == before).map(Chunk::id).toList();
    return !known.isEmpty() && layout(path).filter(keys -> none(known, keys)).isPresent();
  }

  private static boolean none(List<String> ids, Set<String> layout) {
    return ids.stream().noneMatch(id -> layout.contains("chunk." + id));
  }

  /**
   * What the newest chunk knows, nothing where H2 misses a chunk for that; absent if the file
   * cannot be read for another reason, which shows when H2 opens it as a database.
   */
  private static Optional<Set<String>> layout(Path path) {
    // The mode in which H2 finds the newest chunk, whatever the header of the file says.
    SingleFileStore file = new SingleFileStore(new HashMap<>(Map.of("recoveryMode", 1)));
    try {
      file.open(path.toString(), true, null);
      MVStore store = new MVStore.Builder().fileStore(file).recoveryMode().readOnly().open();
      Set<String> keys = Set.copyOf(file.getLayoutMap().keySet());
      store.closeImmediately();
      return Optional.of(keys);
    } catch (MVStoreException e) {
      return e.getErrorCode() == DataUtils.ERROR_CHUNK_NOT_FOUND
          ? Optional.of(Set.of())
          : Optional.empty();
    } catch (StackOverflowError | AssertionError e) {
      // Where the map of all chunks is itself in the one that is missed.
      return Optional.of(Set.of());
    } finally {
      file.close();
    }
  }

  /**
   * @param was where what is taken away is noted, with its place
   */
  private static void drop(RandomAccessFile file, Chunk chunk, Map<Long, String> was)
      throws IOException {
    for (long begin : List.of(chunk.begin(), chunk.end() - FOOTER)) {
      was.put(begin, text(file, begin, FOOTER));
      file.seek(begin);
      file.write(new byte[FOOTER]);
    }
  }

  private static void restore(RandomAccessFile file, Map<Long, String> was) throws IOException {
    for (Map.Entry<Long, String> part : was.entrySet()) {
      file.seek(part.getKey());
      file.write(part.getValue().getBytes(ISO_8859_1));
    }
  }

  private static List<Chunk> chunks(RandomAccessFile file) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (long begin = 0; begin + BLOCK <= file.length(); begin += BLOCK) {
      if (text(file, begin, BEGIN.length()).equals(BEGIN)) {
        chunk(file, begin).ifPresent(chunks::add);
      }
    }
    return chunks;
  }

  private static Optional<Chunk> chunk(RandomAccessFile file, long begin) throws IOException {
    Matcher header = HEADER.matcher(text(file, begin, BLOCK).lines().findFirst().orElse(""));
    if (!header.matches()) {
      return Optional.empty();
    }
    String id = header.group(1);
    long end = begin + Long.parseLong(header.group(2), 16) * BLOCK;
    boolean whole =
        end > begin
            && end <= file.length()
            && text(file, end - FOOTER, FOOTER).startsWith(BEGIN + id + ",");
    return whole
        ? Optional.of(new Chunk(id, begin, end, Long.parseUnsignedLong(header.group(3), 16)))
        : Optional.empty();
  }

  private static String text(RandomAccessFile file, long from, int octets) throws IOException {
    byte[] read = new byte[octets];
    file.seek(from);
    file.readFully(read);
    return new String(read, ISO_8859_1);
  }
}
