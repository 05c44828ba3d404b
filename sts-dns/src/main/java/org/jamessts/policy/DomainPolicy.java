package org.jamessts.policy;

import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.override.DomainOverride;

/**
 * Everything to which mail for a domain is held.
 *
 * @param domain the policy domain
 * @param published what it publishes
 * @param override what the operator says of it
 */
public record DomainPolicy(
    DomainName domain, PolicyLookup published, Optional<DomainOverride> override) {

  /** A domain of which the operator says nothing. */
  public static DomainPolicy of(DomainName domain, PolicyLookup published) {
    return new DomainPolicy(domain, published, Optional.empty());
  }
}
