package org.jamessts.dane;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;

/** Writes the records that a host would publish, by other means than they are read. */
final class Tlsa {

  static final DomainName BASE = new DomainName("mx.example.com");

  private Tlsa() {}

  /** A record for a certificate, by its three numbers, for example {@code 3 1 1}. */
  static TlsaRecord record(String numbers, X509Certificate certificate) {
    try {
      int[] fields = Stream.of(numbers.split(" ")).mapToInt(Integer::parseInt).toArray();
      byte[] selected =
          fields[1] == 0 ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
      return new TlsaRecord(fields[0], fields[1], fields[2], presented(fields[2], selected));
    } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] presented(int matchingType, byte[] selected)
      throws NoSuchAlgorithmException {
    return matchingType == 0
        ? selected
        : MessageDigest.getInstance(matchingType == 1 ? "SHA-256" : "SHA-512").digest(selected);
  }

  /** What remains of records that a host publishes. */
  static TlsaSet usable(TlsaRecord... records) {
    if (new TlsaRecords(DigestAgility.STANDARD).parse(BASE, List.of(records))
        instanceof DaneLookup.Usable usable) {
      return usable.records();
    }
    throw new IllegalArgumentException("no usable record");
  }
}
