package org.jamessts.dane;

/** The fields of a TLSA record by their acronyms (RFC 7218 §2). */
final class Rfc7218 {

  // Certificate usages. PKIX-TA (0) and PKIX-EE (1) are not for SMTP.
  static final int DANE_TA = 2;
  static final int DANE_EE = 3;

  // Selectors.
  static final int CERT = 0;
  static final int SPKI = 1;

  // Matching types; the others are in Digest.
  static final int FULL = 0;

  private Rfc7218() {}
}
