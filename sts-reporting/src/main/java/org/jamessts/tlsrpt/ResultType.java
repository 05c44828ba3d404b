package org.jamessts.tlsrpt;

import java.util.Locale;

/** Why a session failed (RFC 8460 §4.3). */
public enum ResultType {
  STARTTLS_NOT_SUPPORTED,
  CERTIFICATE_HOST_MISMATCH,
  CERTIFICATE_EXPIRED,
  CERTIFICATE_NOT_TRUSTED,
  VALIDATION_FAILURE,
  TLSA_INVALID,
  DNSSEC_INVALID,
  DANE_REQUIRED,
  STS_POLICY_FETCH_ERROR,
  STS_POLICY_INVALID,
  STS_WEBPKI_INVALID,
  /** Of the draft of 2016 (-00 §4); RFC 8460 has no such type. */
  SENDER_DOES_NOT_SUPPORT_VALIDATION_METHOD;

  /** As a report spells it, for example {@code starttls-not-supported}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
