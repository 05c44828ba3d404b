package org.jamessts.dane;

import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;

/** A door to {@link TlsaRecords} for tests in other packages. */
public final class PromisedRecords {

  private PromisedRecords() {}

  /** What proven records promise; of them there is at least one. */
  public static DaneLookup of(DomainName base, List<TlsaRecord> raw) {
    return new TlsaRecords(DigestAgility.STANDARD).parse(base, raw);
  }
}
