package org.jamessts.x509;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jamessts.dns.DomainName;

/**
 * What a server presented in one handshake, and whether a path leads from it to a trusted root.
 * Built once for a session by {@link PathBuilder}; dates and names are compared whenever the
 * session is judged, which may be much later for a connection that is used again.
 *
 * @param chain the certificates as sent, leaf first; never empty
 * @param path where the chain leads
 * @param dnsIds the dNSNames of the leaf's subject alternative name, as written
 */
public record CertificateFacts(List<X509Certificate> chain, Path path, List<String> dnsIds) {

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
    HOST_MISMATCH
  }

  /**
   * A certificate that is not good for a host.
   *
   * @param fault the kind
   * @param explanation evidence, for a person to read
   */
  public record Finding(Fault fault, String explanation) {}

  /**
   * Judges the certificate for a host (RFC 8461 §4.2): path, dates, name, in this order.
   *
   * @param host the reference identity
   * @param now the moment of judgement
   * @return the first thing that is wrong, or nothing
   */
  public Optional<Finding> faultFor(DomainName host, Instant now) {
    if (path instanceof Untrusted untrusted) {
      return finding(Fault.NOT_TRUSTED, "certificate not trusted: " + untrusted.reason());
    }
    Trusted trusted = (Trusted) path;
    if (now.isAfter(trusted.notAfter())) {
      return finding(Fault.EXPIRED, "certificate expired on " + trusted.notAfter());
    }
    if (now.isBefore(trusted.notBefore())) {
      // RFC 8460 has no type for "not yet valid"; expired would send the reader the wrong way.
      return finding(Fault.NOT_TRUSTED, "certificate not valid before " + trusted.notBefore());
    }
    if (dnsIds.stream().noneMatch(id -> DnsId.matches(id, host))) {
      return finding(
          Fault.HOST_MISMATCH, "certificate is for " + namesShown() + ", not for " + host);
    }
    return Optional.empty();
  }

  private static Optional<Finding> finding(Fault fault, String explanation) {
    return Optional.of(new Finding(fault, explanation));
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
