package org.jamessts.override;

import java.util.Locale;

/** What can be wrong with a host or its channel, as far as an operator may look past it. */
public enum FailureKind {
  /** The policy does not cover the MX host (RFC 8461 §4.1). */
  MX_MISMATCH,
  /** The host does not offer STARTTLS, or refuses it. */
  STARTTLS_NOT_SUPPORTED,
  /** STARTTLS was agreed on, and the TLS handshake failed. */
  TLS_HANDSHAKE_FAILED,
  /** No path of certificates leads to a trusted root. */
  CERTIFICATE_NOT_TRUSTED,
  /** The certificate, or one on its path, is not valid at this time. */
  CERTIFICATE_EXPIRED,
  /** The certificate was made for other hosts. */
  CERTIFICATE_HOST_MISMATCH,
  /** The certificate matches none of the host's TLSA records (RFC 7672 §2.2). */
  TLSA_INVALID,
  /** The DNS could not tell whether there are TLSA records, or what it told is disproved. */
  DNSSEC_INVALID,
  /** The operator demands TLSA records, and there are none that DNSSEC proves (RFC 7672 §6). */
  DANE_REQUIRED,
  /** The policy wants a validation that this server does not do (draft -00 §3.4). */
  VALIDATION_METHOD_NOT_SUPPORTED;

  /** The word in JSON: lower case, with hyphens, for example {@code certificate-expired}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
