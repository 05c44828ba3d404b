package org.jamessts.x509;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Roots that the operator trusts, whatever their own certificates say of dates and constraints (RFC
 * 5280 §6.1.1 d).
 *
 * @param anchors the roots
 */
record Roots(Set<TrustAnchor> anchors) implements Destination {

  /** Authorities, and the leaf itself where it is trusted as such. */
  static Roots of(TrustAnchors trusted, X509Certificate leaf) {
    return new Roots(
        trusted.anchors().stream()
            .filter(anchor -> isAuthority(anchor) || leaf.equals(anchor.getTrustedCert()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static boolean isAuthority(TrustAnchor anchor) {
    X509Certificate root = anchor.getTrustedCert();
    return root == null || Authority.maySign(root);
  }

  @Override
  public List<X509Certificate> certificates() {
    return List.of();
  }

  @Override
  public List<X509Certificate> end(List<X509Certificate> path, Instant moment) {
    return List.of();
  }

  @Override
  public String toString() {
    return "a trusted root";
  }
}
