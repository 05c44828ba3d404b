package org.jamessts.dane;

import java.util.List;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;

/** What the DNS promises of the certificate of one host (RFC 7672 §2.2). */
public sealed interface DaneLookup {

  /**
   * The host must authenticate itself by one of these records.
   *
   * @param records proven by DNSSEC, and usable
   */
  record Usable(TlsaSet records) implements DaneLookup {}

  /**
   * There are proven records, but none that can be used: TLS is a must, authentication is not (RFC
   * 7672 §2.2).
   *
   * @param base the TLSA base domain at which they stand
   * @param records those records, for reports; of very many, the first
   * @param reason why none is usable, for a person to read
   */
  record Unusable(DomainName base, List<TlsaRecord> records, String reason) implements DaneLookup {
    public Unusable {
      records = List.copyOf(records);
    }
  }

  /**
   * Nothing is promised.
   *
   * @param reason where the proof ends, for a person to read
   */
  record None(String reason) implements DaneLookup {}

  /**
   * Nobody could tell: the host must not be used now (RFC 7672 §2.1.2).
   *
   * @param failure the kind
   * @param detail what happened, for a person to read
   */
  record Failed(DnsAnswer.Failure failure, String detail) implements DaneLookup {}
}
