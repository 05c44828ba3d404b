package org.jamessts.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Key pairs of zones. Generating one is slow and tests start hundreds of servers, so a key is made
 * once for the whole process and used in every zone that wants the same {@link ZoneKey}.
 */
final class KeyPairs {

  private static final Map<ZoneKey, KeyPair> PAIRS = new ConcurrentHashMap<>();

  private KeyPairs() {}

  static KeyPair of(ZoneKey key) {
    return PAIRS.computeIfAbsent(key, KeyPairs::generate);
  }

  private static KeyPair generate(ZoneKey key) {
    try {
      if (key.algorithm() == KeyAlgorithm.RSASHA256_FIXED) {
        return derive(key.toString());
      }
      KeyPairGenerator generator = KeyPairGenerator.getInstance(key.algorithm().keyType());
      generator.initialize(key.algorithm().bits());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(key.toString(), e);
    }
  }

  /** The RSA key of a name (RFC 8017 §3): its primes are the first above two digests. */
  private static KeyPair derive(String name) throws GeneralSecurityException {
    BigInteger p = prime(name + " p");
    BigInteger q = prime(name + " q");
    BigInteger n = p.multiply(q);
    BigInteger order = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
    BigInteger d = RSAKeyGenParameterSpec.F4.modInverse(order);
    KeyFactory factory = KeyFactory.getInstance("RSA");
    return new KeyPair(
        factory.generatePublic(new RSAPublicKeySpec(n, RSAKeyGenParameterSpec.F4)),
        // With its primes, a key signs several times as fast.
        factory.generatePrivate(
            new RSAPrivateCrtKeySpec(
                n,
                RSAKeyGenParameterSpec.F4,
                d,
                p,
                q,
                d.mod(p.subtract(BigInteger.ONE)),
                d.mod(q.subtract(BigInteger.ONE)),
                q.modInverse(p))));
  }

  private static BigInteger prime(String name) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-512").digest(name.getBytes(UTF_8));
    // With both, the product of two has 1024 bits.
    return new BigInteger(1, digest).setBit(511).setBit(510).nextProbablePrime();
  }
}
