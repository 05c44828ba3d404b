package org.jamessts.tlsrpt.discover;

import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;

/** Asks the DNS where reports are wanted (RFC 8460 §3). Safe for use by many threads. */
public final class ReportDestinations {

  private final Resolver resolver;

  /**
   * @param resolver follows aliases and joins the strings of a record
   */
  public ReportDestinations(Resolver resolver) {
    this.resolver = resolver;
  }

  /** Where reports about a policy domain are wanted. Nobody asks its parent. */
  public EndpointLookup of(DomainName policyDomain) {
    DnsAnswer<String> answer = resolver.txt(TlsRptRecord.LABEL, policyDomain).answer();
    String name = TlsRptRecord.LABEL + "." + policyDomain;
    if (answer instanceof DnsAnswer.Failed<String> failed) {
      return new EndpointLookup.Failed("the TXT records of " + name + ": " + failed.detail());
    }
    if (!(answer instanceof DnsAnswer.Found<String> found)) {
      return new EndpointLookup.Absent("there is no TXT record at " + name);
    }
    TlsRptRecordChoice choice = TlsRptRecord.select(found.records());
    String reason = name + ": " + choice.reason();
    if (choice instanceof TlsRptRecordChoice.Present present) {
      return new EndpointLookup.Found(present.record().rua());
    }
    return choice instanceof TlsRptRecordChoice.None
        ? new EndpointLookup.Absent(reason)
        : new EndpointLookup.Malformed(reason);
  }
}
