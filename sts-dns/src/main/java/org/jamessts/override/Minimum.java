package org.jamessts.override;

import java.util.Locale;

/** What a connection must have at least, whatever its domain publishes. */
public enum Minimum {
  /** TLS, with any certificate: nothing for whoever only listens. */
  REQUIRE_TLS,
  /** TLS, with a certificate that is trusted, valid now and made for the MX host. */
  VERIFIED,
  /** TLS, with a certificate that TLSA records vouch for which DNSSEC proves (RFC 7672 §6). */
  DANE;

  /** The word in JSON: {@code require-tls}, {@code verified}, {@code dane}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
