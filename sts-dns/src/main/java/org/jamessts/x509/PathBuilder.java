package org.jamessts.x509;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.x509.CertificateFacts.Path;
import org.jamessts.x509.CertificateFacts.Trusted;
import org.jamessts.x509.CertificateFacts.Untrusted;

/**
 * Looks for a path from a presented chain to a trusted root by the JDK's PKIX builder (RFC 5280
 * §6): signatures, name constraints, key usage, path length, and the algorithms that the JDK
 * forbids. Dates are left to {@link CertificateFacts#faultFor}: a chain that is sound but for its
 * dates has a path, so that "expired" is told apart from "not trusted". Revocation is not checked
 * (RFC 8461 §4.2 leaves it open). Safe for use by many threads.
 */
public final class PathBuilder {

  /** Longer chains are refused unread: a path builder's work grows with them. */
  static final int MAX_CHAIN = 16;

  private static final int MAX_INTERMEDIATES = 8;
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final int DNS_NAME = 2;

  private final Set<TrustAnchor> anchors;
  private final Clock clock;

  /**
   * @param anchors the roots to trust; without any, nothing is trusted
   * @param clock tells which of several possible paths is valid now
   */
  public PathBuilder(TrustAnchors anchors, Clock clock) {
    this.anchors = anchors.anchors();
    this.clock = clock;
  }

  /**
   * Records what a server presented.
   *
   * @param chain as sent, leaf first, at least one certificate
   * @return the facts; an untrusted chain is a fact too, nothing is thrown for it
   */
  public CertificateFacts facts(List<X509Certificate> chain) {
    return new CertificateFacts(chain, path(chain), dnsIds(chain.get(0)));
  }

  private Path path(List<X509Certificate> chain) {
    if (anchors.isEmpty()) {
      return new Untrusted("no trusted roots are configured");
    }
    if (chain.size() > MAX_CHAIN) {
      return new Untrusted("the server sent " + chain.size() + " certificates, over " + MAX_CHAIN);
    }
    Instant now = clock.instant();
    try {
      return build(chain, now);
    } catch (GeneralSecurityException atNow) {
      Optional<Instant> common = momentWhenAllAreValid(chain).filter(moment -> !moment.equals(now));
      if (common.isPresent()) {
        try {
          return build(chain, common.get());
        } catch (GeneralSecurityException atAnyTime) {
          return new Untrusted(reason(atAnyTime));
        }
      }
      return new Untrusted(reason(atNow));
    }
  }

  private Trusted build(List<X509Certificate> chain, Instant moment)
      throws GeneralSecurityException {
    X509CertSelector leaf = new X509CertSelector();
    leaf.setCertificate(chain.get(0));
    requireServerAuth(leaf);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
    parameters.setRevocationEnabled(false);
    parameters.setMaxPathLength(MAX_INTERMEDIATES);
    parameters.setDate(Date.from(moment));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
    PKIXCertPathBuilderResult result =
        (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    List<X509Certificate> path = new ArrayList<>();
    for (var certificate : result.getCertPath().getCertificates()) {
      path.add((X509Certificate) certificate);
    }
    if (path.isEmpty()) {
      // The leaf itself is an anchor: an operator trusts exactly this certificate.
      path.add(chain.get(0));
    }
    return new Trusted(latestStart(path), earliestEnd(path));
  }

  private static void requireServerAuth(X509CertSelector selector) {
    try {
      selector.setExtendedKeyUsage(Set.of(SERVER_AUTH));
    } catch (IOException e) {
      throw new AssertionError("a constant OID is well-formed", e);
    }
  }

  /** Just before the first certificate of the chain ends, if all the others are valid then. */
  private static Optional<Instant> momentWhenAllAreValid(List<X509Certificate> chain) {
    Instant start = latestStart(chain);
    Instant end = earliestEnd(chain);
    return start.isAfter(end) ? Optional.empty() : Optional.of(end);
  }

  private static Instant latestStart(Collection<X509Certificate> certificates) {
    return certificates.stream()
        .map(certificate -> certificate.getNotBefore().toInstant())
        .max(Instant::compareTo)
        .orElseThrow();
  }

  private static Instant earliestEnd(Collection<X509Certificate> certificates) {
    return certificates.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private static String reason(GeneralSecurityException failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    if (deepest instanceof CertPathBuilderException && deepest == failure) {
      return "no path to a trusted root";
    }
    return String.valueOf(deepest.getMessage());
  }

  private static List<String> dnsIds(X509Certificate leaf) {
    try {
      Collection<List<?>> names = leaf.getSubjectAlternativeNames();
      if (names == null) {
        return List.of();
      }
      List<String> dnsIds = new ArrayList<>();
      for (List<?> name : names) {
        if (name.get(0) instanceof Integer type
            && type == DNS_NAME
            && name.get(1) instanceof String text) {
          dnsIds.add(text);
        }
      }
      return dnsIds;
    } catch (CertificateParsingException e) {
      // An unreadable extension names nobody; the name check then fails and says so.
      return List.of();
    }
  }
}
