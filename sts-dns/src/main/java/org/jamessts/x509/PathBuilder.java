package org.jamessts.x509;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jamessts.x509.CertificateFacts.Path;
import org.jamessts.x509.CertificateFacts.Untrusted;

/**
 * Records what a server presented, and whether a path leads from it to a root that the operator
 * trusts ({@link PathSearch}). Revocation is not checked (RFC 8461 §4.2 leaves it open). Safe for
 * use by many threads.
 */
public final class PathBuilder {

  private static final int DNS_NAME = 2;

  private final TrustAnchors anchors;
  private final Clock clock;

  /**
   * @param anchors the roots to trust; without any, nothing is trusted. One that is no authority is
   *     trusted itself, as a server's certificate, and not what its key has signed
   * @param clock tells which of several possible paths is valid now
   */
  public PathBuilder(TrustAnchors anchors, Clock clock) {
    this.anchors = anchors;
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
    return anchors.anchors().isEmpty()
        ? new Untrusted("no trusted roots are configured")
        : PathSearch.path(chain, Roots.of(anchors, chain.get(0)), clock.instant());
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
