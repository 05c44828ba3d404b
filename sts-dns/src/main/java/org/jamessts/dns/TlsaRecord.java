package org.jamessts.dns;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A TLSA record (RFC 6698 §2.1) as the DNS has it, usable or not. What it means for a certificate
 * is for {@code org.jamessts.dane} to say.
 */
public final class TlsaRecord {

  private final int usage;
  private final int selector;
  private final int matchingType;
  private final byte[] data;

  /**
   * A record.
   *
   * @param usage certificate usage, 0 to 255
   * @param selector 0 to 255
   * @param matchingType 0 to 255
   * @param data certificate association data; may be empty
   */
  public TlsaRecord(int usage, int selector, int matchingType, byte[] data) {
    this.usage = octet(usage);
    this.selector = octet(selector);
    this.matchingType = octet(matchingType);
    this.data = data.clone();
  }

  private static int octet(int value) {
    if (value < 0 || value > 255) {
      throw new IllegalArgumentException("not an octet: " + value);
    }
    return value;
  }

  /** Which certificate of the chain is meant (RFC 6698 §2.1.1). */
  public int usage() {
    return usage;
  }

  /** Which part of that certificate (RFC 6698 §2.1.2). */
  public int selector() {
    return selector;
  }

  /** How the data presents that part (RFC 6698 §2.1.3). */
  public int matchingType() {
    return matchingType;
  }

  /** The association data, a copy. */
  public byte[] data() {
    return data.clone();
  }

  /** Number of octets of the association data. */
  public int length() {
    return data.length;
  }

  /** Whether the association data is exactly this. */
  public boolean hasData(byte[] other) {
    return Arrays.equals(data, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlsaRecord tlsa
        && usage == tlsa.usage
        && selector == tlsa.selector
        && matchingType == tlsa.matchingType
        && hasData(tlsa.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * usage + selector) + matchingType) + Arrays.hashCode(data);
  }

  /** As in a zone file (RFC 6698 §2.2), for example {@code 3 1 1 0123...}, digits in lower case. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d %d %d %s", usage, selector, matchingType, HexFormat.of().formatHex(data));
  }
}
