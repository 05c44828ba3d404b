package org.jamessts.https;

/** A request that brought nothing to believe. The message says why, for a person to read. */
final class HttpsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean certificate;

  private HttpsException(boolean certificate, String message) {
    super(message);
    this.certificate = certificate;
  }

  /** The host did not prove its name. */
  static HttpsException certificate(String message) {
    return new HttpsException(true, message);
  }

  /** The host could not be reached, or what it sent is no good. */
  static HttpsException fetch(String message) {
    return new HttpsException(false, message);
  }

  /** Whether the certificate is to blame ({@code sts-webpki-invalid} in RFC 8460 §4.3). */
  boolean isCertificate() {
    return certificate;
  }
}
