package org.jamessts.delivery;

import java.time.Instant;
import java.util.Optional;
import org.jamessts.decide.Channel;

/**
 * What the operator says of the way into every host that a mailet delivers to.
 *
 * @param implicitTls whether TLS comes first, before any word (RFC 8314 §3), in place of STARTTLS
 * @param login how to log in; only gateways have one
 */
record HostAccess(boolean implicitTls, Optional<GatewayLogin> login) {

  /** STARTTLS where it is offered, and no login: what strangers expect. */
  static final HostAccess USUAL = new HostAccess(false, Optional.empty());

  /** Whether a host has to prove its name, whatever its domain publishes: it gets credentials. */
  boolean needsProof() {
    return login.filter(given -> !given.allowsAnyChannel()).isPresent();
  }

  /** Why mail would not get past the login that there may be, as far as the channel tells. */
  Optional<Reason> refusal(Channel channel, Need need, Instant now) {
    return login.flatMap(given -> given.refusal(channel, need, now));
  }
}
