package org.jamessts.policy;

import java.util.List;
import java.util.Set;
import org.jamessts.dns.DomainName;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.FailureKind;
import org.jamessts.override.Minimum;

/**
 * Everything to which mail for a domain is held.
 *
 * @param domain the policy domain
 * @param published what it publishes
 * @param overrides what the operator says of it, the most specific first; what they ask for holds
 *     together
 */
public record DomainPolicy(
    DomainName domain, PolicyLookup published, List<DomainOverride> overrides) {

  public DomainPolicy {
    overrides = List.copyOf(overrides);
  }

  /** A domain of which the operator says nothing. */
  public static DomainPolicy of(DomainName domain, PolicyLookup published) {
    return new DomainPolicy(domain, published, List.of());
  }

  /** What does not stop mail: that of the most specific override, which speaks for itself alone. */
  public Set<FailureKind> exempt() {
    return overrides.isEmpty() ? Set.of() : overrides.get(0).exempt();
  }

  /** Whether the operator makes DANE mandatory (RFC 7672 §6). */
  public boolean demandsDane() {
    return overrides.stream()
        .anyMatch(override -> override.minimum().filter(Minimum.DANE::equals).isPresent());
  }
}
