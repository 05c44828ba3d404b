package org.jamessts.policy;

import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/**
 * Some of the kept policies, in the order of their domains.
 *
 * @param policies all that are wanted of each domain
 * @param next behind which domain there may be more; empty where there are none
 */
public record PolicyPage(List<StoredPolicy> policies, Optional<DomainName> next) {

  public PolicyPage {
    policies = List.copyOf(policies);
  }
}
