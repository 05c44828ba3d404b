package org.jamessts.decide;

import org.jamessts.override.FailureKind;

/** What would let mail through that a finding stops. */
final class Remedies {

  private Remedies() {}

  /**
   * Of a finding.
   *
   * @param operators whether it is the operator of this server who wants it otherwise
   */
  static String of(FailureKind kind, boolean operators) {
    return byOthers(kind)
        + ", or the operator of this server "
        + (operators ? "changes what he demands" : "exempts " + kind.keyword());
  }

  private static String byOthers(FailureKind kind) {
    return switch (kind) {
      case MX_MISMATCH -> "the domain names this host in its policy, or another in its MX records";
      case STARTTLS_NOT_SUPPORTED -> "the host offers STARTTLS and agrees to it";
      case TLS_HANDSHAKE_FAILED -> "the host completes a TLS handshake";
      case CERTIFICATE_NOT_TRUSTED ->
          "the host shows a certificate of an authority that this server trusts, with the"
              + " certificates between them";
      case CERTIFICATE_EXPIRED -> "the host shows a certificate that is valid now";
      case CERTIFICATE_HOST_MISMATCH -> "the host shows a certificate for its name";
      case TLSA_INVALID -> "the host's certificate and its TLSA records match";
      case DNSSEC_INVALID -> "the DNS servers of the host answer, with signatures that hold";
      case DANE_REQUIRED ->
          "the domain and its host are signed with DNSSEC, and the host has usable TLSA records";
      case VALIDATION_METHOD_NOT_SUPPORTED -> "this server validates DNSSEC, with DANE on";
    };
  }
}
