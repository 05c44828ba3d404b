package org.jamessts.policy;

import org.jamessts.dns.DomainName;

/** Finds, fetches and keeps the policies of one system. Implementations are thread-safe. */
interface PolicySource {

  /** What is known now, from what is kept and, as far as needed, from the domain. */
  TimedLookup lookup(DomainName domain);

  /** The same with a TXT record asked for past every cache. */
  TimedLookup recheck(DomainName domain);

  /**
   * Fetches a kept policy again, though nothing says that it has changed, so that its lifetime
   * begins anew.
   *
   * @return what is known afterwards, with the failure if it failed
   */
  TimedLookup refresh(KnownPolicy policy);
}
