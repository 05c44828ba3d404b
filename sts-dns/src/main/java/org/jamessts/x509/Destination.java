package org.jamessts.x509;

import java.security.cert.CertPathValidatorException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Where a path has to lead. {@code toString} names it, for the reason why there is no path. */
interface Destination {

  /** The keys one of which has signed the last certificate of a path; at least one. */
  Set<TrustAnchor> anchors();

  /** Certificates whose dates may count beside those of the chain. */
  List<X509Certificate> certificates();

  /**
   * The certificate, if there is one whose dates count, in which a path ends.
   *
   * @param path leaf first, signed by one of the anchors
   * @param moment at which the path shall be valid
   * @throws CertPathValidatorException when it ends nowhere, since the anchor is not good for this
   *     path: the message says why
   */
  List<X509Certificate> end(List<X509Certificate> path, Instant moment)
      throws CertPathValidatorException;
}
