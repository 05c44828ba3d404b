package org.jamessts.testing;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
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
      KeyPairGenerator generator = KeyPairGenerator.getInstance(key.algorithm().keyType());
      generator.initialize(key.algorithm().bits());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(key.toString(), e);
    }
  }
}
