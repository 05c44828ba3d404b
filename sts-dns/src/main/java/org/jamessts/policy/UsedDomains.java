package org.jamessts.policy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jamessts.dns.DomainName;

/**
 * Domains to which mail went, until somebody takes note of it. Bounded: what does not fit is noted
 * with a later mail.
 */
final class UsedDomains {

  private static final int MAX = 100_000;

  private final Set<DomainName> domains = ConcurrentHashMap.newKeySet();

  void add(DomainName domain) {
    if (domains.size() < MAX) {
      domains.add(domain);
    }
  }

  /** Those since the last call. */
  List<DomainName> take() {
    List<DomainName> taken = List.copyOf(domains);
    taken.forEach(domains::remove);
    return taken;
  }
}
