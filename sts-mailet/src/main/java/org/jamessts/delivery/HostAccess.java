package org.jamessts.delivery;

import java.util.Optional;

/**
 * What the operator says of the way into every host that a mailet delivers to.
 *
 * @param implicitTls whether TLS comes first, before any word (RFC 8314 §3), in place of STARTTLS
 * @param login how to log in; only gateways have one
 */
record HostAccess(boolean implicitTls, Optional<GatewayLogin> login) {

  /** STARTTLS where it is offered, and no login: what strangers expect. */
  static final HostAccess USUAL = new HostAccess(false, Optional.empty());
}
