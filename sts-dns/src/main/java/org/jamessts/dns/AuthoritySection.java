package org.jamessts.dns;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Tells which records of an authority section have a say in what was asked (RFC 4035 §3.1.3). */
final class AuthoritySection {

  /** Names that are looked at: more than a lookup follows. */
  private static final int MAX_NAMES = 20;

  private record Signed(Name owner, int type) {}

  private final Set<Name> names = new HashSet<>();
  private final Set<Signed> signed = new HashSet<>();

  /**
   * Of a message with one question.
   *
   * @param message the message
   * @param answer what of its answer section counts
   */
  AuthoritySection(Message message, List<Record> answer) {
    Map<Name, Name> aliases = new HashMap<>();
    for (Record record : answer) {
      if (record instanceof CNAMERecord alias) {
        aliases.putIfAbsent(alias.getName(), alias.getTarget());
      }
    }
    Optional<Name> name = Optional.ofNullable(message.getQuestion()).map(Record::getName);
    while (name.isPresent() && names.size() < MAX_NAMES && names.add(name.get())) {
      name = name.map(aliases::get);
    }
    for (Record record : message.getSection(Section.AUTHORITY)) {
      if (record instanceof RRSIGRecord signature && isAbove(signature.getSigner())) {
        signed.add(new Signed(signature.getName(), signature.getTypeCovered()));
      }
    }
  }

  /**
   * Whether a record belongs to a zone above the name that was asked for, or above one of its
   * aliases. Without a signature that is told by the owner; and NSEC and NSEC3 say nothing at all.
   */
  boolean says(Record record) {
    int type = record.getType();
    if (record instanceof RRSIGRecord signature) {
      return isAbove(signature.getSigner());
    }
    return signed.contains(new Signed(record.getName(), type))
        || (type != Type.NSEC && type != Type.NSEC3 && isAbove(record.getName()));
  }

  private boolean isAbove(Name zone) {
    return names.stream().anyMatch(name -> name.subdomain(zone));
  }
}
