package org.jamessts.sts2016;

import java.net.URI;
import org.jamessts.dns.DomainName;

/**
 * How the record itself can be shown to be the domain's own: the tag {@code a} (-00 §3.3). {@code
 * toString} gives the value as the draft's prose spells it.
 */
public sealed interface PolicyAuthentication {

  /**
   * An HTTPS resource serves the same text. Whether its host is the policy domain, as it must be,
   * only the caller can tell, who knows that domain: without the check, a forged record would name
   * the forger's own server.
   *
   * @param uri scheme {@code https} and a host, no user information, no fragment; a port is kept as
   *     written
   */
  record Webpki(URI uri) implements PolicyAuthentication {

    /** Refuses what is no such URI: the message says why. */
    public Webpki {
      HttpsUri.requireHost(uri);
    }

    /** The host of the URI, to be compared with the policy domain. */
    public DomainName host() {
      return HttpsUri.requireHost(uri);
    }

    @Override
    public String toString() {
      return "webpki:" + uri;
    }
  }

  /** The TXT record comes in an answer that DNSSEC makes secure. */
  record Dnssec() implements PolicyAuthentication {
    @Override
    public String toString() {
      return "dnssec";
    }
  }
}
