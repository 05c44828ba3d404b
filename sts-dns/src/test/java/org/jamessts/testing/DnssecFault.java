package org.jamessts.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What somebody on the path does to the answers of signed zones, and what a path or a server that
 * knows no DNSSEC makes of them. Unlike other faults these are truncated over UDP as a right answer
 * is, so that nothing but the change itself is wrong.
 */
public final class DnssecFault {

  private static final int TCP_LARGEST = 65535;

  /** Nothing is changed. */
  public static final DnsFault NONE = change(answer -> {});

  /** No signature arrives. */
  public static final DnsFault STRIP_SIGNATURES =
      change(answer -> removeIf(answer, record -> record.getType() == Type.RRSIG));

  /** The proofs do not arrive: NSEC, NSEC3 and every signature of the authority section. */
  public static final DnsFault STRIP_PROOFS =
      change(
          answer ->
              removeIf(
                  answer,
                  Section.AUTHORITY,
                  record -> isProof(record) || record.getType() == Type.RRSIG));

  /** No record that only DNSSEC knows arrives, as through a server that is oblivious of it. */
  public static final DnsFault STRIP_DNSSEC =
      change(
          answer ->
              removeIf(
                  answer,
                  record ->
                      record.getType() == Type.RRSIG
                          || record.getType() == Type.DNSKEY
                          || record.getType() == Type.DS
                          || isProof(record)));

  /** One bit of each signature is wrong. */
  public static final DnsFault CORRUPT_SIGNATURES = change(DnssecFault::corruptSignatures);

  /** A server from before EDNS: FORMERR to queries with OPT, answers without (RFC 6891 §7). */
  public static final DnsFault WITHOUT_EDNS =
      change(
          answer -> {
            if (answer.getOPT() != null) {
              answer.removeRecord(answer.getOPT(), Section.ADDITIONAL);
              clear(answer, Rcode.FORMERR);
            }
          });

  /** AD is set, whatever the answer is and whatever the query wanted. */
  public static final DnsFault CLAIM_AUTHENTIC_DATA =
      change(answer -> answer.getHeader().setFlag(Flags.AD));

  private DnssecFault() {}

  /**
   * The name does not exist, says an unsigned answer.
   *
   * @param zone whose SOA is in the authority section; of the right one, or of one that is not
   *     signed, so that the denial looks like its own
   */
  public static DnsFault denyName(String zone) {
    return deny(zone, Rcode.NXDOMAIN);
  }

  /** The name has no such records, says an unsigned answer with the SOA of this zone. */
  public static DnsFault denyData(String zone) {
    return deny(zone, Rcode.NOERROR);
  }

  /** Unsigned records, one of a line of a master file each, in the place of the right ones. */
  public static DnsFault forge(String... lines) {
    List<Record> forged = DnsText.records(String.join("\n", lines));
    return change(answer -> replace(answer, forged));
  }

  /**
   * Records in the place of the right ones, signed by the owner of another zone, as {@link
   * Signing#standard()} wants it. An RRSIG counts only when its signer is the zone of the owner
   * name (RFC 4035 §5.3.1).
   *
   * @param signer the zone of the forger, signed or not
   */
  public static DnsFault forgeSignedBy(String signer, String... lines) {
    List<Record> forged = new ArrayList<>(DnsText.records(String.join("\n", lines)));
    Name zone = DnsText.name(signer);
    Signing signing = Signing.standard();
    for (RRset rrset : rrsets(forged)) {
      signing
          .keys()
          .forEach(
              key -> forged.add(key.sign(rrset, zone, signing.inception(), signing.expiration())));
    }
    return change(answer -> replace(answer, forged));
  }

  /** What was the right answer to this question once, word for word. */
  public static DnsFault replay(Message earlier) {
    return change(
        answer -> {
          clear(answer, earlier.getRcode());
          for (int section = Section.ANSWER; section <= Section.AUTHORITY; section++) {
            for (Record record : earlier.getSection(section)) {
              answer.addRecord(record, section);
            }
          }
        });
  }

  /** The right answer, with unsigned records more in its authority section. */
  public static DnsFault appendToAuthority(String... lines) {
    List<Record> more = DnsText.records(String.join("\n", lines));
    return change(answer -> more.forEach(record -> answer.addRecord(record, Section.AUTHORITY)));
  }

  private static DnsFault change(Consumer<Message> change) {
    return (answer, tcp) -> {
      int udp = answer.getOPT() == null ? PrivateDns.UDP_WITHOUT_EDNS : PrivateDns.UDP_LARGEST;
      change.accept(answer);
      return List.of(answer.toWire(tcp ? TCP_LARGEST : udp));
    };
  }

  private static void removeIf(Message answer, Predicate<Record> unwanted) {
    removeIf(answer, Section.ANSWER, unwanted);
    removeIf(answer, Section.AUTHORITY, unwanted);
  }

  private static void removeIf(Message answer, int section, Predicate<Record> unwanted) {
    List.copyOf(answer.getSection(section)).stream()
        .filter(unwanted)
        .forEach(record -> answer.removeRecord(record, section));
  }

  private static boolean isProof(Record record) {
    return record.getType() == Type.NSEC || record.getType() == Type.NSEC3;
  }

  /** The signature is what ends an RRSIG (RFC 4034 §3.1). */
  private static void corruptSignatures(Message answer) {
    for (int section = Section.ANSWER; section <= Section.AUTHORITY; section++) {
      List<Record> right = List.copyOf(answer.getSection(section));
      answer.removeAllRecords(section);
      for (Record record : right) {
        answer.addRecord(record.getType() == Type.RRSIG ? corrupt(record) : record, section);
      }
    }
  }

  private static Record corrupt(Record rrsig) {
    byte[] data = rrsig.rdataToWireCanonical();
    data[data.length - 1] ^= 1;
    return Record.newRecord(
        rrsig.getName(), rrsig.getType(), rrsig.getDClass(), rrsig.getTTL(), data);
  }

  private static DnsFault deny(String zone, int rcode) {
    Record soa = DnsRecords.soa(DnsText.name(zone));
    return change(
        answer -> {
          clear(answer, rcode);
          answer.addRecord(soa, Section.AUTHORITY);
        });
  }

  private static void replace(Message answer, List<Record> forged) {
    clear(answer, Rcode.NOERROR);
    forged.forEach(record -> answer.addRecord(record, Section.ANSWER));
  }

  private static void clear(Message answer, int rcode) {
    answer.removeAllRecords(Section.ANSWER);
    answer.removeAllRecords(Section.AUTHORITY);
    answer.getHeader().setRcode(rcode);
  }

  private static List<RRset> rrsets(List<Record> records) {
    List<RRset> rrsets = new ArrayList<>();
    for (Record record : records) {
      rrsets.stream()
          .filter(rrset -> rrset.first().sameRRset(record))
          .findFirst()
          .ifPresentOrElse(rrset -> rrset.addRR(record), () -> rrsets.add(new RRset(record)));
    }
    return rrsets;
  }
}
