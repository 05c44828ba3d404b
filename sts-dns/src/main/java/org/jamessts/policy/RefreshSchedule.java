package org.jamessts.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jamessts.dns.DomainName;

/**
 * When which kept policy is to be fetched again, before it expires (RFC 8461 §3.3, §10.2). Several
 * servers may share one: each due policy is given to one of them. It lives where policies are kept,
 * and costs the same however many there are. Implementations are safe for use by many threads and
 * throw nothing: one that fails has nothing due.
 */
public interface RefreshSchedule {

  /**
   * Takes policies that are due; nobody else is given them for a while. Those of domains that
   * nobody has mailed for long are put aside instead, until somebody does.
   *
   * @param now the moment
   * @param limit how many at most
   * @param lease for how long they are taken: if nothing is heard by then, they are due again
   * @return the first that became due first
   */
  List<KnownPolicy> claim(Instant now, int limit, Duration lease);

  /**
   * Decides when a policy is due, for example because a fetch failed; one that was fetched since is
   * left alone.
   */
  void reschedule(KnownPolicy policy, Instant due);

  /**
   * Mail went to these domains.
   *
   * @param day the day, in UTC
   */
  void used(Collection<DomainName> domains, Instant day);

  /**
   * How many policies in use, other than those that ask for nothing, near their end at a moment:
   * {@link RefreshTimes#nearsItsEnd}. Of each kind, only the latest thousand that do are looked at.
   */
  int expiringSoon(Instant now);
}
