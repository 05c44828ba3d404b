package org.jamessts.dane;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.x509.Authority;
import org.jamessts.x509.AuthorityChoice;

/**
 * The trust anchors that DANE-TA records name (RFC 7671 §5.2): certificates that the server
 * presents above its own, and for full data also what stands in the record (§5.2.2, §5.2.3).
 *
 * @param records usable ones of this usage
 */
record TrustAnchorRecords(List<TlsaRecord> records) implements AuthorityChoice {

  /**
   * Certificates whose signatures are tried with the key of one record. A chain has one that an
   * absent authority has signed, or two that lead to it in different ways; a hostile one could have
   * us verify signatures by the hundred.
   */
  private static final int MAX_TRIED = 3;

  TrustAnchorRecords {
    records = List.copyOf(records);
  }

  @Override
  public List<Authority> among(List<X509Certificate> chain) {
    X509Certificate leaf = chain.get(0);
    return records.stream()
        .flatMap(record -> authorities(record, chain))
        // A leaf vouches for nobody, itself least of all: for that there is DANE-EE.
        .filter(authority -> !authority.is(leaf))
        .distinct()
        .toList();
  }

  private static Stream<Authority> authorities(TlsaRecord record, List<X509Certificate> chain) {
    List<X509Certificate> presented =
        chain.stream().skip(1).filter(above -> Association.matches(record, above)).toList();
    if (presented.isEmpty() && record.matchingType() == Rfc7218.FULL) {
      return ofRecord(record, chain);
    }
    return presented.stream()
        .map(record.selector() == Rfc7218.CERT ? Authority::ofCertificate : Authority::ofKeyIn);
  }

  /** An authority that the server did not present, where it has signed what was presented. */
  private static Stream<Authority> ofRecord(TlsaRecord record, List<X509Certificate> chain) {
    if (record.selector() == Rfc7218.CERT) {
      return Association.certificate(record).map(Authority::ofCertificate).stream()
          .filter(authority -> hasSignedOneOf(chain, authority));
    }
    Optional<PublicKey> key = Association.key(record);
    // A key has no name: it is whatever the certificate that it has signed calls its issuer.
    return key.stream()
        .flatMap(
            known ->
                topmost(chain)
                    .map(top -> Authority.ofKey(top.getIssuerX500Principal(), known))
                    .distinct())
        .filter(authority -> hasSignedOneOf(chain, authority));
  }

  private static boolean hasSignedOneOf(List<X509Certificate> chain, Authority authority) {
    return chain.stream()
        .filter(signed -> signed.getIssuerX500Principal().equals(authority.name()))
        .limit(MAX_TRIED)
        .anyMatch(authority::hasSigned);
  }

  /** RFC 7671 §5.2.3: what is signed by somebody who is not presented. */
  private static Stream<X509Certificate> topmost(List<X509Certificate> chain) {
    Set<X500Principal> presented =
        chain.stream().map(X509Certificate::getSubjectX500Principal).collect(Collectors.toSet());
    return chain.stream()
        .filter(top -> !presented.contains(top.getIssuerX500Principal()))
        .limit(MAX_TRIED);
  }
}
