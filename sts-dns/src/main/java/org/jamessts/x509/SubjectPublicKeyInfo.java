package org.jamessts.x509;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/** Public keys in the form in which certificates hold them (RFC 5280 §4.1.2.7), in DER. */
public final class SubjectPublicKeyInfo {

  /** Kinds of keys with which certificates are signed today. */
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  /** The version of a certificate, {@code [0]}. */
  private static final int VERSION = 0xa0;

  private SubjectPublicKeyInfo() {}

  /**
   * The key of a certificate, octet for octet as it stands there. {@link PublicKey#getEncoded}
   * would write it anew, and not always as it was: parameters that are absent become NULL.
   */
  public static byte[] of(X509Certificate certificate) {
    try {
      Der fields = new Der(new Der(certificate.getTBSCertificate()).within(Der.SEQUENCE));
      if (fields.isNext(VERSION)) {
        fields.within(VERSION);
      }
      fields.within(Der.INTEGER); // serial number
      fields.within(Der.SEQUENCE); // signature algorithm
      fields.within(Der.SEQUENCE); // issuer
      fields.within(Der.SEQUENCE); // validity
      fields.within(Der.SEQUENCE); // subject
      return fields.next(Der.SEQUENCE);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  /**
   * Reads a key.
   *
   * @return the key; nothing where the octets are no key, or one of a kind that signs no
   *     certificates here
   */
  public static Optional<PublicKey> parse(byte[] der) {
    if (!Der.isOne(Der.SEQUENCE, der)) {
      return Optional.empty();
    }
    X509EncodedKeySpec spec = new X509EncodedKeySpec(der);
    return ALGORITHMS.stream().flatMap(algorithm -> key(algorithm, spec).stream()).findFirst();
  }

  private static Optional<PublicKey> key(String algorithm, X509EncodedKeySpec spec) {
    try {
      return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(spec));
    } catch (GeneralSecurityException | RuntimeException e) {
      // Strangers' octets: nobody promises that every malformed one is found to be so in time.
      return Optional.empty();
    }
  }
}
