package org.jamessts.testing;

import java.time.Instant;
import java.util.Random;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DNSSEC.DNSSECException;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Type;

/**
 * A key of a signed zone of a {@link PrivateDns}. Equal keys are the same key, also in two zones.
 *
 * @param algorithm what it signs with
 * @param role what it signs
 * @param number tells keys of one algorithm and role apart
 */
public record ZoneKey(KeyAlgorithm algorithm, Role role, int number) {

  private static final int LARGE_MODULUS = 4096 / 8;
  private static final int TOKEN = 64;

  /** What a key signs. */
  public enum Role {
    /** The DNSKEY RRset alone; the DS of the parent names it (RFC 4033 §2, key signing key). */
    KSK(true),
    /** Everything but the DNSKEY RRset (RFC 4033 §2, zone signing key). */
    ZSK(false),
    /** Everything; the DS of the parent names it. */
    CSK(true),
    /** Nothing: it only stands in the DNSKEY RRset, as before a rollover (RFC 6781 §4.1.1.1). */
    STANDBY(false);

    private final boolean entryPoint;

    Role(boolean entryPoint) {
      this.entryPoint = entryPoint;
    }

    boolean signs(int type) {
      return switch (this) {
        case KSK -> type == Type.DNSKEY;
        case ZSK -> type != Type.DNSKEY;
        case CSK -> true;
        case STANDBY -> false;
      };
    }
  }

  /** The key that signs everything in its zone. */
  public static ZoneKey csk(KeyAlgorithm algorithm) {
    return new ZoneKey(algorithm, Role.CSK, 0);
  }

  /** The key that signs the keys. */
  public static ZoneKey ksk(KeyAlgorithm algorithm) {
    return new ZoneKey(algorithm, Role.KSK, 0);
  }

  /** The key that signs all but the keys. */
  public static ZoneKey zsk(KeyAlgorithm algorithm) {
    return new ZoneKey(algorithm, Role.ZSK, 0);
  }

  /** An RSA key of 4096 bits that signs nothing and makes the DNSKEY RRset large. */
  public static ZoneKey standby(int number) {
    return new ZoneKey(KeyAlgorithm.RSASHA256, Role.STANDBY, number);
  }

  /** The same, but another key. */
  public ZoneKey number(int other) {
    return new ZoneKey(algorithm, role, other);
  }

  boolean isEntryPoint() {
    return role.entryPoint;
  }

  boolean isSupported() {
    return algorithm != KeyAlgorithm.UNKNOWN;
  }

  DNSKEYRecord record(Name zone, long ttl) {
    int flags = DNSKEYRecord.Flags.ZONE_KEY | (role.entryPoint ? DNSKEYRecord.Flags.SEP_KEY : 0);
    int protocol = DNSKEYRecord.Protocol.DNSSEC;
    try {
      // What signs nothing needs no private key, so that any octets of the right form will do.
      return role == Role.STANDBY || !isSupported()
          ? new DNSKEYRecord(
              zone,
              DClass.IN,
              ttl,
              flags,
              protocol,
              algorithm.number(),
              isSupported() ? withoutPrivateKey() : octets(TOKEN))
          : new DNSKEYRecord(
              zone,
              DClass.IN,
              ttl,
              flags,
              protocol,
              algorithm.number(),
              KeyPairs.of(this).getPublic());
    } catch (DNSSECException e) {
      throw new IllegalStateException(toString(), e);
    }
  }

  RRSIGRecord sign(RRset rrset, Name zone, Instant inception, Instant expiration) {
    DNSKEYRecord key = record(zone, rrset.getTTL());
    if (!isSupported()) {
      return new RRSIGRecord(
          rrset.getName(),
          DClass.IN,
          rrset.getTTL(),
          rrset.getType(),
          algorithm.number(),
          rrset.getTTL(),
          expiration,
          inception,
          key.getFootprint(),
          zone,
          octets(TOKEN));
    }
    try {
      return DNSSEC.sign(rrset, key, KeyPairs.of(this).getPrivate(), inception, expiration);
    } catch (DNSSECException e) {
      throw new IllegalStateException(toString(), e);
    }
  }

  /** An RSA public key (RFC 3110 §2): exponent 65537, and a modulus with its highest bit set. */
  private byte[] withoutPrivateKey() {
    byte[] key = octets(4 + LARGE_MODULUS);
    key[0] = 3;
    key[1] = 1;
    key[2] = 0;
    key[3] = 1;
    key[4] |= (byte) 0x80;
    return key;
  }

  private byte[] octets(int length) {
    byte[] octets = new byte[length];
    new Random(number).nextBytes(octets);
    return octets;
  }
}
