package org.jamessts.dane;

import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;

/**
 * The records by which a host may authenticate itself: any one that matches is enough (RFC 7671
 * §8).
 *
 * @param base the TLSA base domain, which is also the SNI to send (RFC 7672 §8.1)
 * @param records at least one; unusable ones and those that digest agility discards are left out
 */
public record TlsaSet(DomainName base, List<TlsaRecord> records) {
  public TlsaSet {
    records = List.copyOf(records);
    if (records.isEmpty()) {
      throw new IllegalArgumentException("without records nothing is promised");
    }
  }
}
