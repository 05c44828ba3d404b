package org.jamessts.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dane.DaneLookup.Unusable;
import org.jamessts.dane.DaneLookup.Usable;
import org.jamessts.dane.PromisedRecords;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;

/**
 * Sets of TLSA records (RFC 6698 §2.1): which of them can be used, and which of those count. In an
 * input, two octets of length precede the rdata of each.
 */
public final class TlsaTarget {

  private static final DomainName BASE = new DomainName("mx.good.test");

  /** As many as are taken from an answer. */
  private static final int MOST_RECORDS = 100;

  private TlsaTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
  }

  static boolean reads(byte[] input) {
    List<byte[]> octets = rdata(input);
    if (octets.isEmpty()) {
      return false;
    }
    List<TlsaRecord> raw = records(octets);
    List<DaneLookup> found = new ArrayList<>();
    Texts.inTime(() -> found.add(PromisedRecords.of(BASE, raw)));
    DaneLookup lookup = found.get(0);
    List<TlsaRecord> plain = records(PlainTlsa.chosen(octets));
    if (lookup instanceof Unusable unusable) {
      // Whoever says it in a reply spells the sign out.
      Claims.isReason(unusable.reason().replace("§", "section "));
      Claims.that(plain.isEmpty(), () -> "usable by the rules: " + plain);
      return false;
    }
    Claims.that(lookup instanceof Usable, () -> "neither usable nor not: " + lookup);
    List<TlsaRecord> usable = ((Usable) lookup).records().records();
    Claims.equal(usable, plain, "the records that count");
    Claims.equal(PromisedRecords.of(BASE, usable), lookup, "what is promised by these alone");
    Claims.equal(PromisedRecords.of(BASE, withStrangers(raw)), lookup, "what strangers change");
    return true;
  }

  private static List<byte[]> rdata(byte[] input) {
    List<byte[]> all = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(input);
    while (in.remaining() > 2 && all.size() < MOST_RECORDS) {
      byte[] rdata = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
      in.get(rdata);
      // With fewer octets the whole message is none.
      if (rdata.length >= 3) {
        all.add(rdata);
      }
    }
    return all;
  }

  private static List<TlsaRecord> records(List<byte[]> octets) {
    return octets.stream()
        .map(
            rdata ->
                new TlsaRecord(
                    rdata[0] & 0xff,
                    rdata[1] & 0xff,
                    rdata[2] & 0xff,
                    Arrays.copyOfRange(rdata, 3, rdata.length)))
        .toList();
  }

  /** The same among records that cannot be used: of PKIX-EE, and of a digest that is too short. */
  private static List<TlsaRecord> withStrangers(List<TlsaRecord> raw) {
    List<TlsaRecord> all = new ArrayList<>(raw);
    all.add(0, new TlsaRecord(1, 1, 2, new byte[64]));
    all.add(new TlsaRecord(3, 1, 2, new byte[63]));
    return all;
  }
}
