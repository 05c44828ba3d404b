package org.jamessts.policy;

import org.jamessts.dns.DomainName;

/**
 * Is told when another policy takes the place of one that held: what was impossible under the old
 * one may now be possible. Implementations are safe for use by many threads and return at once,
 * since mail waits for them.
 */
@FunctionalInterface
public interface PolicyChanges {

  /** Nobody wants to know. */
  PolicyChanges UNHEARD = domain -> {};

  /** The domain has another policy, and it is kept. */
  void changed(DomainName domain);
}
