package org.jamessts.x509;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * One in whom a path may end since the owner of a host says so, and nobody else: a trust anchor of
 * RFC 7671 §5.2. Other than an operator's root it is trusted only as far as its certificate goes.
 *
 * @param name as certificates name it as their issuer
 * @param key with which it signs
 * @param certificate whose dates count, where there is one
 * @param constrains whether what the certificate says of the authority counts too (RFC 7671 §4.2)
 */
public record Authority(
    X500Principal name, PublicKey key, Optional<X509Certificate> certificate, boolean constrains) {

  private static final String NAME_CONSTRAINTS = "2.5.29.30";
  private static final int KEY_CERT_SIGN = 5;

  /** Trusted as its certificate says. */
  public static Authority ofCertificate(X509Certificate certificate) {
    return new Authority(
        certificate.getSubjectX500Principal(),
        certificate.getPublicKey(),
        Optional.of(certificate),
        true);
  }

  /** Whose key is trusted; of the certificate only the dates count. */
  public static Authority ofKeyIn(X509Certificate certificate) {
    return new Authority(
        certificate.getSubjectX500Principal(),
        certificate.getPublicKey(),
        Optional.of(certificate),
        false);
  }

  /** Of which nothing is known but the key. */
  public static Authority ofKey(X500Principal name, PublicKey key) {
    return new Authority(name, key, Optional.empty(), false);
  }

  /** Whether a certificate names it as its issuer, and is signed with its key. */
  public boolean hasSigned(X509Certificate other) {
    if (!other.getIssuerX500Principal().equals(name)) {
      return false;
    }
    try {
      other.verify(key);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Whether a certificate is this authority's own: same name, same key. */
  public boolean is(X509Certificate other) {
    return other.getSubjectX500Principal().equals(name) && other.getPublicKey().equals(key);
  }

  TrustAnchor anchor() {
    return new TrustAnchor(name, key, null);
  }

  /**
   * Why a path must not end here, if it must not.
   *
   * @param path leaf first
   * @param moment at which it shall be valid
   */
  Optional<String> objection(List<X509Certificate> path, Instant moment) {
    if (certificate.isPresent()
        && !CertificateFacts.Trusted.during(certificate.stream().toList()).contains(moment)) {
      return Optional.of("the trust anchor is not valid now");
    }
    return constrains && certificate.isPresent()
        ? constraint(certificate.get(), path)
        : Optional.empty();
  }

  private static Optional<String> constraint(
      X509Certificate authority, List<X509Certificate> path) {
    if (!maySign(authority)) {
      return Optional.of("the trust anchor is no authority");
    }
    boolean[] usage = authority.getKeyUsage();
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      return Optional.of("the trust anchor must not sign certificates");
    }
    List<X509Certificate> intermediates =
        path.stream().skip(1).filter(between -> !isSelfIssued(between)).toList();
    if (authority.getVersion() >= 3 && intermediates.size() > authority.getBasicConstraints()) {
      return Optional.of("the path is longer than the trust anchor allows");
    }
    // RFC 5280 §6.1.3 b: every certificate but self-issued ones between authority and leaf.
    if (!namesAreAllowed(authority, path.get(0))
        || !intermediates.stream().allMatch(between -> namesAreAllowed(authority, between))) {
      return Optional.of("the name constraints of the trust anchor exclude a certificate");
    }
    return PathRules.purpose(authority);
  }

  /** As the JDK's own trust manager sees it: version 1 has no extension that could say so. */
  static boolean maySign(X509Certificate certificate) {
    return certificate.getVersion() < 3 || certificate.getBasicConstraints() >= 0;
  }

  private static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static boolean namesAreAllowed(X509Certificate authority, X509Certificate below) {
    byte[] extension = authority.getExtensionValue(NAME_CONSTRAINTS);
    if (extension == null) {
      return true;
    }
    try {
      X509CertSelector allowed = new X509CertSelector();
      allowed.setNameConstraints(new Der(extension).within(Der.OCTET_STRING));
      return allowed.match(below);
    } catch (IOException | IllegalArgumentException e) {
      // What cannot be read allows nothing.
      return false;
    }
  }
}
