package org.jamessts.policy;

import org.jamessts.dns.DomainName;

/**
 * Fetches a policy from its authenticated place (RFC 8461 §3.3). Implementations are safe for use
 * by many threads.
 */
public interface PolicyFetcher {

  /**
   * Fetches anew, whatever was fetched before.
   *
   * @param host the policy host, which must prove its name
   * @param path begins with a slash
   * @return the body of an authenticated answer, or why there is none; within a bounded time
   */
  FetchResult fetch(DomainName host, String path);
}
