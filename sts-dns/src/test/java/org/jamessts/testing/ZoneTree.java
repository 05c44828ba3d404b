package org.jamessts.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The zones of a {@link PrivateDns} at one moment, each with the records that belong to it. What a
 * zone needs and the test does not give, this adds: SOA, NS, DNSKEY, and DS in the parent.
 */
final class ZoneTree {

  private static final long TTL = DnsRecords.NEGATIVE_TTL;
  private static final Name NAME_SERVER = Name.fromConstantString("ns.invalid.");
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final Map<Name, Zone> zones = new HashMap<>();

  /**
   * Builds the zones.
   *
   * @param cuts the apexes; a zone without Signing is not signed, and so is a root that is missing
   * @param records all records of all zones
   */
  ZoneTree(Map<Name, Optional<Signing>> cuts, List<Record> records) {
    cuts.forEach((apex, signing) -> zones.put(apex, new Zone(apex, signing.orElse(null))));
    zones.putIfAbsent(Name.root, new Zone(Name.root, null));
    records.forEach(record -> zone(record.getName(), record.getType()).add(record));
    zones.values().forEach(this::completeApex);
    zones.values().stream().filter(zone -> !isRoot(zone)).forEach(this::delegate);
  }

  /** The zone that answers: of a DS it is the parent (RFC 4035 §3.1.4.1). */
  Zone zone(Name name, int type) {
    Name from = type == Type.DS && !name.equals(Name.root) ? Zone.parent(name) : name;
    Zone zone = zones.get(from);
    while (zone == null) {
      from = Zone.parent(from);
      zone = zones.get(from);
    }
    return zone;
  }

  @Nullable Zone apex(Name name) {
    return zones.get(name);
  }

  /** Whether a chain of DS and keys leads from the root to this zone. It looks at no signature. */
  boolean isSecure(Zone zone) {
    Signing signing = zone.signing();
    return signing != null
        && signing.keys().stream().anyMatch(key -> key.isEntryPoint() && key.isSupported())
        && (isRoot(zone)
            || (parent(zone).find(zone.apex(), Type.DS) != null && isSecure(parent(zone))));
  }

  /** The DS of a signed zone, whether or not its parent has them. */
  static List<Record> ds(Name apex, Signing signing) {
    return signing.keys().stream()
        .filter(ZoneKey::isEntryPoint)
        .map(key -> key.record(apex, TTL))
        .<Record>map(key -> new DSRecord(apex, DClass.IN, TTL, DNSSEC.Digest.SHA256, key))
        .toList();
  }

  /** The records of a zone as a master file, without those that signing makes. */
  String masterFile(Zone zone) {
    return zone.owners().stream()
        .flatMap(owner -> zone.findAll(owner).stream())
        .filter(rrset -> rrset.getType() != Type.DNSKEY && rrset.getType() != Type.NSEC3PARAM)
        .filter(rrset -> rrset.getType() != Type.DS || !isOurs(rrset))
        .flatMap(rrset -> rrset.rrs(false).stream())
        .sorted((one, other) -> Boolean.compare(isSoa(other), isSoa(one)))
        .map(record -> record + "\n")
        .collect(Collectors.joining());
  }

  private void completeApex(Zone zone) {
    Name apex = zone.apex();
    if (zone.find(apex, Type.SOA) == null) {
      zone.add(DnsRecords.soa(apex));
    }
    if (zone.find(apex, Type.NS) == null) {
      zone.add(new NSRecord(apex, DClass.IN, TTL, NAME_SERVER));
    }
    if (isRoot(zone) && zone.find(NAME_SERVER, Type.A) == null) {
      zone.add(new ARecord(NAME_SERVER, DClass.IN, TTL, LOOPBACK));
    }
    Signing signing = zone.signing();
    if (signing != null) {
      signing.keys().forEach(key -> zone.add(key.record(apex, TTL)));
      if (signing.denial().hashed()) {
        zone.add(Nsec3Chain.parameters(apex, signing.denial()));
      }
    }
  }

  private void delegate(Zone zone) {
    Zone parent = parent(zone);
    parent.delegate(zone.apex());
    zone.findAll(zone.apex()).stream()
        .filter(rrset -> rrset.getType() == Type.NS)
        .forEach(rrset -> rrset.rrs(false).forEach(parent::add));
    Signing signing = zone.signing();
    // A DS that the test has given stands alone: it may be wrong on purpose.
    if (signing != null && signing.delegated() && parent.find(zone.apex(), Type.DS) == null) {
      ds(zone.apex(), signing).forEach(parent::add);
    }
  }

  private boolean isOurs(RRset ds) {
    Zone child = zones.get(ds.getName());
    return child != null
        && child.signing() != null
        && ds(child.apex(), child.signing()).containsAll(ds.rrs(false));
  }

  private Zone parent(Zone zone) {
    return zone(zone.apex(), Type.DS);
  }

  private static boolean isRoot(Zone zone) {
    return zone.apex().equals(Name.root);
  }

  private static boolean isSoa(Record record) {
    return record.getType() == Type.SOA;
  }
}
