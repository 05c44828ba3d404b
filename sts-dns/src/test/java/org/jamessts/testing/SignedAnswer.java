package org.jamessts.testing;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * One answer of a recursive server from a {@link ZoneTree}: the whole CNAME chain, each link with
 * the signatures and proofs of its own zone (RFC 4035 §3.2).
 */
final class SignedAnswer {

  private static final Set<Integer> NOT_ANSWERED = Set.of(Type.RRSIG, Type.NSEC, Type.NSEC3);

  private final ZoneTree tree;
  private final Message answer;
  private final boolean dnssecOk;
  private boolean secure = true;

  /**
   * Prepares an answer.
   *
   * @param tree the zones
   * @param answer the message to fill
   * @param dnssecOk whether the query had the DO bit; without it, no signatures and proofs
   */
  SignedAnswer(ZoneTree tree, Message answer, boolean dnssecOk) {
    this.tree = tree;
    this.answer = answer;
    this.dnssecOk = dnssecOk;
  }

  /** Fills the message; true when all that it says comes from signed zones. */
  boolean fill(Name asked, int type) {
    if (NOT_ANSWERED.contains(type)) {
      // They belong to other answers; a denial would deny what exists.
      answer.getHeader().setRcode(Rcode.NOTIMP);
      return false;
    }
    Set<Name> visited = new HashSet<>();
    Name name = asked;
    while (name != null && visited.add(name)) {
      name = link(name, type);
    }
    return secure;
  }

  /** Adds one link of the chain; returns where it leads, or null at its end. */
  private @Nullable Name link(Name name, int type) {
    Zone zone = tree.zone(name, type);
    secure &= tree.isSecure(zone);
    RRset above = zone.dnameAbove(name);
    if (above != null) {
      return redirect(zone, above, name, type);
    }
    DenialChain denial = zone.denial();
    Name source = zone.source(name);
    if (source == null) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
      negative(zone, denial == null ? null : denial.noName(name));
      return null;
    }
    boolean expanded = !source.equals(name);
    Collection<RRset> found = found(zone, source, type);
    RRset alias = found.isEmpty() ? zone.find(source, Type.CNAME) : null;
    if (alias != null) {
      found = List.of(alias);
    }
    if (found.isEmpty()) {
      negative(zone, denial == null ? null : expanded ? denial.noName(name) : denial.noData(name));
      return null;
    }
    found.forEach(rrset -> add(zone, rrset, name, Section.ANSWER));
    if (expanded && denial != null) {
      prove(zone, denial.expanded(name));
    }
    return alias == null ? null : ((CNAMERecord) alias.first()).getTarget();
  }

  /**
   * The DNAME, signed, and the CNAME that follows from it, which is not (RFC 6672 §3.1, §5.3.1).
   */
  private @Nullable Name redirect(Zone zone, RRset above, Name name, int type) {
    add(zone, above, above.getName(), Section.ANSWER);
    try {
      Name target = name.fromDNAME((DNAMERecord) above.first());
      answer.addRecord(new CNAMERecord(name, DClass.IN, above.getTTL(), target), Section.ANSWER);
      return type == Type.CNAME ? null : target;
    } catch (NameTooLongException e) {
      answer.getHeader().setRcode(Rcode.YXDOMAIN);
      return null;
    }
  }

  private static Collection<RRset> found(Zone zone, Name source, int type) {
    return type == Type.ANY
        ? zone.findAll(source)
        : Stream.ofNullable(zone.find(source, type)).toList();
  }

  private void negative(Zone zone, DenialChain.@Nullable Proof proof) {
    found(zone, zone.apex(), Type.SOA)
        .forEach(soa -> add(zone, soa, zone.apex(), Section.AUTHORITY));
    if (proof != null) {
      prove(zone, proof);
    }
  }

  private void prove(Zone zone, DenialChain.Proof proof) {
    secure &= !proof.optOut();
    if (dnssecOk) {
      proof.records().forEach(rrset -> add(zone, rrset, rrset.getName(), Section.AUTHORITY));
    }
  }

  private void add(Zone zone, RRset rrset, Name owner, int section) {
    rrset.rrs(false).forEach(record -> add(record, owner, section));
    if (dnssecOk) {
      zone.signatures(rrset).forEach(record -> add(record, owner, section));
    }
  }

  /** A wildcard answers in the name that was asked for. */
  private void add(Record record, Name owner, int section) {
    Record named = record.getName().equals(owner) ? record : record.withName(owner);
    if (!answer.findRecord(named, section)) {
      answer.addRecord(named, section);
    }
  }

  /** Whether the query wants AD in the answer (RFC 6840 §5.7, RFC 4035 §3.2.2). */
  static boolean wantsAuthenticData(Message query, boolean dnssecOk) {
    return (dnssecOk || query.getHeader().getFlag(Flags.AD))
        && !query.getHeader().getFlag(Flags.CD);
  }
}
