package org.jamessts.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Texts from the octets of an input. */
final class Texts {

  /** Of so many executions, about one does what takes longer. */
  private static final int RARITY = 1024;

  /** Of the processor, where reading 64 KiB takes some milliseconds, even with Jazzer's probes. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private Texts() {}

  /** TXT records, which the control character "record separator" (0x1e) separates. */
  static List<String> records(byte[] input) {
    return List.of(new String(input, ISO_8859_1).split("\u001e", -1));
  }

  /** The text, unless it is not UTF-8. */
  static Optional<String> utf8(byte[] input) {
    try {
      ByteBuffer octets = ByteBuffer.wrap(input);
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(octets).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Whether an input is one of the few with which a target does what takes longer. */
  static boolean isChosen(byte[] input) {
    return Math.floorMod(Arrays.hashCode(input), RARITY) == 0;
  }

  /** An input, and its last octets again and again up to a length. */
  static byte[] stretched(byte[] input, int repeated, int length) {
    byte[] stretched = Arrays.copyOf(input, Math.max(input.length, length));
    for (int i = input.length; i < length; i++) {
      stretched[i] = stretched[i - repeated];
    }
    return stretched;
  }

  /** Claims that something is done soon. */
  static void inTime(Runnable reading) {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long begin = thread.getCurrentThreadCpuTime();
    reading.run();
    Duration taken = Duration.ofNanos(thread.getCurrentThreadCpuTime() - begin);
    Claims.that(taken.compareTo(LONGEST) < 0, () -> "it took " + taken);
  }
}
