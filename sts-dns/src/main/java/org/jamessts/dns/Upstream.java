package org.jamessts.dns;

import org.jamessts.dns.DnsAnswer.Security;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;

/** Whoever answers a question with one message, and says what DNSSEC proves of it. */
@FunctionalInterface
interface Upstream {

  /**
   * A message with response code NOERROR or NXDOMAIN.
   *
   * @param message it may hold the beginning of a chain of aliases, or all of it
   * @param security whether all that the message says of the question is proven
   */
  record Proven(Message message, Security security) {}

  /**
   * Asks.
   *
   * @throws DnsFailureException when there is no such message by the deadline, or DNSSEC disproves
   *     it
   */
  Proven ask(Record question, Deadline deadline) throws DnsFailureException;
}
