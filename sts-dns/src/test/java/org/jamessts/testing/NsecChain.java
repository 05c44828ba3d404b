package org.jamessts.testing;

import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Type;

/** NSEC: each owner of records names the next one (RFC 4034 §4). */
final class NsecChain implements DenialChain {

  private final Zone zone;

  NsecChain(Zone zone) {
    this.zone = zone;
  }

  @Override
  public Proof noData(Name name) {
    // An empty non-terminal has no NSEC of its own: the one before it covers it.
    return proof(name);
  }

  @Override
  public Proof noName(Name name) {
    return proof(name, Zone.wildcard(zone.closestEncloser(name)));
  }

  @Override
  public Proof expanded(Name name) {
    return proof(name);
  }

  /** The records that match or cover these names, each once. */
  private Proof proof(Name... names) {
    NavigableSet<Name> owners = new TreeSet<>();
    Arrays.stream(names).map(zone.owners()::floor).forEach(owners::add);
    return new Proof(owners.stream().map(this::link).toList(), false);
  }

  private RRset link(Name owner) {
    Name next = zone.owners().higher(owner);
    NavigableSet<Integer> types = zone.typesOf(owner);
    types.add(Type.NSEC);
    types.add(Type.RRSIG);
    return new RRset(
        new NSECRecord(
            owner,
            DClass.IN,
            DnsRecords.NEGATIVE_TTL,
            next == null ? zone.apex() : next,
            Zone.array(types)));
  }
}
