package org.jamessts.sts2016;

import java.net.URI;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;

/** Which URIs can be asked over HTTPS, with a certificate for a name. */
final class HttpsUri {

  private static final int MAX_PORT = 65_535;

  private HttpsUri() {}

  /**
   * The host of an {@code https} URI.
   *
   * @throws Malformed when it has another scheme, user information, a fragment, an impossible port
   *     or no host name; the reason says "it"
   */
  static DomainName hostOf(URI uri) throws Malformed {
    if (!"https".equalsIgnoreCase(uri.getScheme())) {
      throw new Malformed("its scheme is not https");
    }
    if (uri.getRawUserInfo() != null) {
      throw new Malformed("it has user information");
    }
    if (uri.getRawFragment() != null) {
      throw new Malformed("it has a fragment");
    }
    // A port that was not given is -1.
    if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
      throw new Malformed("its port is not 1 to " + MAX_PORT);
    }
    if (uri.getHost() == null) {
      throw new Malformed("it names no host");
    }
    try {
      return DomainName.parse(uri.getHost());
    } catch (InvalidDomainNameException e) {
      throw new Malformed(String.valueOf(e.getMessage()));
    }
  }

  /** As {@link #hostOf}, for a URI that was looked at before. */
  static DomainName requireHost(URI uri) {
    try {
      return hostOf(uri);
    } catch (Malformed e) {
      throw new IllegalArgumentException(e.reason(), e);
    }
  }
}
