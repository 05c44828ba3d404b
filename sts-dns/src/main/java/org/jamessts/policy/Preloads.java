package org.jamessts.policy;

import java.time.Instant;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/** Policies that count as seen before, of domains from which nothing was fetched yet. */
@FunctionalInterface
public interface Preloads {

  /** None at all. */
  Preloads NONE = (domain, now) -> Optional.empty();

  /** The policy of a domain, if there is one that holds at a moment. */
  Optional<KnownMtaStsPolicy> find(DomainName domain, Instant now);
}
