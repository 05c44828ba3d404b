package org.jamessts.testing;

import org.xbill.DNS.DNSSEC;

/** The algorithm of a {@link ZoneKey}, from the registry "DNS Security Algorithm Numbers". */
public enum KeyAlgorithm {
  /** RFC 5702. */
  RSASHA256(DNSSEC.Algorithm.RSASHA256, "RSA", 2048),
  /**
   * RFC 5702 with keys of 1024 bits, which are tried in no time. Keys and signatures are the same
   * in every process, so that whoever records an answer can validate it for ever.
   */
  RSASHA256_FIXED(DNSSEC.Algorithm.RSASHA256, "RSA", 1024),
  /** RFC 5702. */
  RSASHA512(DNSSEC.Algorithm.RSASHA512, "RSA", 2048),
  /** RFC 5155 §2: not recommended for signing since RFC 8624. */
  RSASHA1_NSEC3_SHA1(DNSSEC.Algorithm.RSA_NSEC3_SHA1, "RSA", 2048),
  /** RFC 6605. */
  ECDSAP256SHA256(DNSSEC.Algorithm.ECDSAP256SHA256, "EC", 256),
  /** RFC 6605. */
  ECDSAP384SHA384(DNSSEC.Algorithm.ECDSAP384SHA384, "EC", 384),
  /** RFC 8080. */
  ED25519(DNSSEC.Algorithm.ED25519, "Ed25519", 255),
  /** A number that is not assigned: a zone of such keys alone is insecure (RFC 4035 §5.2). */
  UNKNOWN(200, "", 0);

  private final int number;
  private final String keyType;
  private final int bits;

  KeyAlgorithm(int number, String keyType, int bits) {
    this.number = number;
    this.keyType = keyType;
    this.bits = bits;
  }

  /** The number in the registry. */
  public int number() {
    return number;
  }

  /** What a {@link java.security.KeyPairGenerator} calls it. */
  String keyType() {
    return keyType;
  }

  int bits() {
    return bits;
  }
}
