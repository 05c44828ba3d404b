package org.jamessts.dns;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
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
   * A copy without the additional section, without senseless signatures and without what other
   * zones say. A signature is made by the zone of its owner, so its signer is the owner or above it
   * (RFC 4034 §3.1.7), and an absence is proven by the zone of the name. dnsjava looks for the key
   * of whatever signer or zone it finds before it sees to that, and where there is none, takes the
   * name for unsigned.
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
    Set<Name> names = chain(message);
    Set<DnsQuestion> proofs = provingNames(message, names);
    copy(message, relevant, Section.ANSWER, record -> true, guards);
    copy(
        message,
        relevant,
        Section.AUTHORITY,
        record -> isAbout(record, names, proofs) || !guards.stand(Guard.AUTHORITY_IS_ABOVE_NAME),
        guards);
    refuseTooMuch(relevant);
    return relevant;
  }

  private static void copy(
      Message from, Message to, int section, Predicate<Record> relevant, Guards guards) {
    for (Record record : from.getSection(section)) {
      boolean offTree = isOffTree(record) && guards.stand(Guard.SIGNER_IS_ABOVE_OWNER);
      if (record.getDClass() == DClass.IN && !offTree && relevant.test(record)) {
        to.addRecord(record, section);
      }
    }
  }

  private static void refuseTooMuch(Message relevant) throws DnsFailureException {
    List<Record> all = new ArrayList<>(relevant.getSection(Section.ANSWER));
    all.addAll(relevant.getSection(Section.AUTHORITY));
    long signatures = all.stream().filter(RRSIGRecord.class::isInstance).count();
    if (all.size() > MAX_RECORDS || signatures > MAX_SIGNATURES) {
      throw new DnsFailureException(
          Failure.MALFORMED,
          "an answer of %d records and %d signatures, too many to validate"
              .formatted(all.size(), signatures));
    }
  }

  /** The name that was asked for, and those to which aliases lead from there. */
  private static Set<Name> chain(Message message) {
    Set<Name> names = new LinkedHashSet<>();
    Optional<Name> next = Optional.ofNullable(message.getQuestion()).map(Record::getName);
    while (next.isPresent() && names.size() <= MAX_RECORDS && names.add(next.get())) {
      Name name = next.get();
      next =
          message.getSection(Section.ANSWER).stream()
              .map(record -> target(record, name))
              .flatMap(Optional::stream)
              .findFirst();
    }
    return names;
  }

  private static Optional<Name> target(Record record, Name name) {
    if (record instanceof CNAMERecord alias && alias.getName().equals(name)) {
      return Optional.of(alias.getTarget());
    }
    try {
      return record instanceof DNAMERecord alias
              && name.subdomain(alias.getName())
              && !name.equals(alias.getName())
          ? Optional.of(name.fromDNAME(alias))
          : Optional.empty();
    } catch (NameTooLongException e) {
      return Optional.empty();
    }
  }

  /** Which NSEC and NSEC3 records a zone above one of the names has signed. */
  private static Set<DnsQuestion> provingNames(Message message, Set<Name> names) {
    Set<DnsQuestion> proofs = new HashSet<>();
    for (Record record : message.getSection(Section.AUTHORITY)) {
      if (record instanceof RRSIGRecord signature
          && !isOffTree(signature)
          && names.stream().anyMatch(name -> name.subdomain(signature.getSigner()))) {
        proofs.add(new DnsQuestion(signature.getName(), signature.getTypeCovered()));
      }
    }
    return proofs;
  }

  /** Zones are told of by their apex; names that do not exist, by others of the same zone. */
  private static boolean isAbout(Record record, Set<Name> names, Set<DnsQuestion> proofs) {
    int type =
        record instanceof RRSIGRecord signature ? signature.getTypeCovered() : record.getType();
    return switch (type) {
      case Type.SOA, Type.NS, Type.DS ->
          names.stream().anyMatch(name -> name.subdomain(record.getName()));
      case Type.NSEC, Type.NSEC3 -> proofs.contains(new DnsQuestion(record.getName(), type));
      default -> false;
    };
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
