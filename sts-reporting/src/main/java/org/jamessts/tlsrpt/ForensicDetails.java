package org.jamessts.tlsrpt;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a host showed in a session that failed, for who looks for the fault. The draft of 2016
 * leaves open how that is told (draft-margolis-smtp-sts-00 §7), and RFC 8460 has no place for it.
 * Strangers choose all of it, so it is bounded, and never part of what sessions are counted by.
 *
 * @param banner the text of its greeting, in clear before STARTTLS: whoever was on the path may
 *     have written it; at most {@value #MAX_BANNER} characters
 * @param certificates what it showed, leaf first, each DER in base64; together at most {@value
 *     #MAX_CERTIFICATES}, and {@value #MAX_OCTETS} octets of DER
 * @param leftOut how many followed that are not told
 */
public record ForensicDetails(Optional<String> banner, List<String> certificates, int leftOut) {

  static final int MAX_BANNER = 512;
  static final int MAX_CERTIFICATES = 10;
  static final int MAX_OCTETS = 16 * 1024;

  public ForensicDetails {
    certificates = List.copyOf(certificates);
  }

  /**
   * What is told of a session.
   *
   * @param banner printable, of any length; none where nobody greeted
   * @param chain leaf first; empty in clear text
   * @return nothing where the host showed nothing
   */
  public static Optional<ForensicDetails> of(Optional<String> banner, List<X509Certificate> chain) {
    if (banner.isEmpty() && chain.isEmpty()) {
      return Optional.empty();
    }
    List<String> certificates = new ArrayList<>();
    int octets = 0;
    for (X509Certificate certificate : chain) {
      byte[] der = der(certificate);
      octets += der.length;
      // The first that has no place ends it: a chain with a gap would mislead.
      if (der.length == 0 || octets > MAX_OCTETS || certificates.size() == MAX_CERTIFICATES) {
        break;
      }
      certificates.add(Base64.getEncoder().encodeToString(der));
    }
    return Optional.of(
        new ForensicDetails(
            banner.map(text -> text.substring(0, Math.min(MAX_BANNER, text.length()))),
            certificates,
            chain.size() - certificates.size()));
  }

  private static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      return new byte[0];
    }
  }

  /** What it takes, about. */
  public int size() {
    return banner.map(String::length).orElse(0)
        + certificates.stream().mapToInt(String::length).sum();
  }
}
