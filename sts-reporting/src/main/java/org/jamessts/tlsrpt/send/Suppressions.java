package org.jamessts.tlsrpt.send;

import org.jamessts.dns.DomainName;

/**
 * Who gets no reports for now, because the operator said so. Answers from memory; safe for use by
 * many threads.
 */
public interface Suppressions {

  /** Whether reports of this policy domain are not to be sent now. */
  boolean suppresses(DomainName policyDomain);

  /**
   * Whether nothing is to be sent to this endpoint now.
   *
   * @param endpoint a {@code mailto:} or {@code https:} URI, as the {@code rua} has it
   */
  boolean suppressesEndpoint(String endpoint);
}
