package org.jamessts.preload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamessts.files.WatchedFile;

/**
 * The public key of whoever makes a list. Each kind of key goes with exactly one way to sign, so a
 * signature has no say in how it is verified:
 *
 * <table>
 *   <caption>Keys and signatures</caption>
 *   <tr><th>key</th><th>signature</th></tr>
 *   <tr><td>Ed25519</td><td>Ed25519 (RFC 8032), 64 octets</td></tr>
 *   <tr><td>RSA, 2048 bits or more</td><td>RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2)</td></tr>
 *   <tr><td>ECDSA on P-256</td><td>with SHA-256, in DER</td></tr>
 *   <tr><td>ECDSA on P-384</td><td>with SHA-384, in DER</td></tr>
 * </table>
 */
public final class ListKey {

  private static final int MAX_OCTETS = 16_384;
  private static final int MIN_RSA_BITS = 2048;
  private static final String ALLOWED =
      "; allowed is one PEM PUBLIC KEY (SubjectPublicKeyInfo) for Ed25519, RSA with 2048 bits or"
          + " more, or ECDSA on P-256 or P-384";

  /** RFC 7468 §13. Text around it is allowed there, and left alone. */
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]*)-----END PUBLIC KEY-----");

  private final PublicKey key;
  private final String algorithm;

  private ListKey(PublicKey key, String algorithm) {
    this.key = key;
    this.algorithm = algorithm;
  }

  /**
   * Reads a key.
   *
   * @param file PEM with one public key
   * @throws IOException when the file cannot be read or holds no such key: the message says why,
   *     and what is allowed
   */
  public static ListKey read(Path file) throws IOException {
    byte[] octets = new WatchedFile(file, MAX_OCTETS).read();
    Matcher pem = PEM.matcher(new String(octets, StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new IOException("it holds no public key" + ALLOWED);
    }
    String body = pem.group(1).replaceAll("\\s", "");
    if (pem.find()) {
      throw new IOException("it holds more than one public key" + ALLOWED);
    }
    try {
      PublicKey key = decode(new X509EncodedKeySpec(Base64.getDecoder().decode(body)));
      return new ListKey(key, signatureFor(key));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException("its public key cannot be used: " + e.getMessage() + ALLOWED, e);
    }
  }

  /** Whether the signature was made with the private key over exactly these octets. */
  boolean verifies(byte[] signature, byte[] octets) {
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(octets);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false; // not even the form of a signature
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  private static PublicKey decode(X509EncodedKeySpec encoded) throws GeneralSecurityException {
    for (String type : List.of("Ed25519", "RSA", "EC")) {
      try {
        return KeyFactory.getInstance(type).generatePublic(encoded);
      } catch (InvalidKeySpecException e) {
        // Perhaps of the next type.
      }
    }
    throw new InvalidKeySpecException("it is of another kind, or damaged");
  }

  private static String signatureFor(PublicKey key) throws GeneralSecurityException {
    if (key instanceof RSAPublicKey rsa) {
      if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
        throw new InvalidKeySpecException("RSA with " + rsa.getModulus().bitLength() + " bits");
      }
      return "SHA256withRSA";
    }
    if (key instanceof ECPublicKey ec) {
      if (isOn("secp256r1", ec)) {
        return "SHA256withECDSA";
      }
      if (isOn("secp384r1", ec)) {
        return "SHA384withECDSA";
      }
      throw new InvalidKeySpecException("ECDSA on another curve");
    }
    return "Ed25519";
  }

  private static boolean isOn(String curve, ECPublicKey key) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECParameterSpec expected = parameters.getParameterSpec(ECParameterSpec.class);
    return expected.getCurve().equals(key.getParams().getCurve())
        && expected.getGenerator().equals(key.getParams().getGenerator())
        && expected.getOrder().equals(key.getParams().getOrder());
  }
}
