package org.jamessts.x509;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.x509.CertificateFacts.Path;
import org.jamessts.x509.CertificateFacts.Trusted;
import org.jamessts.x509.CertificateFacts.Untrusted;

/**
 * Looks for a path from a presented chain to a {@link Destination} by the JDK's PKIX builder (RFC
 * 5280 §6): signatures, name constraints, key usage, path length, and the algorithms that the JDK
 * forbids. Dates are left to {@link CertificateFacts#faultFor}: a chain that is sound but for its
 * dates has a path, so that "expired" is told apart from "not trusted". Used for one search.
 */
final class PathSearch {

  private static final int MAX_INTERMEDIATES = 8;

  /** Longer chains are refused unread: a path builder's work grows with them. */
  static final int MAX_CHAIN = 1 + MAX_INTERMEDIATES + 1;

  /**
   * Certificates of one subject that a chain may hold. A root that another root vouches for too has
   * two or three. More serve only whoever wants the path builder to try them in every order, which
   * takes it a minute for some dozen.
   */
  static final int MAX_NAMESAKES = 3;

  private final List<X509Certificate> chain;
  private final Destination destination;

  /** Why the last path that would have led to the destination was refused, if one was. */
  private Optional<String> refusal = Optional.empty();

  private PathSearch(List<X509Certificate> chain, Destination destination) {
    this.chain = chain;
    this.destination = destination;
  }

  /**
   * Where a chain leads.
   *
   * @param chain as sent, leaf first
   * @param destination where it has to lead
   * @param now tells which of several possible paths is valid
   */
  static Path path(List<X509Certificate> chain, Destination destination, Instant now) {
    return excess(chain).orElseGet(() -> new PathSearch(chain, destination).path(now));
  }

  /** What is too much of a chain to look at it, if anything. */
  static Optional<Path> excess(List<X509Certificate> chain) {
    if (chain.size() > MAX_CHAIN) {
      return Optional.of(
          new Untrusted("the server sent " + chain.size() + " certificates, over " + MAX_CHAIN));
    }
    return namesakes(chain) > MAX_NAMESAKES
        ? Optional.of(
            new Untrusted(
                "the server sent over " + MAX_NAMESAKES + " certificates with one subject"))
        : Optional.empty();
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

  private Path path(Instant now) {
    return build(now)
        .or(() -> lapsed(now))
        .map(Path.class::cast)
        .orElseGet(() -> new Untrusted(reason()));
  }

  /** A path that would be sound but for the date: so that "expired" can be said. */
  private Optional<Trusted> lapsed(Instant now) {
    Trusted common =
        Trusted.during(Stream.concat(chain.stream(), destination.certificates().stream()).toList());
    Instant moment = common.notAfter();
    if (moment.isBefore(common.notBefore()) || moment.equals(now)) {
      return Optional.empty();
    }
    // A path that is valid now as well was refused now for another reason, such as an algorithm
    // that the JVM forbids from a day on: it must not be judged by the rules of the past.
    return build(moment).filter(path -> !path.contains(now));
  }

  private Optional<Trusted> build(Instant moment) {
    PathRules rules = new PathRules(path -> destination.end(path, moment), chain.get(0));
    try {
      return Optional.of(search(moment, rules));
    } catch (GeneralSecurityException e) {
      refusal = rules.refusal().or(() -> refusal);
      return Optional.empty();
    }
  }

  private Trusted search(Instant moment, PathRules rules) throws GeneralSecurityException {
    X509Certificate leaf = chain.get(0);
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(destination.anchors(), serverAuthSelector(leaf));
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
    path.addAll(destination.end(List.copyOf(path), moment));
    return Trusted.during(path);
  }

  private static X509CertSelector serverAuthSelector(X509Certificate leaf) {
    try {
      X509CertSelector selector = new X509CertSelector();
      selector.setCertificate(leaf);
      selector.setExtendedKeyUsage(Set.of(PathRules.SERVER_AUTH));
      return selector;
    } catch (IOException e) {
      throw new AssertionError("a constant OID is well-formed", e);
    }
  }

  private String reason() {
    if (!serverAuthSelector(chain.get(0)).match(chain.get(0))) {
      return "its extended key usage is not for TLS servers";
    }
    // The JDK's exception keeps the causes to itself.
    return refusal.orElse("no path to " + destination);
  }
}
