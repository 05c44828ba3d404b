package org.jamessts.testing;

import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;

/** The chain of NSEC or NSEC3 records of a zone, and what is shown with it. */
interface DenialChain {

  /**
   * Records that show that something does not exist.
   *
   * @param records one RRset for each link of the chain
   * @param optOut whether an unsigned delegation may yet exist (RFC 5155 §9.2)
   */
  record Proof(List<RRset> records, boolean optOut) {}

  /** That the name, which exists, has no records of the type asked for. */
  Proof noData(Name name);

  /**
   * That the name does not exist, and nothing is said for it: the wildcard that would speak does
   * not exist either, or has no records of the type asked for.
   */
  Proof noName(Name name);

  /** That the name does not exist, so that its wildcard speaks for it. */
  Proof expanded(Name name);
}
