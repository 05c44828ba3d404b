package org.jamessts.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** Damaged copies of a text: the same ones for the same seed. */
public final class Mutations {

  private static final byte[] TELLING = "\"{}[]:,\\.-0919eE+u\0\t\n\u007f".getBytes(US_ASCII);

  private Mutations() {}

  /** Endlessly many copies, each with one to four octets changed, removed, doubled or cut off. */
  public static Stream<byte[]> of(byte[] text, long seed) {
    Random random = new Random(seed);
    return Stream.generate(() -> mutate(text, random));
  }

  private static byte[] mutate(byte[] text, Random random) {
    byte[] copy = text.clone();
    for (int i = random.nextInt(4); i >= 0 && copy.length > 0; i--) {
      int at = random.nextInt(copy.length);
      switch (random.nextInt(5)) {
        case 0 -> copy[at] = TELLING[random.nextInt(TELLING.length)];
        case 1 -> copy[at] = (byte) random.nextInt(256);
        case 2 -> copy = splice(copy, at, Math.min(copy.length, at + 1 + random.nextInt(9)));
        case 3 -> copy = splice(copy, at, Math.max(0, at - random.nextInt(40)));
        default -> copy = random.nextInt(8) == 0 ? Arrays.copyOf(copy, at) : copy;
      }
    }
    return copy;
  }

  /** What is before one place, then what is from another on: with less between them, or twice. */
  private static byte[] splice(byte[] text, int end, int start) {
    byte[] spliced = Arrays.copyOf(text, end + text.length - start);
    System.arraycopy(text, start, spliced, end, text.length - start);
    return spliced;
  }
}
