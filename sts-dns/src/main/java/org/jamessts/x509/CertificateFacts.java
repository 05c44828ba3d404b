package org.jamessts.x509;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jamessts.dns.DomainName;

/**
 * What a server presented in one handshake, and whether a path leads from it to a trusted root.
 * Built once for a session by {@link PathBuilder}; dates and names are compared whenever the
 * session is judged, which may be much later for a connection that is used again. Immutable, but
 * for what it remembers so as not to compute it again; safe for use by many threads.
 */
public final class CertificateFacts {

  private final List<X509Certificate> chain;
  private final Path path;
  private final List<String> dnsIds;
  private final Optional<String> commonName;
  private final RememberedPath remembered;

  /**
   * Facts.
   *
   * @param chain the certificates as sent, leaf first; never empty
   * @param path where the chain leads
   * @param dnsIds the dNSNames of the leaf's subject alternative name, as written
   * @param commonName the common name of the leaf's subject, as written, where the leaf has no
   *     subject alternative name at all; by RFC 6125 §6.4.4 it may count only then
   */
  public CertificateFacts(
      List<X509Certificate> chain, Path path, List<String> dnsIds, Optional<String> commonName) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a TLS server presents at least one certificate");
    }
    this.chain = List.copyOf(chain);
    this.path = path;
    this.dnsIds = List.copyOf(dnsIds);
    this.commonName = commonName;
    this.remembered = new RememberedPath(this.chain);
  }

  /** The certificates as sent, leaf first; never empty. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** Whether the chain leads to a root that the operator trusts. */
  public Path path() {
    return path;
  }

  /**
   * Whether the chain leads to authorities that somebody else trusts. Searched for once, then
   * remembered for the choice that was asked for last: whoever judges a session again does not pay
   * again.
   *
   * @param choice says to whom the path may lead
   * @param now the moment of judgement, at which a path is preferred that is valid then
   * @return where the chain leads; nothing where the choice finds nobody to whom it might
   */
  public Optional<Path> pathTo(AuthorityChoice choice, Instant now) {
    return remembered.to(choice, now);
  }

  /** Where a chain leads. */
  public sealed interface Path {}

  /**
   * To a trusted root, or to an authority that was asked for.
   *
   * @param notBefore from when every certificate of the path is valid
   * @param notAfter until when every certificate of the path is valid
   */
  public record Trusted(Instant notBefore, Instant notAfter) implements Path {

    /** While all of these are valid; of them there is at least one. */
    public static Trusted during(Collection<X509Certificate> certificates) {
      return new Trusted(
          certificates.stream()
              .map(certificate -> certificate.getNotBefore().toInstant())
              .max(Instant::compareTo)
              .orElseThrow(),
          certificates.stream()
              .map(certificate -> certificate.getNotAfter().toInstant())
              .min(Instant::compareTo)
              .orElseThrow());
    }

    /** Whether all are valid at a moment. */
    boolean contains(Instant moment) {
      return !moment.isBefore(notBefore) && !moment.isAfter(notAfter);
    }
  }

  /**
   * Nowhere: unknown root, broken signature, name constraint, wrong key usage, forbidden algorithm.
   *
   * @param reason for a person to read
   */
  public record Untrusted(String reason) implements Path {}

  /** What is wrong with a certificate for a host at a moment, in the terms of RFC 8460 §4.3. */
  public enum Fault {
    EXPIRED,
    NOT_TRUSTED,
    HOST_MISMATCH,
    /** No TLSA record matches; only where such records judge (RFC 7672 §2.2). */
    NO_TLSA_MATCH
  }

  /**
   * A certificate that is not good for a host.
   *
   * @param fault the kind
   * @param explanation evidence, for a person to read
   */
  public record Finding(Fault fault, String explanation) {}

  /** Which of a certificate's names count. */
  public enum Names {
    /** DNS-IDs only (RFC 8461 §4.2, RFC 9525 §2). */
    DNS_IDS,
    /**
     * DNS-IDs or, in a certificate without alternative names, the common name (RFC 6125 §6.4.4).
     */
    DNS_IDS_OR_COMMON_NAME
  }

  /**
   * Judges the certificate for a host (RFC 8461 §4.2): path, dates, name, in this order.
   *
   * @param host the reference identity
   * @param now the moment of judgement
   * @return the first thing that is wrong, or nothing
   */
  public Optional<Finding> faultFor(DomainName host, Instant now) {
    return faultsFor(host, now, Names.DNS_IDS).stream().findFirst();
  }

  /**
   * Everything that is wrong with the certificate for a host: who overlooks one fault must not
   * overlook the others with it.
   *
   * @param host the reference identity
   * @param now the moment of judgement
   * @param names which names count
   * @return at most one finding of each kind, in the order of path, dates, name
   */
  public List<Finding> faultsFor(DomainName host, Instant now, Names names) {
    return faultsAlong(path, List.of(host), now, names);
  }

  /**
   * Everything that is wrong with the certificate, with another path than {@link #path}.
   *
   * @param path where the chain leads, from {@link #pathTo}
   * @param references the reference identities, of which any one suffices
   * @param now the moment of judgement
   * @param names which names count
   * @return at most one finding of each kind, in the order of path, dates, name
   */
  public List<Finding> faultsAlong(
      Path path, Collection<DomainName> references, Instant now, Names names) {
    List<Finding> findings = new ArrayList<>();
    if (path instanceof Untrusted untrusted) {
      findings.add(
          new Finding(Fault.NOT_TRUSTED, "certificate not trusted: " + untrusted.reason()));
    }
    // Of a chain that leads nowhere, nothing but the leaf is known.
    Trusted dates = path instanceof Trusted trusted ? trusted : Trusted.during(chain.subList(0, 1));
    if (now.isAfter(dates.notAfter())) {
      findings.add(new Finding(Fault.EXPIRED, "certificate expired on " + dates.notAfter()));
    } else if (now.isBefore(dates.notBefore()) && path instanceof Trusted) {
      // RFC 8460 has no type for "not yet valid"; expired would send the reader the wrong way.
      findings.add(
          new Finding(Fault.NOT_TRUSTED, "certificate not valid before " + dates.notBefore()));
    }
    if (!isForAny(references, names)) {
      findings.add(
          new Finding(
              Fault.HOST_MISMATCH,
              "certificate is for " + namesShown() + ", not for " + shown(references)));
    }
    return findings;
  }

  private boolean isForAny(Collection<DomainName> references, Names names) {
    // A loop: on the way of every mail.
    for (DomainName host : references) {
      for (String id : dnsIds) {
        if (DnsId.matches(id, host)) {
          return true;
        }
      }
      if (names == Names.DNS_IDS_OR_COMMON_NAME
          && commonName.filter(name -> DnsId.matches(name, host)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static String shown(Collection<DomainName> references) {
    return references.stream().map(DomainName::value).sorted().collect(Collectors.joining(" or "));
  }

  private String namesShown() {
    if (dnsIds.isEmpty()) {
      return "no DNS name";
    }
    int shown = Math.min(3, dnsIds.size());
    String names =
        dnsIds.subList(0, shown).stream()
            .map(name -> name.replaceAll("[^\\x21-\\x7e]", "?"))
            .map(name -> name.substring(0, Math.min(80, name.length())))
            .collect(Collectors.joining(", "));
    return shown == dnsIds.size() ? names : names + " and " + (dnsIds.size() - shown) + " more";
  }
}
