package org.jamessts.dane;

import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.x509.SubjectPublicKeyInfo;

/** What a TLSA record says of a certificate (RFC 6698 §2.1.2 to §2.1.4). */
final class Association {

  private Association() {}

  /** Whether a certificate, or its key, is the one that a usable record means. */
  static boolean matches(TlsaRecord record, X509Certificate certificate) {
    return record.hasData(
        presented(record.matchingType(), selected(record.selector(), certificate)));
  }

  /** The record that means this certificate by its key, as {@code 3 1 1} and digits. */
  static String suggestion(X509Certificate leaf) {
    byte[] digest = Digest.SHA2_256.over(selected(Rfc7218.SPKI, leaf));
    return "3 1 1 " + HexFormat.of().formatHex(digest);
  }

  /** The certificate in full data. Empty where the data is none, or more than one. */
  static Optional<X509Certificate> certificate(TlsaRecord record) {
    byte[] data = record.data();
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(data));
      // The factory also reads PEM, and leaves what comes after a certificate unread.
      return Arrays.equals(data, certificate.getEncoded())
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (CertificateException | RuntimeException e) {
      // Strangers' octets: nobody promises that every malformed one is found to be so in time.
      return Optional.empty();
    }
  }

  /** The key in full data. Empty where the data is none, or a key that could not have signed. */
  static Optional<PublicKey> key(TlsaRecord record) {
    return SubjectPublicKeyInfo.parse(record.data());
  }

  private static byte[] selected(int selector, X509Certificate certificate) {
    try {
      return selector == Rfc7218.CERT
          ? certificate.getEncoded()
          : SubjectPublicKeyInfo.of(certificate);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  private static byte[] presented(int matchingType, byte[] content) {
    return matchingType == Rfc7218.FULL
        ? content
        : Digest.of(matchingType)
            .orElseThrow(() -> new IllegalArgumentException("an unusable record means nothing"))
            .over(content);
  }
}
