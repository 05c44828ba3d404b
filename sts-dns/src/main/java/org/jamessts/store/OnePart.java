package org.jamessts.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jamessts.deferral.DeferralStore;

/** The content of a mail that fits into one row. Used by one thread. */
final class OnePart extends OutputStream {

  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private boolean isFull;

  private OnePart() {}

  /**
   * The content, or nothing if it is too large.
   *
   * @throws IOException when it cannot be read
   */
  static Optional<OnePart> of(DeferralStore.Content content) throws IOException {
    OnePart part = new OnePart();
    try {
      content.writeTo(part);
    } catch (IOException e) {
      if (!part.isFull) {
        throw e;
      }
    }
    return part.isFull ? Optional.empty() : Optional.of(part);
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] source, int from, int length) throws IOException {
    if (length > PartWriter.PART - octets.size()) {
      isFull = true;
      throw new IOException("this is more than " + PartWriter.PART + " octets");
    }
    octets.write(source, from, length);
  }

  int size() {
    return octets.size();
  }

  byte[] toByteArray() {
    return octets.toByteArray();
  }
}
