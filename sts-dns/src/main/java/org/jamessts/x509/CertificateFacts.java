package org.jamessts.x509;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.dns.DomainName;

/**
 * What a server presented in one handshake, and whether a path leads from it to a trusted root.
 * Built once for a session by {@link PathBuilder}; dates and names are compared whenever the
 * session is judged, which may be much later for a connection that is used again.
 *
 * @param chain the certificates as sent, leaf first; never empty
 * @param path where the chain leads
 * @param dnsIds the dNSNames of the leaf's subject alternative name, as written
 * @param commonName the common name of the leaf's subject, as written, where the leaf has no
 *     subject alternative name at all; by RFC 6125 §6.4.4 it may count only then
 */
public record CertificateFacts(
    List<X509Certificate> chain, Path path, List<String> dnsIds, Optional<String> commonName) {

  public CertificateFacts {
    chain = List.copyOf(chain);
    dnsIds = List.copyOf(dnsIds);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a TLS server presents at least one certificate");
    }
  }

  /** Where a chain leads. */
  public sealed interface Path {}

  /**
   * To a trusted root.
   *
   * @param notBefore from when every certificate of the path is valid
   * @param notAfter until when every certificate of the path is valid
   */
  public record Trusted(Instant notBefore, Instant notAfter) implements Path {}

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
    List<Finding> findings = new ArrayList<>();
    if (path instanceof Untrusted untrusted) {
      findings.add(
          new Finding(Fault.NOT_TRUSTED, "certificate not trusted: " + untrusted.reason()));
    }
    Trusted dates = path instanceof Trusted trusted ? trusted : leafDates();
    if (now.isAfter(dates.notAfter())) {
      findings.add(new Finding(Fault.EXPIRED, "certificate expired on " + dates.notAfter()));
    } else if (now.isBefore(dates.notBefore()) && path instanceof Trusted) {
      // RFC 8460 has no type for "not yet valid"; expired would send the reader the wrong way.
      findings.add(
          new Finding(Fault.NOT_TRUSTED, "certificate not valid before " + dates.notBefore()));
    }
    if (presented(names).noneMatch(id -> DnsId.matches(id, host))) {
      findings.add(
          new Finding(
              Fault.HOST_MISMATCH, "certificate is for " + namesShown() + ", not for " + host));
    }
    return findings;
  }

  /** Of a chain that leads nowhere, nothing but the leaf is known. */
  private Trusted leafDates() {
    X509Certificate leaf = chain.get(0);
    return new Trusted(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
  }

  private Stream<String> presented(Names names) {
    return names == Names.DNS_IDS
        ? dnsIds.stream()
        : Stream.concat(dnsIds.stream(), commonName.stream());
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
