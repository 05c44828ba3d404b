package org.jamessts.x509;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
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
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
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

  private static final int MAX_INTERMEDIATES = 8;

  /** Longer chains are refused unread: a path builder's work grows with them. */
  static final int MAX_CHAIN = 1 + MAX_INTERMEDIATES + 1;

  /**
   * Certificates of one subject that a chain may hold. A root that another root vouches for too has
   * two or three. More serve only whoever wants the path builder to try them in every order, which
   * takes it a minute for some dozen.
   */
  static final int MAX_NAMESAKES = 3;

  static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final int DNS_NAME = 2;

  private final Set<TrustAnchor> anchors;
  private final Clock clock;

  /**
   * @param anchors the roots to trust; without any, nothing is trusted. One that is no authority is
   *     trusted itself, as a server's certificate, and not what its key has signed
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
    X509Certificate leaf = chain.get(0);
    return new CertificateFacts(chain, path(chain), dnsIds(leaf), commonName(leaf));
  }

  private Path path(List<X509Certificate> chain) {
    if (anchors.isEmpty()) {
      return new Untrusted("no trusted roots are configured");
    }
    if (chain.size() > MAX_CHAIN) {
      return new Untrusted("the server sent " + chain.size() + " certificates, over " + MAX_CHAIN);
    }
    if (namesakes(chain) > MAX_NAMESAKES) {
      return new Untrusted(
          "the server sent over " + MAX_NAMESAKES + " certificates with one subject");
    }
    Instant now = clock.instant();
    PathRules rules = new PathRules();
    return build(chain, now, rules)
        .or(() -> lapsed(chain, now, rules))
        .map(Path.class::cast)
        .orElseGet(() -> new Untrusted(reason(chain.get(0), rules)));
  }

  /** A path that would be sound but for the date: so that "expired" can be said. */
  private Optional<Trusted> lapsed(List<X509Certificate> chain, Instant now, PathRules rules) {
    return momentWhenAllAreValid(chain)
        .filter(moment -> !moment.equals(now))
        .flatMap(moment -> build(chain, moment, rules))
        // One that is valid now as well was refused now for another reason, such as an algorithm
        // that the JVM forbids from a day on: it must not be judged by the rules of the past.
        .filter(path -> now.isBefore(path.notBefore()) || now.isAfter(path.notAfter()));
  }

  private static long namesakes(List<X509Certificate> chain) {
    return chain.stream()
        .collect(
            Collectors.groupingBy(X509Certificate::getSubjectX500Principal, Collectors.counting()))
        .values()
        .stream()
        .max(Long::compare)
        .orElse(0L);
  }

  private Optional<Trusted> build(List<X509Certificate> chain, Instant moment, PathRules rules) {
    try {
      return Optional.of(search(chain, moment, rules));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Trusted search(List<X509Certificate> chain, Instant moment, PathRules rules)
      throws GeneralSecurityException {
    X509Certificate leaf = chain.get(0);
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(anchorsFor(leaf), serverAuthSelector(leaf));
    parameters.addCertPathChecker(rules);
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
      path.add(leaf);
    }
    return new Trusted(latestStart(path), earliestEnd(path));
  }

  /** Authorities, and the leaf itself where it is trusted as such. */
  private Set<TrustAnchor> anchorsFor(X509Certificate leaf) {
    return anchors.stream()
        .filter(anchor -> isAuthority(anchor) || leaf.equals(anchor.getTrustedCert()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** As the JDK's own trust manager sees it: version 1 has no extension that could say so. */
  private static boolean isAuthority(TrustAnchor anchor) {
    X509Certificate root = anchor.getTrustedCert();
    return root == null || root.getVersion() < 3 || root.getBasicConstraints() >= 0;
  }

  private static X509CertSelector serverAuthSelector(X509Certificate leaf) {
    try {
      X509CertSelector selector = new X509CertSelector();
      selector.setCertificate(leaf);
      selector.setExtendedKeyUsage(Set.of(SERVER_AUTH));
      return selector;
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

  private static String reason(X509Certificate leaf, PathRules rules) {
    if (!serverAuthSelector(leaf).match(leaf)) {
      return "its extended key usage is not for TLS servers";
    }
    // The JDK's exception keeps the causes to itself.
    return rules.refusal().orElse("no path to a trusted root");
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

  private static Optional<String> commonName(X509Certificate leaf) {
    try {
      if (leaf.getSubjectAlternativeNames() != null) {
        return Optional.empty();
      }
      return new LdapName(leaf.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
              .map(Rdn::getValue)
              .filter(String.class::isInstance)
              .map(String.class::cast)
              // The most specific stands last.
              .reduce((first, second) -> second);
    } catch (CertificateParsingException | InvalidNameException e) {
      return Optional.empty();
    }
  }
}
