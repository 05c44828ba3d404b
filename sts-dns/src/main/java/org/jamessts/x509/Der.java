package org.jamessts.x509;

import java.util.Arrays;

/**
 * Reads as much of DER (X.690) as it takes to cut one value out of another. It believes nothing: a
 * length that leads out of the octets is refused.
 */
final class Der {

  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int SEQUENCE = 0x30;

  /** Octets of a length: more would be over 16 MB. */
  private static final int MAX_LENGTH_OCTETS = 3;

  private final byte[] octets;
  private int position;

  /** Reads from the first octet on. */
  Der(byte[] octets) {
    this.octets = octets;
  }

  /** Whether all of it is one value with this tag. */
  static boolean isOne(int tag, byte[] octets) {
    try {
      return new Der(octets).next(tag).length == octets.length;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether a value with this tag comes next. */
  boolean isNext(int tag) {
    return position < octets.length && (octets[position] & 0xff) == tag;
  }

  /**
   * The next value, with its tag and length.
   *
   * @throws IllegalArgumentException when it has another tag, or does not end here
   */
  byte[] next(int tag) {
    int start = position;
    within(tag);
    return Arrays.copyOfRange(octets, start, position);
  }

  /**
   * What is within the next value.
   *
   * @throws IllegalArgumentException when it has another tag, or does not end here
   */
  byte[] within(int tag) {
    if (!isNext(tag)) {
      throw new IllegalArgumentException("no value with tag " + tag);
    }
    position++;
    int length = length();
    if (length > octets.length - position) {
      throw new IllegalArgumentException("a value does not end");
    }
    position += length;
    return Arrays.copyOfRange(octets, position - length, position);
  }

  private int length() {
    int first = octet();
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7f;
    if (count == 0 || count > MAX_LENGTH_OCTETS) {
      throw new IllegalArgumentException("no definite length");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | octet();
    }
    return length;
  }

  private int octet() {
    if (position == octets.length) {
      throw new IllegalArgumentException("a length does not end");
    }
    return octets[position++] & 0xff;
  }
}
