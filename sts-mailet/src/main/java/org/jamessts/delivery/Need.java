package org.jamessts.delivery;

import java.util.List;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;

/**
 * What mail for a domain needs at one of its hosts, and what a report calls it.
 *
 * @param host the name in the MX record
 * @param serverName what to send as SNI
 * @param requirement judges the host and channels to it
 * @param reported what of it the domain itself asks for: a report tells it of nothing else
 */
record Need(
    DomainName host, DomainName serverName, TlsRequirement requirement, List<Reported> reported) {

  Need {
    reported = List.copyOf(reported);
  }

  /**
   * One of the policies under which a session counts.
   *
   * @param asked what it asks for
   * @param policy what a report calls it
   */
  record Reported(TlsRequirement asked, AppliedPolicy policy) {}
}
