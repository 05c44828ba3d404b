package org.jamessts.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads the content of a mail from its parts, one after the other. Used by one thread. */
final class PartReader extends InputStream {

  /** Fetches a part. */
  @FunctionalInterface
  interface Parts {

    /**
     * The octets of a part; the first is 0.
     *
     * @throws IOException when it cannot be had
     */
    byte[] fetch(int number) throws IOException;
  }

  private final Parts parts;
  private final int count;
  private int next;
  private InputStream current = InputStream.nullInputStream();

  PartReader(Parts parts, int count) {
    this.parts = parts;
    this.count = count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    int read = current.read(target, from, length);
    while (read < 0 && next < count) {
      current = new ByteArrayInputStream(parts.fetch(next++));
      read = current.read(target, from, length);
    }
    return read;
  }
}
