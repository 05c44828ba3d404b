package org.jamessts.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;

/**
 * Signed zones that are the same in every process, records, keys, dates and signatures, so that
 * their answers can be recorded. No server: whoever has a query gets the answer.
 */
public final class FixedZones {

  /** A moment at which all signatures hold. */
  public static final Instant NOW = Instant.parse("2026-01-15T00:00:00Z");

  private static final Instant INCEPTION = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant EXPIRATION = Instant.parse("2026-02-01T00:00:00Z");

  private static final int FORGER = 4;

  private static final String RECORDS =
      """
      good.test. MX 10 mx.good.test.
      mx.good.test. A 192.0.2.1
      _25._tcp.mx.good.test. TLSA 3 1 1 abababababababababababababababababababababababababababababababab
      _mta-sts.good.test. TXT "v=STSv1; id=1;"
      across.good.test. CNAME mx.other.test.
      out.good.test. CNAME mx.plain.test.
      *.wild.good.test. A 192.0.2.4
      mx.other.test. A 192.0.2.2
      mx.plain.test. A 192.0.2.3
      mx.hashed.test. A 192.0.2.5
      *.wild.hashed.test. A 192.0.2.6
      mx.loose.test. A 192.0.2.7
      mx.kid.loose.test. A 192.0.2.8
      mx.island.loose.test. A 192.0.2.9
      """;

  private static final String FORGED =
      """
      mx.good.test. A 203.0.113.9
      good.test. MX 5 mx.plain.test.
      good.test. DS 1 8 2 abababababababababababababababababababababababababababababababab
      mx.good.test. CNAME mx.plain.test.
      mx.good.test. DNAME plain.test.
      test. DNAME plain.test.
      mx.good.test. NSEC \\000.mx.good.test. TXT RRSIG NSEC
      good.test. NSEC plain.test. NS RRSIG NSEC
      test. NSEC test. NS SOA RRSIG NSEC DNSKEY
      """;

  private final DnsZones zones = new DnsZones();

  /**
   * The zones good.test and other.test with NSEC, hashed.test with NSEC3, loose.test with NSEC3 and
   * opt-out, kid.loose.test below it; and plain.test and island.loose.test, which are not signed.
   */
  public FixedZones() {
    DnsText.records(RECORDS).forEach(zones::add);
    sign(".", 1, Denial.NSEC);
    sign("test", 2, Denial.NSEC);
    sign("good.test", 3, Denial.NSEC);
    sign("other.test", FORGER, Denial.NSEC);
    sign("hashed.test", 5, Denial.NSEC3);
    sign("loose.test", 6, Denial.NSEC3.withOptOut());
    sign("kid.loose.test", 7, Denial.NSEC);
    zones.cut(DnsText.name("plain.test"));
    zones.cut(DnsText.name("island.loose.test"));
  }

  private void sign(String zone, int key, Denial denial) {
    zones.sign(
        DnsText.name(zone), new Signing(List.of(key(key)), denial, INCEPTION, EXPIRATION, true));
  }

  private static ZoneKey key(int number) {
    return ZoneKey.csk(KeyAlgorithm.RSASHA256_FIXED).number(number);
  }

  /** The DS of the root. */
  public String trustAnchor() {
    return zones.trustAnchor();
  }

  /** The true answer. */
  public Message answer(Message query) {
    return zones.answer(query);
  }

  /**
   * Lies about good.test and what is above it, each with signatures of the owner of other.test: as
   * that zone, which he may sign, and as the zones that he may not.
   */
  public static List<Record> forged() {
    List<Record> all = new ArrayList<>();
    for (Record lie : DnsText.records(FORGED)) {
      all.add(lie);
      for (String zone : List.of("other.test", "good.test", "test")) {
        Name signer = DnsText.name(zone);
        RRSIGRecord signature = key(FORGER).sign(new RRset(lie), signer, INCEPTION, EXPIRATION);
        all.add(signature);
      }
    }
    return all;
  }
}
