package org.jamessts.store;

import org.jamessts.dns.DomainName;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.Slot;

/** By what policies are kept: at most one of a kind for a domain. */
record PolicyKey(Slot slot, DomainName domain) {

  static PolicyKey of(KnownPolicy policy) {
    return new PolicyKey(policy.slot(), policy.domain());
  }
}
