package org.jamessts.preload;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Optional;

/** A list in a directory, the key of whoever makes it, and its signature. */
final class SignedList {

  /** Ways to sign that the JDK knows under one name. */
  enum Kind {
    ED25519("Ed25519", "Ed25519"),
    RSA("RSA", "SHA256withRSA"),
    P256("secp256r1", "SHA256withECDSA"),
    P384("secp384r1", "SHA384withECDSA");

    private final String key;
    private final String signature;

    Kind(String key, String signature) {
      this.key = key;
      this.signature = signature;
    }
  }

  private final Path directory;
  private final Kind kind;
  private final KeyPair pair;

  SignedList(Path directory, Kind kind) throws Exception {
    this.directory = directory;
    this.kind = kind;
    this.pair = pair(kind.key);
    writeKey(pair.getPublic());
  }

  Path list() {
    return directory.resolve("policy.json");
  }

  Path signature() {
    return directory.resolve("policy.json.sig");
  }

  Path publicKey() {
    return directory.resolve("list.pub");
  }

  /** Writes a list and its signature. */
  void write(byte[] list) throws Exception {
    Files.write(list(), list);
    Files.write(signature(), sign(list));
  }

  byte[] sign(byte[] octets) throws GeneralSecurityException {
    return sign(kind.signature, octets);
  }

  byte[] sign(String algorithm, byte[] octets) throws GeneralSecurityException {
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(pair.getPrivate());
    signer.update(octets);
    return signer.sign();
  }

  PreloadFile file() throws IOException {
    return new PreloadFile(list(), Optional.of(ListKey.read(publicKey())));
  }

  void writeKey(PublicKey key) throws IOException {
    Files.writeString(publicKey(), pem(key.getEncoded()));
  }

  static String pem(byte[] encoded) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(encoded)
        + "\n-----END PUBLIC KEY-----\n";
  }

  static KeyPair pair(String key) throws GeneralSecurityException {
    if (key.startsWith("secp")) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(key));
      return generator.generateKeyPair();
    }
    KeyPairGenerator generator = KeyPairGenerator.getInstance(key);
    if (key.startsWith("RSA")) {
      generator.initialize(2048);
    }
    return generator.generateKeyPair();
  }
}
