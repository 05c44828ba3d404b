package org.jamessts.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * The records of a {@link PrivateDns} and the zones into which they are cut. As long as no zone is
 * signed, the cuts do not matter to any answer.
 */
final class DnsZones {

  private final DnsRecords records = new DnsRecords();
  private final Map<Name, Optional<Signing>> cuts = new HashMap<>();
  private boolean claimsAuthenticData;
  private @Nullable ZoneTree tree;

  synchronized void add(Record record) {
    records.add(record);
    tree = null;
  }

  synchronized void remove(Name name, int type) {
    records.remove(name, type);
    tree = null;
  }

  synchronized void claimAuthenticData(boolean claims) {
    claimsAuthenticData = claims;
  }

  /** Signs this zone as said and, as usual, each one above it that is no zone yet. */
  synchronized void sign(Name apex, Signing signing) {
    cuts.put(apex, Optional.of(signing));
    Name above = apex;
    while (!above.equals(Name.root)) {
      above = Zone.parent(above);
      cuts.putIfAbsent(above, Optional.of(Signing.standard()));
    }
    tree = null;
  }

  synchronized void cut(Name apex) {
    cuts.put(apex, Optional.empty());
    tree = null;
  }

  synchronized boolean isSigned() {
    return cuts.values().stream().anyMatch(Optional::isPresent);
  }

  /** The DS of the root, a line for each. */
  synchronized String trustAnchor() {
    Signing root =
        cuts.getOrDefault(Name.root, Optional.empty())
            .orElseThrow(() -> new IllegalStateException("the root is not signed"));
    return ZoneTree.ds(Name.root, root).stream()
        .map(record -> record + "\n")
        .collect(Collectors.joining());
  }

  synchronized String masterFile(Name apex) {
    Zone zone = tree().apex(apex);
    if (zone == null) {
      throw new IllegalArgumentException("no zone: " + apex);
    }
    return tree().masterFile(zone);
  }

  Message answer(Message query) {
    ZoneTree zones;
    boolean claims;
    synchronized (this) {
      if (!isSigned()) {
        return records.answer(query);
      }
      zones = tree();
      claims = claimsAuthenticData;
    }
    Message answer = DnsRecords.withoutRecords(query);
    if (answer.getRcode() != Rcode.NOERROR) {
      return answer;
    }
    if (query.getHeader().getFlag(Flags.CD)) {
      answer.getHeader().setFlag(Flags.CD);
    }
    boolean dnssecOk = isDnssecOk(query.getOPT());
    Record question = query.getQuestion();
    boolean secure =
        new SignedAnswer(zones, answer, dnssecOk).fill(question.getName(), question.getType());
    if (secure && claims && SignedAnswer.wantsAuthenticData(query, dnssecOk)) {
      answer.getHeader().setFlag(Flags.AD);
    }
    return answer;
  }

  /** What the OPT record of the answer says: DO as in the query (RFC 3225 §3), of signed zones. */
  int ednsFlags(OPTRecord query) {
    return isSigned() && isDnssecOk(query) ? ExtendedFlags.DO : 0;
  }

  private synchronized ZoneTree tree() {
    if (tree == null) {
      tree = new ZoneTree(cuts, records.all());
    }
    return tree;
  }

  private static boolean isDnssecOk(@Nullable OPTRecord edns) {
    return edns != null && (edns.getFlags() & ExtendedFlags.DO) != 0;
  }
}
