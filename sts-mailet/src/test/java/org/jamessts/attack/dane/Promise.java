package org.jamessts.attack.dane;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;

/**
 * What the owner of a zone says of one TLSA base domain.
 *
 * @param kind what it demands
 * @param certificates the owner's own, of which a host must present one
 */
record Promise(Kind kind, Set<X509Certificate> certificates) {

  /** Nothing is said. */
  static final Promise NOTHING = new Promise(Kind.NOTHING, Set.of());

  /** There are records, but none that can be used. */
  static final Promise TLS = new Promise(Kind.TLS, Set.of());

  /** What is demanded of a host. */
  enum Kind {
    NOTHING,
    TLS,
    CERTIFICATE
  }

  Promise {
    certificates = Set.copyOf(certificates);
  }

  static Promise of(Set<X509Certificate> certificates) {
    return new Promise(Kind.CERTIFICATE, certificates);
  }

  /**
   * Whether a connection keeps it.
   *
   * @param presented empty in clear
   * @param mandatory whether the operator takes nothing but a certificate that is proven
   */
  boolean allows(Optional<X509Certificate> presented, boolean mandatory) {
    return switch (kind) {
      case NOTHING -> !mandatory;
      case TLS -> !mandatory && presented.isPresent();
      case CERTIFICATE -> presented.filter(certificates::contains).isPresent();
    };
  }
}
