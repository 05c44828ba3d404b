package org.jamessts.policy;

import org.jamessts.dns.DomainName;

/** Tells what a domain promises. Implementations are safe for use by many threads. */
public interface PolicyService {

  /**
   * The policy to apply to mail for a domain now: the kept one, or one found and fetched on the way
   * (RFC 8461 §5.1). Equal questions at one time cause one discovery.
   *
   * @param policyDomain the recipient's domain, or the domain of a smart host (RFC 8461 §3.4)
   * @return never null, within a bounded time; no failure is thrown
   */
  DomainPolicy lookup(DomainName policyDomain);

  /**
   * What the operator says of a domain, as if it published nothing: nobody is asked.
   *
   * @param policyDomain as in {@link #lookup}
   */
  DomainPolicy unasked(DomainName policyDomain);

  /**
   * Asks the DNS anew, past what may be kept of an earlier answer, whether the domain has changed
   * its policy, and fetches it if so: required before a failure under a policy becomes final (RFC
   * 8461 §5.1, draft -00 §3.5).
   *
   * @param policyDomain as in {@link #lookup}
   * @return the policy that holds afterwards
   */
  DomainPolicy recheck(DomainName policyDomain);

  /**
   * A candidate has been applied with success: a host that it covers proved all that it demands
   * (draft -00 §3.5).
   */
  void confirm(KnownDraftPolicy candidate);
}
