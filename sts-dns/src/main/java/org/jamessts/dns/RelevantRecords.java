package org.jamessts.dns;

import java.util.List;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What of a message a validator gets to see. It works through whatever it gets, with costly
 * arithmetic, and trusts that signatures are sane.
 */
final class RelevantRecords {

  /** Records that bear a proof; the largest honest answers have some dozen. */
  private static final int MAX_RECORDS = 250;

  /** Signatures, of which each costs up to a millisecond (the KeyTrap class of attacks). */
  private static final int MAX_SIGNATURES = 60;

  private RelevantRecords() {}

  /**
   * A copy without the additional section and without senseless signatures. A signature is made by
   * the zone of its owner, so its signer is the owner or above it (RFC 4034 §3.1.7); dnsjava looks
   * for the signer's key before it sees to that, and where the signer has none, takes the owner for
   * unsigned. Nor does it ask what a record of the authority section is there for: one of an
   * unsigned zone makes it take the whole answer for unsigned, whatever was asked. So what stays
   * there belongs to a zone above the name that was asked for, or above an alias of it. Of the
   * answer section only an {@link AnswerChain} stays, a precaution.
   *
   * @throws DnsFailureException when there are too many records to work through
   */
  static Message of(Message message, Guards guards) throws DnsFailureException {
    Message relevant = new Message(message.getHeader().getID());
    for (int flag = 0; flag < 16; flag++) {
      if (isFlag(flag) && message.getHeader().getFlag(flag)) {
        relevant.getHeader().setFlag(flag);
      }
    }
    relevant.getHeader().setOpcode(message.getHeader().getOpcode());
    relevant.getHeader().setRcode(message.getRcode());
    message
        .getSection(Section.QUESTION)
        .forEach(question -> relevant.addRecord(question, Section.QUESTION));
    List<Record> answer = AnswerChain.of(message);
    AuthoritySection authority = new AuthoritySection(message, answer);
    int records = 0;
    int signatures = 0;
    for (int section : List.of(Section.ANSWER, Section.AUTHORITY)) {
      for (Record record : section == Section.ANSWER ? answer : message.getSection(section)) {
        if (record.getDClass() != DClass.IN
            || (isOffTree(record) && guards.stand(Guard.SIGNER_IS_ABOVE_OWNER))) {
          continue;
        }
        if (section == Section.AUTHORITY
            && !authority.says(record)
            && guards.stand(Guard.AUTHORITY_IS_ABOVE_NAME)) {
          continue;
        }
        records++;
        signatures += record.getType() == Type.RRSIG ? 1 : 0;
        relevant.addRecord(record, section);
      }
    }
    if (records > MAX_RECORDS || signatures > MAX_SIGNATURES) {
      throw new DnsFailureException(
          Failure.MALFORMED,
          "an answer of %d records and %d signatures, too many to validate"
              .formatted(records, signatures));
    }
    return relevant;
  }

  private static boolean isFlag(int bit) {
    // Bits 1 to 4 are the opcode, the last four the response code.
    return bit == 0 || (bit > 4 && bit < 12);
  }

  private static boolean isOffTree(Record record) {
    return record instanceof RRSIGRecord signature
        && !signature.getName().subdomain(signature.getSigner());
  }
}
