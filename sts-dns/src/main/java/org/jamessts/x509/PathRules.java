package org.jamessts.x509;

import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What browsers demand of every certificate between leaf and root and the JDK's path builder does
 * not, and what a {@link Destination} demands of a path as a whole. Used for one search.
 *
 * <ul>
 *   <li>An authority with an extended key usage may vouch for such uses only (RFC 5280 §4.2.1.12):
 *       organisations get authorities of their own that are trusted with mail signatures and not
 *       with servers, and only this keeps them to it.
 *   <li>No signature over a hash for which collisions can be made: SHA-1 and older.
 * </ul>
 */
final class PathRules extends PKIXCertPathChecker {

  static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private static final Set<String> FOR_SERVERS = Set.of(SERVER_AUTH, "2.5.29.37.0");
  private static final List<String> BROKEN = List.of("SHA1", "MD5", "MD4", "MD2");
  private static final int MAX_SHOWN = 80;

  /** Looks at a path as a whole, leaf first. */
  @FunctionalInterface
  interface Whole {
    List<X509Certificate> end(List<X509Certificate> path) throws CertPathValidatorException;
  }

  private final Whole whole;
  private final X509Certificate leaf;

  /** Both are shared with the copies of this that the path builder makes. */
  private final Deque<String> refusals = new ArrayDeque<>();

  private final Deque<X509Certificate> path = new ArrayDeque<>();

  PathRules(Whole whole, X509Certificate leaf) {
    this.whole = whole;
    this.leaf = leaf;
  }

  /** Why the last path that would have led to a root was refused, if one was. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusals.peekLast());
  }

  @Override
  public void init(boolean forward) {
    path.clear();
  }

  /** False: the rules are for whole paths, from the root down to the leaf. */
  @Override
  public boolean isForwardCheckingSupported() {
    return false;
  }

  /** None: the JDK resolves them itself. */
  @Override
  public Set<String> getSupportedExtensions() {
    return Set.of();
  }

  @Override
  public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions)
      throws CertPathValidatorException {
    X509Certificate x509 = (X509Certificate) certificate;
    String algorithm = x509.getSigAlgName();
    if (BROKEN.stream().anyMatch(algorithm.toUpperCase(Locale.ROOT)::startsWith)) {
      throw refuse(shown(x509) + " is signed with " + algorithm);
    }
    Optional<String> purpose = purpose(x509);
    if (purpose.isPresent()) {
      throw refuse(purpose.get());
    }
    path.addFirst(x509);
    if (x509.equals(leaf)) {
      end();
    }
  }

  private void end() throws CertPathValidatorException {
    try {
      whole.end(List.copyOf(path));
    } catch (CertPathValidatorException e) {
      throw refuse(String.valueOf(e.getMessage()));
    }
  }

  /** Why a certificate must have no part in authenticating a server, if it must not. */
  static Optional<String> purpose(X509Certificate x509) {
    try {
      List<String> purposes = x509.getExtendedKeyUsage();
      return purposes == null || purposes.stream().anyMatch(FOR_SERVERS::contains)
          ? Optional.empty()
          : Optional.of("the extended key usage of " + shown(x509) + " is not for TLS servers");
    } catch (CertificateParsingException e) {
      return Optional.of("the extended key usage of " + shown(x509) + " cannot be read");
    }
  }

  private CertPathValidatorException refuse(String reason) {
    refusals.clear();
    refusals.add(reason);
    return new CertPathValidatorException(reason);
  }

  private static String shown(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    String cut = subject.length() <= MAX_SHOWN ? subject : subject.substring(0, MAX_SHOWN) + "...";
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
