package org.jamessts.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The records of a {@link PrivateDns}, and the answer that a recursive server gives from them. */
final class DnsRecords {

  static final long NEGATIVE_TTL = 60;

  private static final SOARecord ROOT_SOA = soa(Name.root);

  private final List<Record> records = new ArrayList<>();

  synchronized void add(Record record) {
    records.add(record);
  }

  /** Removes the records of a name; of one type only, unless it is {@link Type#ANY}. */
  synchronized void remove(Name name, int type) {
    records.removeIf(
        record -> record.getName().equals(name) && (type == Type.ANY || record.getType() == type));
  }

  synchronized List<Record> all() {
    return List.copyOf(records);
  }

  synchronized Message answer(Message query) {
    Message answer = withoutRecords(query);
    if (answer.getRcode() == Rcode.NOERROR) {
      fill(answer, query.getQuestion().getName(), query.getQuestion().getType());
    }
    return answer;
  }

  /** An answer that has the header and the question only; NOTIMP for a query of no known kind. */
  static Message withoutRecords(Message query) {
    Record question = query.getQuestion();
    Message answer = new Message(query.getHeader().getID());
    Header header = answer.getHeader();
    header.setFlag(Flags.QR);
    header.setFlag(Flags.RA);
    if (query.getHeader().getFlag(Flags.RD)) {
      header.setFlag(Flags.RD);
    }
    answer.addRecord(question, Section.QUESTION);
    if (query.getHeader().getOpcode() != Opcode.QUERY || question.getDClass() != DClass.IN) {
      header.setRcode(Rcode.NOTIMP);
    }
    return answer;
  }

  /** The SOA of a zone for which the test has given none. */
  static SOARecord soa(Name zone) {
    return new SOARecord(
        zone,
        DClass.IN,
        NEGATIVE_TTL,
        Name.fromConstantString("ns.invalid."),
        Name.fromConstantString("hostmaster.invalid."),
        1,
        3600,
        600,
        86400,
        NEGATIVE_TTL);
  }

  private void fill(Message answer, Name asked, int type) {
    Set<Name> visited = new HashSet<>();
    Name name = asked;
    // A recursive server gives the whole chain at once; of a loop it gives each link once.
    while (visited.add(name)) {
      List<Record> found = find(name, type);
      if (!found.isEmpty()) {
        found.forEach(record -> answer.addRecord(record, Section.ANSWER));
        return;
      }
      Optional<Record> alias = find(name, Type.CNAME).stream().findFirst();
      if (alias.isEmpty()) {
        answer.getHeader().setRcode(exists(name) ? Rcode.NOERROR : Rcode.NXDOMAIN);
        answer.addRecord(soaOf(name), Section.AUTHORITY);
        return;
      }
      answer.addRecord(alias.get(), Section.ANSWER);
      name = ((CNAMERecord) alias.get()).getTarget();
    }
  }

  private List<Record> find(Name name, int type) {
    return records.stream()
        .filter(record -> record.getName().equals(name))
        .filter(record -> record.getType() == type || type == Type.ANY)
        .toList();
  }

  /** Also true of an empty non-terminal: a name that only has names below it (RFC 8020 §2). */
  private boolean exists(Name name) {
    return records.stream().anyMatch(record -> record.getName().subdomain(name));
  }

  private SOARecord soaOf(Name name) {
    Collection<Record> zones =
        records.stream()
            .filter(record -> record.getType() == Type.SOA && name.subdomain(record.getName()))
            .toList();
    SOARecord closest = ROOT_SOA;
    for (Record zone : zones) {
      if (zone.getName().labels() > closest.getName().labels()) {
        closest = (SOARecord) zone;
      }
    }
    return closest;
  }
}
