package org.jamessts.https;

import java.time.Duration;

/**
 * How far the client may go.
 *
 * @param port where hosts listen; 443, but for tests
 * @param allowPrivateAddresses whether hosts may lie outside the public Internet: private networks,
 *     loopback, link-local
 * @param deadline for the whole of a fetch: DNS, connection, TLS, headers, body
 */
public record HttpsSettings(int port, boolean allowPrivateAddresses, Duration deadline) {

  /** What RFC 8461 §3.3 suggests: port 443, one minute. */
  public static final HttpsSettings DEFAULT = new HttpsSettings(443, false, Duration.ofMinutes(1));

  public HttpsSettings {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a port of " + port);
    }
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("a deadline of " + deadline);
    }
  }
}
