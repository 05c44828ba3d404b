package org.jamessts.dns;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jamessts.dns.DnsAnswer.Failure;
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
 * What an answer section says of the name that was asked for, link by link: its aliases, and the
 * records at their end (RFC 1034 §4.3.2, RFC 6672 §3.2). The CNAME that follows from a DNAME is
 * made here, whatever the answer has in its place: nobody signs it, so anybody could have put it
 * there (RFC 6672 §5.3.1).
 */
final class AnswerChain {

  /** Names that are looked at: more than a lookup follows. */
  private static final int MAX_NAMES = 20;

  private final List<Record> section;
  private final int type;
  private final List<Record> chain = new ArrayList<>();

  private AnswerChain(List<Record> section, int type) {
    this.section = section;
    this.type = type;
  }

  /**
   * The records that count, in the order in which they lead on.
   *
   * @param message an answer with one question
   * @throws DnsFailureException when the links do not make a chain
   */
  static List<Record> of(Message message) throws DnsFailureException {
    Record question = message.getQuestion();
    AnswerChain answer = new AnswerChain(message.getSection(Section.ANSWER), question.getType());
    Set<Name> visited = new HashSet<>();
    Name name = question.getName();
    while (visited.size() < MAX_NAMES && visited.add(name)) {
      name = answer.follow(name);
    }
    return answer.chain;
  }

  /** Takes what there is at a name, and returns where that leads: to itself at the end. */
  private Name follow(Name name) throws DnsFailureException {
    if (type != Type.CNAME && take(name, type)) {
      return name;
    }
    for (Record record : section) {
      if (record instanceof DNAMERecord dname && isBelow(name, dname.getName())) {
        Name target = redirect(name, dname);
        return type == Type.CNAME ? name : target;
      }
    }
    return take(name, Type.CNAME) && type != Type.CNAME
        ? chain.stream()
            .filter(record -> record.getName().equals(name))
            .filter(CNAMERecord.class::isInstance)
            .map(record -> ((CNAMERecord) record).getTarget())
            .findFirst()
            .orElse(name)
        : name;
  }

  private Name redirect(Name name, DNAMERecord dname) throws DnsFailureException {
    if (section.stream()
        .anyMatch(
            other ->
                other instanceof DNAMERecord
                    && other.getName().equals(dname.getName())
                    && !other.equals(dname))) {
      throw malformed("several DNAMEs at " + dname.getName()); // RFC 6672 §2.4
    }
    take(dname.getName(), Type.DNAME);
    try {
      Name target = name.fromDNAME(dname);
      chain.add(new CNAMERecord(name, DClass.IN, dname.getTTL(), target));
      return target;
    } catch (NameTooLongException e) {
      throw malformed("a DNAME that makes too long a name");
    }
  }

  /** Takes the records of a type at a name, and their signatures; whether there are any. */
  private boolean take(Name name, int wanted) {
    boolean found = false;
    for (Record record : section) {
      if (record.getName().equals(name) && record.getDClass() == DClass.IN) {
        found |= record.getType() == wanted;
        if (record.getType() == wanted
            || (record instanceof RRSIGRecord signature && signature.getTypeCovered() == wanted)) {
          chain.add(record);
        }
      }
    }
    return found;
  }

  private static boolean isBelow(Name name, Name above) {
    return name.subdomain(above) && !name.equals(above);
  }

  private static DnsFailureException malformed(String detail) {
    return new DnsFailureException(Failure.MALFORMED, detail);
  }
}
