package org.jamessts.dane;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** A digest by which a TLSA record may present a certificate or a key (RFC 7218 §2.4). */
public enum Digest {
  /** Matching type 1, which every client has (RFC 6698 §6). */
  SHA2_256(1, "SHA-256", 32),
  /** Matching type 2. */
  SHA2_512(2, "SHA-512", 64);

  private final int matchingType;
  private final String algorithm;
  private final int length;

  Digest(int matchingType, String algorithm, int length) {
    this.matchingType = matchingType;
    this.algorithm = algorithm;
    this.length = length;
  }

  /** The digest that a matching type stands for; none for full data and for unknown types. */
  static Optional<Digest> of(int matchingType) {
    return Arrays.stream(values()).filter(one -> one.matchingType == matchingType).findFirst();
  }

  /** In octets. */
  int length() {
    return length;
  }

  /** The acronym of RFC 7218, for example {@code SHA2-256}. */
  String acronym() {
    return name().replace('_', '-');
  }

  byte[] over(byte[] content) {
    try {
      return MessageDigest.getInstance(algorithm).digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no " + algorithm, e);
    }
  }
}
